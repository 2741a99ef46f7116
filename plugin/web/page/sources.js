// Where a panel's sound comes from: the page's own sounds, a file of the visitor's, or the microphone.

const longestSeconds = 120;

/** Decodes what the browser can, or throws a sentence. Long files are cut; their `note` says so. */
async function decodeFile(file) {
  if (file.size > 1 << 30) throw new Error(`${file.name} is larger than 1 GB; cut a piece out of it`);
  const bytes = await file.arrayBuffer();
  let buffer;
  try {
    buffer = await new OfflineAudioContext(1, 1, rateOfWav(bytes) ?? 48000).decodeAudioData(bytes);
  } catch {
    throw new Error(`this browser can't decode ${file.name}; WAV, FLAC, MP3 and Ogg usually work`);
  }
  const frames = Math.min(buffer.length, Math.round(longestSeconds * buffer.sampleRate));
  const note = frames < buffer.length ?
      `${file.name} lasts ${Math.round(buffer.duration / 60)} minutes; its first ${longestSeconds / 60} are taken.` :
      "";
  const channels =
      Array.from({length: Math.min(2, buffer.numberOfChannels)}, (_, c) => buffer.getChannelData(c).slice(0, frames));
  return {name: file.name, rate: buffer.sampleRate, channels, note};
}

/** decodeAudioData resamples to its context's rate; a WAV file's own rate avoids that. */
function rateOfWav(bytes) {
  const view = new DataView(bytes);
  if (bytes.byteLength < 44 || view.getUint32(0) !== 0x52494646 || view.getUint32(12) !== 0x666d7420) return undefined;
  const rate = view.getUint32(24, true);
  return rate >= 8000 && rate <= 96000 ? rate : undefined;
}

/** The microphone without the browser's own processing, or a sentence that says why not. */
async function openMicrophone() {
  if (!navigator.mediaDevices?.getUserMedia) throw new Error("this browser gives pages no microphone here");
  try {
    return await navigator.mediaDevices.getUserMedia(
        {audio: {echoCancellation: false, noiseSuppression: false, autoGainControl: false}});
  } catch (error) {
    if (error.name === "NotAllowedError") throw new Error("the browser did not allow this page to use the microphone");
    if (error.name === "NotFoundError") throw new Error("there is no microphone");
    throw new Error(`the microphone can't be opened: ${error.message}`);
  }
}

/** The row of controls that chooses a sound. chosen(sound) or chosen("microphone"). */
function soundChooser(sounds, chosen, say) {
  const list = make("select", {onchange: () => pick(list.value)});
  const entries = sounds.map((sound) => ({name: sound.name, load: () => readWav(bytesOf(sound.data))}));
  const file = make("input", {
    type: "file",
    accept: "audio/*",
    class: "hidden",
    tabindex: "-1",
    "aria-hidden": "true",
    onchange: () => take(file.files[0])
  });
  const show = () => list.replaceChildren(...entries.map(({name}, i) => make("option", {value: i}, name)));
  async function pick(index) {
    const {name, load} = entries[index];
    await chosen({name, ...load()});
  }
  async function take(given) {
    if (!given) return;
    try {
      const sound = await decodeFile(given);
      entries.push({name: sound.name, load: () => sound});
      show();
      list.value = entries.length - 1;
      await chosen(sound);
    } catch (error) {
      say(error.message);
    }
  }
  show();
  const row = make(
      "div", {class: "row"}, withLabel("Sound", list),
      make("button", {type: "button", onclick: () => file.click()}, "Own recording…"), file,
      make(
          "button", {type: "button", class: "microphone", "aria-pressed": "false", onclick: () => chosen("microphone")},
          "Microphone"));
  row.addEventListener("dragover", (event) => event.preventDefault());
  row.take = take;
  row.first = () => (entries.length > 0 ? pick(0) : undefined);
  row.live = (on) => row.querySelector(".microphone").setAttribute("aria-pressed", String(on));
  return row;
}
