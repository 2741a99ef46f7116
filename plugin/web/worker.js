// The Worker: opens presets and lays out streams away from the audio thread, and renders whole sounds. engine.js stands
// before this file. Each message {id, do, …} is answered by {id, …} or {id, error}.

let engine = null;

const jobs = {
  /** {module} or {wasm: ArrayBuffer} */
  load({module, wasm}) {
    engine = module ?? new WebAssembly.Module(wasm);
    return [{}];
  },
  image({bytes, rate, channels}) {
    const image = new Stream(engine, bytes, rate, channels).image();
    return [{image}, [image.memory.buffer]];
  },
  describe({bytes, rate}) { return [{info: new Stream(engine, bytes, rate, 1).info}]; },
  denoise({bytes, rate, sound, parameters}) {
    const output = denoised(engine, bytes, rate, sound, parameters);
    return [{output}, output.map((channel) => channel.buffer)];
  },
  listen({bytes, rate, sound, every, sensitivity}) {
    const stream = new Stream(engine, bytes, rate, 1), heard = [], posteriors = [], times = [];
    let next = 0;
    stream.setSensitivity(sensitivity);
    stream.listen(sound, (word) => heard.push(word), (values, frame) => {
      if (frame < next) return;
      next += every;
      posteriors.push(Float32Array.from(values));
      times.push(frame / rate);
    });
    return [{info: stream.info, heard, posteriors, times}];
  },
  /** Milliseconds for each block of 10 ms, the median of many. Noise, because silence could be cheaper. */
  time({bytes, rate, seconds}) {
    const stream = new Stream(engine, bytes, rate, 1), frames = Math.round(rate / 100);
    const sound = [new Float32Array(frames)], took = [];
    let seed = 1;
    const end = performance.now() + 1000 * seconds;
    while (performance.now() < end || took.length < 8) {
      const begin = performance.now();
      for (let block = 0; block < 10; ++block) {
        for (let i = 0; i < frames; ++i) {
          seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
          sound[0][i] = seed / 2 ** 34;
        }
        if (stream.info.kind === "denoise")
          stream.denoise(sound, sound, frames);
        else
          stream.listen(sound[0], () => {});
      }
      took.push((performance.now() - begin) / 10);
    }
    took.sort((a, b) => a - b);
    return [{milliseconds: took[took.length >> 1], info: stream.info}];
  },
};

onmessage = ({data}) => {
  try {
    const [answer, transfer] = jobs[data.do](data);
    postMessage({id: data.id, ...answer}, transfer ?? []);
  } catch (error) {
    postMessage({id: data.id, error: String(error.message ?? error)});
  }
};
