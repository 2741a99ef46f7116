// The audio thread's part. Nothing here allocates after the constructor, except the small messages that a detection, a
// meter or the end of an exchange sends: streams arrive as images of memory (engine.js), which are copied, a piece per
// quantum, into memory reserved when the node was made.

const blockFrames = 128, detectionsAtOnce = 16;
const copiedPerQuantum = 1 << 17;  // bytes: a few microseconds
const fadeSeconds = 0.02;

/** Memory for one stream, and the stream in it. */
class Slot {
  constructor(module, reserve, channels, mostLatency) {
    const imports = {};
    for (const {module: from, name, kind} of WebAssembly.Module.imports(module))
      if (kind === "function") (imports[from] ??= {})[name] = () => 0;
    this.c = new WebAssembly.Instance(module, imports).exports;
    const pages = Math.ceil((reserve - this.c.memory.buffer.byteLength) / 65536);
    if (pages > 0) this.c.memory.grow(pages);
    this.memory = new Uint8Array(this.c.memory.buffer);
    this.view = new DataView(this.c.memory.buffer);
    this.used = 0;  // bytes that may be other than 0
    this.image = null;
    this.copied = 0;
    this.inputs = new Array(channels).fill(null);
    this.outputs = new Array(channels).fill(null);
    this.posteriors = null;
    this.settings = new Float32Array(5).fill(NaN);
    // Delays a stream of shorter latency, so that the node's latency is constant.
    this.rings = Array.from({length: channels}, () => new Float32Array(Math.max(1, mostLatency)));
    this.padding = 0;
    this.at = 0;
  }

  begin(image, mostLatency) {
    this.image = image;
    this.used = Math.max(this.used, this.copied);  // an image before it may have been copied in part
    this.copied = 0;
    this.padding = Math.max(0, mostLatency - image.info.latency);
    for (let c = 0; c < image.channels; ++c) {
      this.inputs[c] = new Float32Array(this.c.memory.buffer, image.input.of[c], blockFrames);
      this.outputs[c] = new Float32Array(this.c.memory.buffer, image.output.of[c], blockFrames);
    }
    this.posteriors = new Float32Array(this.c.memory.buffer, image.posteriors, image.info.labels.length);
  }

  /** Copies the next piece of the image. Returns whether all of it is there. */
  copy(most) {
    const from = this.image.memory, end = Math.max(from.length, this.used);
    for (let left = most; left > 0 && this.copied < end;) {
      const count = Math.min(left, 4096, this.copied < from.length ? from.length - this.copied : end - this.copied);
      if (this.copied < from.length)
        this.memory.set(from.subarray(this.copied, this.copied + count), this.copied);
      else
        this.memory.fill(0, this.copied, this.copied + count);
      this.copied += count;
      left -= count;
    }
    if (this.copied < end) return false;
    this.used = from.length;
    this.settings.fill(NaN);
    for (const ring of this.rings) ring.fill(0);
    this.at = 0;
    return true;
  }

  set(parameter, value) {
    if (this.settings[parameter] === value) return;
    this.settings[parameter] = value;
    this.c.gruve_denoiser_set(this.image.handle, parameter, value);
  }

  setSensitivity(value) {
    if (this.settings[0] === value) return;
    this.settings[0] = value;
    this.c.gruve_spotter_set_sensitivity(this.image.handle, value);
  }

  hear(input, at, frames) {
    for (let c = 0; c < this.image.channels; ++c) {
      const from = input[c], to = this.inputs[c];
      for (let i = 0; i < frames; ++i) to[i] = from === undefined ? 0 : from[at + i];
    }
  }

  denoise(frames) {
    const {handle, input, output, channels} = this.image;
    this.c.gruve_denoiser_process(handle, input.at, output.at, frames);
    if (this.padding === 0) return;
    for (let c = 0; c < channels; ++c) {
      const ring = this.rings[c], out = this.outputs[c];
      let place = this.at;
      for (let i = 0; i < frames; ++i) {
        const sample = out[i];
        out[i] = ring[place];
        ring[place] = sample;
        place = place + 1 === this.padding ? 0 : place + 1;
      }
      if (c + 1 === channels) this.at = place;
    }
  }
}

/** Parts of an exchange: copy the image, let the new stream hear for a while, fade over. */
const idle = 0, copying = 1, warming = 2, fading = 3;

class GruveBase extends AudioWorkletProcessor {
  constructor({processorOptions: options}) {
    super();
    const module = options.module ?? new WebAssembly.Module(options.wasm);
    this.channels = options.channels;
    this.latency = options.latency;
    this.warmUp = options.warmUp;
    this.slots = [0, 1].map(() => new Slot(module, options.reserve, options.channels, options.latency));
    this.playing = 0;  // the slot that is heard
    this.state = idle;
    this.done = 0;     // frames of the state
    this.next = null;  // the latest request
    this.id = 0;       // of the exchange that runs
    this.alive = true;
    this.every = Math.round(options.eventSeconds * sampleRate);  // frames between meters or posteriors; 0: none
    this.sinceEvent = 0;
    this.slots[0].begin(options.image, this.latency);
    this.slots[0].copy(Infinity);
    this.port.onmessage = ({data}) => {
      if (data.stop) this.alive = false;
      if (data.image) this.next = data;
      if (data.every !== undefined) this.every = data.every;
    };
  }

  standby() { return this.slots[1 - this.playing]; }

  /** Moves the exchange on, before a quantum is played. */
  exchange() {
    if (this.next !== null && this.state !== fading) {
      this.standby().begin(this.next.image, this.latency);
      this.id = this.next.id;
      this.next = null;
      this.state = copying;
    }
    if (this.state === copying && this.standby().copy(copiedPerQuantum)) {
      this.state = warming;
      this.done = 0;
    }
  }

  finish() {
    this.playing = 1 - this.playing;
    this.state = idle;
    this.port.postMessage({playing: this.id});
  }
}

class GruveDenoiserProcessor extends GruveBase {
  static get parameterDescriptors() {
    const of = (name, defaultValue, maxValue) =>
        ({name, defaultValue, minValue: 0, maxValue, automationRate: "k-rate"});
    return [
      of("mix", 1, 1), of("reductionLimit", 60, 120), of("attack", 0, 1000), of("release", 0, 1000), of("link", 0, 1)
    ];
  }

  constructor(options) {
    super(options);
    this.sums = new Float64Array(2);  // of squares, in and out
    this.peaks = new Float64Array(2);
  }

  process(inputs, outputs, parameters) {
    this.exchange();
    const input = inputs[0], output = outputs[0], frames = output[0].length;
    for (let at = 0; at < frames; at += blockFrames)
      this.block(input, output, at, Math.min(blockFrames, frames - at), parameters);
    return this.alive;
  }

  run(slot, input, at, frames, p) {
    slot.set(0, p.mix[0]);
    slot.set(1, p.reductionLimit[0]);
    slot.set(2, p.attack[0]);
    slot.set(3, p.release[0]);
    slot.set(4, p.link[0]);
    slot.hear(input, at, frames);
    slot.denoise(frames);
  }

  block(input, output, at, frames, parameters) {
    const now = this.slots[this.playing];
    this.run(now, input, at, frames, parameters);
    const both = this.state === warming || this.state === fading, then = this.standby();
    if (both) this.run(then, input, at, frames, parameters);
    const step = this.state === fading ? 1 / (fadeSeconds * sampleRate) : 0;
    for (let c = 0; c < this.channels; ++c) {
      const to = output[c], from = now.outputs[c], other = then.outputs[c];
      if (to === undefined) continue;
      if (step === 0)
        for (let i = 0; i < frames; ++i) to[at + i] = from[i];
      else
        for (let i = 0; i < frames; ++i) {
          const share = Math.min(1, (this.done + i) * step);
          to[at + i] = (1 - share) * from[i] + share * other[i];
        }
    }
    if (this.every > 0) this.meter(input, output, at, frames);
    if (!both) return;
    this.done += frames;
    if (this.state === warming && this.done >= this.warmUp) {
      this.state = fading;
      this.done = 0;
    } else if (this.state === fading && this.done * step >= 1)
      this.finish();
  }

  meter(input, output, at, frames) {
    for (let c = 0; c < this.channels; ++c)
      for (let i = at; i < at + frames; ++i) {
        const before = input[c] === undefined ? 0 : input[c][i], after = output[c] === undefined ? 0 : output[c][i];
        this.sums[0] += before * before;
        this.sums[1] += after * after;
        this.peaks[0] = Math.max(this.peaks[0], Math.abs(before));
        this.peaks[1] = Math.max(this.peaks[1], Math.abs(after));
      }
    this.sinceEvent += frames;
    if (this.sinceEvent < this.every) return;
    const count = this.sinceEvent * this.channels;
    this.port.postMessage({
      meter: {
        inputLevel: Math.sqrt(this.sums[0] / count),
        outputLevel: Math.sqrt(this.sums[1] / count),
        inputPeak: this.peaks[0],
        outputPeak: this.peaks[1]
      }
    });
    this.sums.fill(0);
    this.peaks.fill(0);
    this.sinceEvent = 0;
  }
}

/** Passes its sound through untouched, and tells which words it hears. */
class GruveSpotterProcessor extends GruveBase {
  static get parameterDescriptors() {
    return [{name: "sensitivity", defaultValue: 0, minValue: -1, maxValue: 1, automationRate: "k-rate"}];
  }

  constructor(options) {
    super(options);
    this.heardFrames = 0;  // since the node was made
    this.firstFrame = 0;   // of the stream that plays
    this.standbyFirst = 0;
    this.sensitivity = 0;
  }

  process(inputs, outputs, parameters) {
    this.exchange();
    this.sensitivity = parameters.sensitivity[0];
    const input = inputs[0], output = outputs[0], frames = output[0].length;
    for (let c = 0; c < output.length; ++c)
      if (input[c] !== undefined) output[c].set(input[c]);
    for (let at = 0; at < frames; at += blockFrames) this.block(input, at, Math.min(blockFrames, frames - at));
    return this.alive;
  }

  block(input, at, frames) {
    const now = this.slots[this.playing];
    this.listen(now, input, at, frames, this.firstFrame, true);
    if (this.state === warming) {
      if (this.done === 0) this.standbyFirst = this.heardFrames;
      this.listen(this.standby(), input, at, frames, 0, false);
      this.done += frames;
      if (this.done >= this.warmUp) {
        this.firstFrame = this.standbyFirst;
        this.finish();
      }
    }
    this.heardFrames += frames;
  }

  listen(slot, input, at, frames, first, tell) {
    slot.setSensitivity(this.sensitivity);
    slot.hear(input, at, frames);
    const {handle, detections, posteriors, info} = slot.image;
    const found = slot.c.gruve_spotter_process(handle, slot.image.input.of[0], frames, detections, detectionsAtOnce);
    if (!tell) return;
    for (let i = 0; i < found; ++i) {
      const place = detections + 16 * i;
      const label = slot.view.getInt32(place, true),
            stream = slot.view.getUint32(place + 8, true) + 2 ** 32 * slot.view.getInt32(place + 12, true);
      this.port.postMessage({
        detection:
            {label, name: info.labels[label], score: slot.view.getFloat32(place + 4, true), frame: first + stream}
      });
    }
    this.sinceEvent += frames;
    if (this.every === 0 || this.sinceEvent < this.every) return;
    this.sinceEvent = 0;
    slot.c.gruve_spotter_posteriors(handle, posteriors, info.labels.length);
    this.port.postMessage({posteriors: {values: Array.from(slot.posteriors), frame: this.heardFrames + frames}});
  }
}

registerProcessor("gruve-denoiser", GruveDenoiserProcessor);
registerProcessor("gruve-spotter", GruveSpotterProcessor);
