/** A .gruve file's bytes. They may come from anybody: all is checked. */
export type PresetBytes = ArrayBuffer | ArrayBufferView;

export interface PresetInfo {
  name: string;
  task: string;
  kind: "denoise" | "keywords" | "sequence";
  isFloat: boolean;
  /** Bytes of parameters: what a device must hold to run it. */
  parameterBytes: number;
  provenance: string;
  /** Frames, at the rate that was asked for. */
  latency: number;
  /** Keyword presets. The first may be "other", which is never detected. */
  labels: string[];
}

export interface PackageOptions {
  /** gruve.wasm, where it is there already. Default: fetched from beside the module. */
  wasm?: ArrayBuffer;
  /** Where parts of the package lie, if not beside the module. */
  urls?: { wasm?: string; worklet?: string; worker?: string };
}

export interface NodeOptions extends PackageOptions {
  /** Channels of input and output, 1..64. Default: 2 for a denoiser, 1 for a spotter (which hears the first). */
  channels?: number;
  /** Least latency in seconds. Presets that take less are delayed, so that presets of several latencies can be
   *  exchanged: for those of 5 and 10 ms give 0.01, with those that look ahead 0.04. Default: that of the first
   *  preset. */
  latency?: number;
  /** Seconds for which a new preset hears the sound before it is heard. Default: 0.5 */
  warmUp?: number;
  /** Bytes of memory for each of the two streams. Default: 16 MiB */
  reserveBytes?: number;
  /** Seconds between two "meter" or "posteriors" events. Default: 0, none. */
  eventSeconds?: number;
}

export interface Meter { inputLevel: number; outputLevel: number; inputPeak: number; outputPeak: number }
export interface Detection { label: number; name: string; score: number; frame: number; seconds: number }
export interface Posteriors { values: number[]; frame: number; seconds: number }

declare class GruveNode extends AudioWorkletNode {
  /** The preset that is heard. */
  readonly preset: PresetInfo;
  /** Exchanges the preset without a click. True: the new one is heard; false: a later call overtook this one.
   *  Rejects, and goes on playing the old one, where the bytes are not a preset that fits. */
  setPreset(bytes: PresetBytes): Promise<boolean>;
  /** Disconnects and frees. */
  destroy(): void;
}

/** Events: "presetchange" (PresetInfo), "meter" (Meter), as CustomEvent.detail. */
export class GruveDenoiser extends GruveNode {
  static create(context: BaseAudioContext, preset: PresetBytes, options?: NodeOptions): Promise<GruveDenoiser>;
  /** Seconds from input to output; constant. */
  readonly latency: number;
  /** Share of the denoised sound, 0..1; 1 at first. */
  readonly mix: AudioParam;
  /** No band is turned down further, 0..120 dB; from 60 on: no limit, as at first. */
  readonly reductionLimit: AudioParam;
  /** Time constant of a rising gain, 0..1000 ms; 0 at first. */
  readonly attack: AudioParam;
  /** Time constant of a falling gain, 0..1000 ms; 0 at first. */
  readonly release: AudioParam;
  /** 1: each band gets one gain for all channels; 0 at first. */
  readonly link: AudioParam;
}

/** Passes its sound through. Events: "detection" (Detection), "posteriors" (Posteriors), "presetchange". */
export class GruveSpotter extends GruveNode {
  static create(context: BaseAudioContext, preset: PresetBytes, options?: NodeOptions): Promise<GruveSpotter>;
  readonly labels: string[];
  /** Moves all thresholds, −1..1; 0, as at first: the preset's own. Above, more words are heard and more false alarms
   *  given; below, fewer of both. */
  readonly sensitivity: AudioParam;
}

/** Whole sounds, away from the audio thread. */
export class GruveWorker {
  static create(options?: PackageOptions): Promise<GruveWorker>;
  describe(preset: PresetBytes, rate?: number): Promise<PresetInfo>;
  /** As long as the input, without the latency; sample for sample what `gruve render` writes. */
  denoise(preset: PresetBytes, rate: number, sound: Float32Array[],
          parameters?: Partial<Record<"mix" | "reductionLimit" | "attack" | "release" | "link", number>>):
      Promise<Float32Array[]>;
  listen(preset: PresetBytes, rate: number, sound: Float32Array, every?: number,
         options?: { sensitivity?: number }): Promise<{
    info: PresetInfo; heard: { label: number; score: number; frame: number }[];
    posteriors: Float32Array[]; times: number[];
  }>;
  /** Median milliseconds for 10 ms of one channel. */
  time(preset: PresetBytes, rate?: number, seconds?: number): Promise<number>;
  terminate(): void;
}
