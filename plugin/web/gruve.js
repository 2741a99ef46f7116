// Gruve's denoisers and word spotters for the Web Audio API. See README.md; the types are in gruve.d.ts.

const here = typeof import.meta === "object" ? import.meta.url : undefined;
const Base = globalThis.AudioWorkletNode ?? class {};
const rates = "8000 to 192000 Hz";

/** Where the parts lie. options.urls replaces single ones. */
function partsOf(options) {
  const beside = (name) => options.urls?.[name] ?? new URL(fileNames[name], here).href;
  return {wasm: beside("wasm"), worklet: beside("worklet"), worker: beside("worker")};
}
const fileNames = {
  wasm: "gruve.wasm",
  worklet: "gruve-worklet.js",
  worker: "gruve-worker.js"
};

/** gruve.wasm's bytes, fetched once for each address. */
const fetched = new Map();
async function wasmOf(options) {
  if (options.wasm) return options.wasm;
  const url = partsOf(options).wasm;
  if (!fetched.has(url))
    fetched.set(url, fetch(url).then((answer) => {
      if (!answer.ok) throw new Error(`${url}: ${answer.status} ${answer.statusText}`);
      return answer.arrayBuffer();
    }));
  try {
    return await fetched.get(url);
  } catch (error) {
    fetched.delete(url);
    throw new Error(`gruve.wasm can't be loaded: ${error.message}`);
  }
}

/** A Worker that opens presets and renders sounds: what takes longer than an audio quantum. */
export class GruveWorker {
  static async create(options = {}) {
    const wasm = await wasmOf(options), worker = new Worker(partsOf(options).worker);
    const self = new GruveWorker(worker);
    await self.ask("load", {wasm});
    return self;
  }

  constructor(worker) {
    this.worker = worker;
    this.waiting = new Map();
    this.count = 0;
    worker.onmessage = ({data}) => {
      const {answer, fail} = this.waiting.get(data.id);
      this.waiting.delete(data.id);
      if (data.error === undefined)
        answer(data);
      else
        fail(new Error(data.error));
    };
    worker.onerror = (event) => {
      event.preventDefault?.();
      for (const {fail} of this.waiting.values()) fail(new Error(`Gruve's worker failed: ${event.message}`));
      this.waiting.clear();
    };
  }

  ask(job, parameters, transfer = []) {
    const id = ++this.count;
    return new Promise((answer, fail) => {
      this.waiting.set(id, {answer, fail});
      this.worker.postMessage({...parameters, id, do: job}, transfer);
    });
  }

  /** What a preset is: {name, task, kind, isFloat, parameterBytes, provenance, latency, labels}. */
  async describe(bytes, rate = 48000) { return (await this.ask("describe", {bytes: presetBytes(bytes), rate})).info; }

  /** A whole sound through a denoiser, sample for sample as `gruve render` writes it. */
  async denoise(bytes, rate, sound, parameters = {}) {
    return (await this.ask("denoise", {bytes: presetBytes(bytes), rate, sound, parameters})).output;
  }

  /** A whole sound through a word spotter: {heard, posteriors, times}; posteriors every `every` seconds. */
  listen(bytes, rate, sound, every = 0.02, {sensitivity = 0} = {}) {
    return this.ask("listen", {bytes: presetBytes(bytes), rate, sound, every: Math.round(every * rate), sensitivity});
  }

  /** The median time of 10 ms of one channel, in milliseconds. */
  async time(bytes, rate = 48000, seconds = 0.25) {
    return (await this.ask("time", {bytes: presetBytes(bytes), rate, seconds})).milliseconds;
  }

  terminate() { this.worker.terminate(); }
}

function presetBytes(bytes) {
  if (bytes instanceof ArrayBuffer) return new Uint8Array(bytes);
  if (ArrayBuffer.isView(bytes)) return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  throw new TypeError("a preset's bytes are an ArrayBuffer or a typed array");
}

const modulesAdded = new WeakMap();  // context → the worklet's module, being added or there

async function prepared(context, options) {
  if (!context.audioWorklet)
    throw new Error("this page has no AudioWorklet: browsers have it on https, localhost and file:// alone");
  if (!(context.sampleRate >= 8000 && context.sampleRate <= 192000))
    throw new Error(`the audio context runs at ${context.sampleRate} Hz, allowed ${rates}`);
  if (!modulesAdded.has(context)) modulesAdded.set(context, context.audioWorklet.addModule(partsOf(options).worklet));
  const [wasm, worker] = await Promise.all([wasmOf(options), GruveWorker.create(options), modulesAdded.get(context)]);
  return {wasm, worker};
}

/** What GruveDenoiser and GruveSpotter share. */
class GruveNode extends Base {
  static async make(Kind, processor, kind, context, bytes, options) {
    const {wasm, worker} = await prepared(context, options);
    try {
      const channels = kind === "denoise" ? options.channels ?? 2 : 1;
      const made = {context, worker, channels, kind, reserve: options.reserveBytes ?? 1 << 24};
      const image = await GruveNode.imageOf(made, bytes);
      made.latency = Math.max(image.info.latency, Math.round((options.latency ?? 0) * context.sampleRate));
      const processorOptions = {
        wasm,
        image,
        channels,
        latency: made.latency,
        reserve: made.reserve,
        warmUp: Math.round((options.warmUp ?? 0.5) * context.sampleRate),
        eventSeconds: options.eventSeconds ?? 0,
      };
      const width = kind === "denoise" ? channels : options.channels ?? 1;
      const node = new Kind(context, processor, {
        numberOfInputs: 1,
        numberOfOutputs: 1,
        outputChannelCount: [width],
        channelCount: width,
        channelCountMode: "explicit",
        processorOptions
      });
      Object.assign(node.made, made, {info: image.info});
      return node;
    } catch (error) {
      worker.terminate();
      throw error;
    }
  }

  static async imageOf({context, worker, channels, kind, reserve}, bytes) {
    const {image} = await worker.ask("image", {bytes: presetBytes(bytes), rate: context.sampleRate, channels});
    if (image.info.kind !== kind) {
      const wanted = kind === "denoise" ? "a denoise" : "a keyword";
      throw new Error(`${image.info.name} is not ${wanted} preset`);
    }
    if (image.memory.length > reserve)
      throw new Error(
          `${image.info.name} takes ${image.memory.length} bytes, reserved are ${reserve}; ` +
          "give the option reserveBytes");
    return image;
  }

  constructor(context, processor, options) {
    super(context, processor, options);
    this.made = {waiting: new Map(), count: 0};
    this.port.onmessage = ({data}) => {
      if (data.playing !== undefined) this.arrived(data.playing);
      for (const name of ["meter", "detection", "posteriors"])
        if (data[name]) this.dispatchEvent(new CustomEvent(name, {detail: this.timed(data[name])}));
    };
  }

  timed(detail) {
    if (detail.frame !== undefined) detail.seconds = detail.frame / this.context.sampleRate;
    return detail;
  }

  arrived(id) {
    for (const [of, {answer, info}] of this.made.waiting) {
      if (of > id) continue;
      this.made.waiting.delete(of);
      if (of === id) this.made.info = info;
      answer(of === id);
    }
    this.dispatchEvent(new CustomEvent("presetchange", {detail: this.made.info}));
  }

  /** The preset that is heard: {name, task, kind, isFloat, parameterBytes, provenance, latency, labels}. */
  get preset() { return this.made.info; }

  /**
   * Exchanges the preset without a click. Resolves to true when the new one is heard, to false where a later call
   * overtook this one. Throws, and goes on playing the old one, where the bytes are no preset that fits.
   */
  async setPreset(bytes) {
    const image = await GruveNode.imageOf(this.made, bytes);
    if (image.info.latency > this.made.latency)
      throw new Error(
          `${image.info.name} delays by ${image.info.latency} frames, this node by ${this.made.latency}; ` +
          `make the node with the option latency: ${image.info.latency / this.context.sampleRate}`);
    const id = ++this.made.count;
    return new Promise((answer) => {
      this.made.waiting.set(id, {answer, info: image.info});
      this.port.postMessage({image, id}, [image.memory.buffer]);
    });
  }

  /** Ends the processor and the Worker. */
  destroy() {
    this.disconnect();
    this.port.postMessage({stop: true});
    this.made.worker.terminate();
    for (const {answer} of this.made.waiting.values()) answer(false);
    this.made.waiting.clear();
  }
}

export class GruveDenoiser extends GruveNode {
  static create(context, bytes, options = {}) {
    return GruveNode.make(GruveDenoiser, "gruve-denoiser", "denoise", context, bytes, options);
  }
  /** Seconds from input to output; constant. */
  get latency() { return this.made.latency / this.context.sampleRate; }
  get mix() { return this.parameters.get("mix"); }
  get reductionLimit() { return this.parameters.get("reductionLimit"); }
  get attack() { return this.parameters.get("attack"); }
  get release() { return this.parameters.get("release"); }
  get link() { return this.parameters.get("link"); }
}

export class GruveSpotter extends GruveNode {
  static create(context, bytes, options = {}) {
    return GruveNode.make(GruveSpotter, "gruve-spotter", "keywords", context, bytes, options);
  }
  get labels() { return this.made.info.labels; }
  get sensitivity() { return this.parameters.get("sensitivity"); }
}
