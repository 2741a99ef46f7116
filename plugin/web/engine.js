// An instance of gruve.wasm and the C API's functions that are needed before a stream runs: presets are opened, and a
// stream is laid out in memory. Runs in a Worker, on a page and in Node; it needs nothing but WebAssembly.

/** Frames that one call into the instance processes at most. */
const blockFrames = 128;
const detectionsAtOnce = 16;

/** A new instance. The engine is one thread without files, so that what it could import is never called. */
function newInstance(module) {
  const imports = {};
  for (const {module: from, name, kind} of WebAssembly.Module.imports(module)) {
    if (kind !== "function") continue;
    (imports[from] ??= {})[name] = () => 0;
  }
  const instance = new WebAssembly.Instance(module, imports);
  instance.exports._initialize();
  return instance;
}

/** One stream of a preset in an instance of its own. Throws an Error with the engine's sentence. */
class Stream {
  /**
   * @param {WebAssembly.Module} module gruve.wasm
   * @param {Uint8Array} bytes a .gruve file
   * @param {number} rate Hz
   * @param {number} channels of a denoiser
   */
  constructor(module, bytes, rate, channels) {
    const c = (this.c = newInstance(module).exports);
    const error = c.malloc(512), handle = c.malloc(4), file = c.malloc(Math.max(bytes.length, 1));
    this.bytes().set(bytes, file);
    this.check(c.gruve_preset_open_bytes(file, bytes.length, handle, error, 512), error);
    c.free(file);
    const preset = this.word(handle);
    this.info = this.describe(preset, rate);
    this.channels = this.info.kind === "denoise" ? channels : 1;
    if (this.info.kind === "denoise")
      this.check(c.gruve_denoiser_create(preset, rate, channels, handle, error, 512), error);
    else
      this.check(c.gruve_spotter_create(preset, rate, handle, error, 512), error);
    this.handle = this.word(handle);
    c.gruve_preset_free(preset);
    this.input = this.planes();
    this.output = this.planes();
    this.detections = c.malloc(16 * detectionsAtOnce);
    this.posteriors = c.malloc(4 * Math.max(1, this.info.labels.length));
  }

  /** What the preset is. kind: "keywords", "denoise" or "sequence". latency: frames. */
  describe(preset, rate) {
    const c = this.c, labels = [];
    for (let i = 0; i < c.gruve_preset_label_count(preset); ++i)
      labels.push(this.text(c.gruve_preset_label(preset, i)));
    return {
      name: this.text(c.gruve_preset_name(preset)),
      task: this.text(c.gruve_preset_task(preset)),
      kind: ["keywords", "denoise", "sequence"][c.gruve_preset_kind(preset)],
      isFloat: c.gruve_preset_is_float(preset) === 1,
      parameterBytes: c.gruve_preset_parameter_bytes(preset),
      provenance: this.text(c.gruve_preset_provenance(preset)),
      latency: Math.max(0, c.gruve_preset_latency(preset, rate)),
      labels,
    };
  }

  /** An array of pointers to `channels` blocks: {at, of: [address of each block]}. */
  planes() {
    const at = this.c.malloc(4 * this.channels), of = [];
    for (let channel = 0; channel < this.channels; ++channel) {
      of.push(this.c.malloc(4 * blockFrames));
      new DataView(this.c.memory.buffer).setUint32(at + 4 * channel, of[channel], true);
    }
    return {at, of};
  }

  /**
   * What another instance of the same module needs in order to go on where this one stands: its memory and the
   * addresses in it. A module always lays its memory out in the same way, and between calls its only other state, the
   * stack pointer, is back where it started; so the copy runs without being relocated.
   */
  image() {
    const memory = this.bytes();
    let end = memory.length;
    while (end > 0 && memory[end - 1] === 0) --end;
    const {handle, input, output, detections, posteriors, channels, info} = this;
    return {memory: memory.slice(0, end), handle, input, output, detections, posteriors, channels, info};
  }

  set(parameter, value) { this.check(this.c.gruve_denoiser_set(this.handle, parameter, value)); }

  /** Planar, any number of frames; input and output may be the same arrays. */
  denoise(input, output, frames) {
    for (let at = 0; at < frames; at += blockFrames) {
      const count = Math.min(blockFrames, frames - at);
      this.input.of.forEach((to, c) => this.floats(to, count).set(input[c].subarray(at, at + count)));
      this.c.gruve_denoiser_process(this.handle, this.input.at, this.output.at, count);
      this.output.of.forEach((from, c) => output[c].set(this.floats(from, count), at));
    }
  }

  /** −1..1. */
  setSensitivity(value) {
    if (this.c.gruve_spotter_set_sensitivity(this.handle, value) < 0)
      throw new Error(`sensitivity ${value}, allowed -1..1`);
  }

  /** heard({label, score, frame}) for each word, step(posteriors, frame) after each block. */
  listen(input, heard, step) {
    for (let at = 0; at < input.length; at += blockFrames) {
      const count = Math.min(blockFrames, input.length - at);
      this.floats(this.input.of[0], count).set(input.subarray(at, at + count));
      const found =
          this.c.gruve_spotter_process(this.handle, this.input.of[0], count, this.detections, detectionsAtOnce);
      const view = new DataView(this.c.memory.buffer);
      for (let i = 0; i < found; ++i) heard(detectionAt(view, this.detections + 16 * i));
      const labels = this.c.gruve_spotter_posteriors(this.handle, this.posteriors, this.info.labels.length);
      step?.(this.floats(this.posteriors, labels), at + count);
    }
  }

  bytes() { return new Uint8Array(this.c.memory.buffer); }
  floats(at, count) { return new Float32Array(this.c.memory.buffer, at, count); }
  word(at) { return new DataView(this.c.memory.buffer).getUint32(at, true); }
  text(at) {
    if (at === 0) return "";
    const bytes = this.bytes();
    let end = at;
    while (bytes[end] !== 0) ++end;
    return new TextDecoder().decode(bytes.slice(at, end));
  }
  check(status, error) {
    if (status < 0) throw new Error(error ? this.text(error) : `the engine refuses this (status ${status})`);
  }
}

/** A gruve_detection of gruve.h. */
function detectionAt(view, at) {
  return {
    label: view.getInt32(at, true),
    score: view.getFloat32(at + 4, true),
    frame: Number(view.getBigInt64(at + 8, true))
  };
}

/**
 * A whole sound through a denoiser, as `gruve render` does it: as long as the input, without the latency.
 * @param {Float32Array[]} sound one array per channel
 */
function denoised(module, bytes, rate, sound, parameters = {}) {
  const stream = new Stream(module, bytes, rate, sound.length);
  if (stream.info.kind !== "denoise") throw new Error(`${stream.info.name} is not a denoise preset`);
  for (const [name, value] of Object.entries(parameters)) stream.set(parameterNumbers[name], value);
  const latency = stream.info.latency, frames = sound[0].length + latency;
  const padded = sound.map((channel) => {
    const longer = new Float32Array(frames);
    longer.set(channel);
    return longer;
  });
  stream.denoise(padded, padded, frames);
  return padded.map((channel) => channel.slice(latency));
}

/** gruve_parameter of gruve.h. */
const parameterNumbers = {
  mix: 0,
  reductionLimit: 1,
  attack: 2,
  release: 3,
  link: 4
};
