// Sounds: base64 and WAV, levels, and pictures of spectra.

function bytesOf(base64) {
  const text = atob(base64), bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; ++i) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** A WAV file of 16-bit integers or 32-bit floats → {rate, channels}. The report's own sounds are such files. */
function readWav(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const name = (at) => String.fromCharCode(...bytes.subarray(at, at + 4));
  let rate = 0, count = 1, bits = 16, isFloat = false;
  for (let at = 12; at + 8 <= bytes.length;
       at += 8 + view.getUint32(at + 4, true) + (view.getUint32(at + 4, true) & 1)) {
    if (name(at) === "fmt ") {
      isFloat = view.getUint16(at + 8, true) === 3;
      count = view.getUint16(at + 10, true);
      rate = view.getUint32(at + 12, true);
      bits = view.getUint16(at + 22, true);
    } else if (name(at) === "data") {
      const size = bits / 8,
            frames = Math.floor(Math.min(view.getUint32(at + 4, true), bytes.length - at - 8) / size / count);
      const channels = Array.from({length: count}, () => new Float32Array(frames));
      for (let i = 0; i < frames * count; ++i) {
        const place = at + 8 + i * size;
        channels[i % count][Math.floor(i / count)] =
            isFloat ? view.getFloat32(place, true) : view.getInt16(place, true) / 32768;
      }
      return {rate, channels};
    }
  }
  throw new Error("not a WAV file of 16-bit integers or 32-bit floats");
}

/** A WAV file of 32-bit floats, as `gruve render` writes. */
function wavOf({rate, channels}) {
  const count = channels.length, frames = channels[0].length, data = 4 * count * frames;
  const view = new DataView(new ArrayBuffer(44 + data));
  const text = (at, name) => [...name].forEach((c, i) => view.setUint8(at + i, c.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, 36 + data, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 3, true);
  view.setUint16(22, count, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * 4 * count, true);
  view.setUint16(32, 4 * count, true);
  view.setUint16(34, 32, true);
  text(36, "data");
  view.setUint32(40, data, true);
  for (let i = 0; i < frames; ++i)
    for (let c = 0; c < count; ++c) view.setFloat32(44 + 4 * (i * count + c), channels[c][i], true);
  return new Blob([view.buffer], {type: "audio/wav"});
}

/** Root mean square of all channels, over the blocks of 0.1 s that are less than 20 dB below the loudest. */
function levelOf({rate, channels}) {
  const block = Math.max(1, Math.round(rate / 10)), powers = [];
  for (let at = 0; at < channels[0].length; at += block) {
    let sum = 0, count = 0;
    for (const channel of channels)
      for (const sample of channel.subarray(at, at + block)) sum += sample * sample, ++count;
    powers.push(sum / count);
  }
  const least = powers.reduce((a, b) => Math.max(a, b), 0) / 100;
  const loud = powers.filter((power) => power >= least);
  return Math.sqrt(loud.reduce((a, b) => a + b, 0) / Math.max(1, loud.length));
}

function difference(a, b) { return a.map((channel, c) => channel.map((sample, i) => sample - b[c][i])); }

/** Powers of a frame of 512 Hann-windowed samples: 257 bins. A plain FFT of radix 2. */
const spectrumSize = 512;
const hann =
    Float32Array.from({length: spectrumSize}, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / spectrumSize));
function powersOf(samples, at) {
  const n = spectrumSize, re = new Float32Array(n), im = new Float32Array(n);
  for (let i = 0, j = 0; i < n; ++i) {
    re[j] = (samples[at + i] ?? 0) * hann[i];
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j |= bit;
  }
  for (let size = 2; size <= n; size *= 2)
    for (let k = 0; k < size / 2; ++k) {
      const cosine = Math.cos((2 * Math.PI * k) / size), sine = -Math.sin((2 * Math.PI * k) / size);
      for (let a = k; a < n; a += size) {
        const b = a + size / 2, x = re[b] * cosine - im[b] * sine, y = re[b] * sine + im[b] * cosine;
        re[b] = re[a] - x;
        im[b] = im[a] - y;
        re[a] += x;
        im[a] += y;
      }
    }
  return Float32Array.from({length: n / 2 + 1}, (_, k) => re[k] * re[k] + im[k] * im[k]);
}

/** Dark violet to yellow, by level −90..−10 dB. */
function colourOf(share) {
  const x = Math.min(1, Math.max(0, share));
  return [
    255 * Math.min(1, 0.1 + 1.3 * x), 255 * x ** 1.6, 255 * (0.2 + 0.6 * Math.sin(Math.PI * Math.min(1, x * 1.1)))
  ];
}

/** Draws the first channel from left to right, low frequencies at the bottom. */
function drawSpectrogram(canvas, {channels}) {
  const width = (canvas.width = 400), height = (canvas.height = 128), drawing = canvas.getContext("2d");
  const picture = drawing.createImageData(width, height), samples = channels[0];
  const most = Math.max(0, samples.length - spectrumSize);
  for (let x = 0; x < width; ++x) {
    const powers = powersOf(samples, Math.round((x / width) * most));
    for (let y = 0; y < height; ++y) {
      const power = Math.max(powers[2 * y], powers[2 * y + 1]), decibels = 10 * Math.log10(power / 16384 + 1e-12);
      const [red, green, blue] = colourOf((decibels + 90) / 80);
      picture.data.set([red, green, blue, 255], 4 * ((height - 1 - y) * width + x));
    }
  }
  drawing.putImageData(picture, 0, 0);
}

/** One-sided: how likely are so many right answers or more, if one only guesses? */
function chanceOf(right, of) {
  let ways = 1, sum = 0;
  for (let k = of; k >= 0; --k) {
    if (k >= right) sum += ways;
    ways = (ways * k) / (of - k + 1);
  }
  return sum / 2 ** of;
}
