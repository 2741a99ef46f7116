// Renders a WAV file of 32-bit floats through a preset with gruve.wasm, as `gruve render` does; a keyword preset's
// detections are printed as `gruve render` prints them. With --image, half of the sound is played by one instance and
// the rest by a copy of its memory in another, as an AudioWorklet does. With --time, prints milliseconds for 10 ms.
//     node node_render.mjs PACKAGE PRESET IN.wav OUT.wav [--image | --time]
import { readFileSync, writeFileSync } from "node:fs";
import vm from "node:vm";

const [folder, preset, input, output, mode] = process.argv.slice(2);
// The package's worker holds engine.js, page.js the WAV files; neither is a module.
const shared = vm.createContext({ WebAssembly, TextDecoder, Blob, console, performance, atob, URL,
  document: undefined });
for (const file of ["gruve-worker.js", "page.js"])
  vm.runInContext(readFileSync(`${folder}/${file}`, "utf8"), shared, { filename: file });
const { Stream, denoised, readWav, wavOf } = vm.runInContext("({ Stream, denoised, readWav, wavOf })", shared);

const module = new WebAssembly.Module(readFileSync(`${folder}/gruve.wasm`));
const bytes = new Uint8Array(readFileSync(preset));
const sound = readWav(new Uint8Array(readFileSync(input)));

/** The same stream in another instance. */
function copied(stream) {
  const image = stream.image(), copy = Object.create(Stream.prototype);
  const imports = {};
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module))
    if (kind === "function") (imports[from] ??= {})[name] = () => 0;
  copy.c = new WebAssembly.Instance(module, imports).exports;
  copy.c.memory.grow(64);
  copy.bytes().set(image.memory);
  delete image.memory;
  return Object.assign(copy, image);
}

function denoisedByTwo() {
  let stream = new Stream(module, bytes, sound.rate, sound.channels.length);
  const latency = stream.info.latency, frames = sound.channels[0].length + latency, cut = Math.floor(frames / 2);
  const padded = sound.channels.map((channel) => {
    const longer = new Float32Array(frames);
    longer.set(channel);
    return longer;
  });
  const parts = [padded.map((p) => p.subarray(0, cut)), padded.map((p) => p.subarray(cut))];
  stream.denoise(parts[0], parts[0], cut);
  stream = copied(stream);
  stream.denoise(parts[1], parts[1], frames - cut);
  return padded.map((channel) => channel.slice(latency));
}

try {
  if (mode === "--time") {
    const stream = new Stream(module, bytes, sound.rate, 1), frames = Math.round(sound.rate / 100), took = [];
    const out = [new Float32Array(frames)];
    for (let pass = 0; pass < 5; ++pass)
      for (let at = 0; at + frames <= sound.channels[0].length; at += frames) {
        const begin = performance.now();
        stream.denoise([sound.channels[0].subarray(at, at + frames)], out, frames);
        took.push(performance.now() - begin);
      }
    took.sort((a, b) => a - b);
    console.log(took[took.length >> 1].toFixed(4));
  } else if (new Stream(module, bytes, sound.rate, 1).info.kind === "keywords") {
    const stream = new Stream(module, bytes, sound.rate, 1);
    stream.listen(sound.channels[0], ({ label, score, frame }) =>
      console.log(`${(frame / sound.rate).toFixed(3)} ${stream.info.labels[label]} ${score.toFixed(2)}`));
  } else {
    const channels = mode === "--image" ? denoisedByTwo() : denoised(module, bytes, sound.rate, sound.channels);
    writeFileSync(output, Buffer.from(await wavOf({ rate: sound.rate, channels }).arrayBuffer()));
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
