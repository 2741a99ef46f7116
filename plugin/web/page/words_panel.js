// A panel that plays word spotters: posteriors with their thresholds, and words as they are heard.

const lineColours = [
  "#0b6bcb", "#c8501e", "#1a7f4b", "#7a49b8", "#b0298f", "#8a6d00", "#00838f", "#6d4c41", "#546e7a", "#d32f2f",
  "#388e3c", "#1565c0"
];

class WordsPanel extends Panel {
  constructor(group, shared) {
    super();
    this.group = group;
    this.shared = shared;
    this.presets = group.presets;
    this.player = new Player();
    this.chosen = Math.max(0, this.presets.findIndex((preset) => preset.recommended));
    this.sound = null;
    this.found = null;  // {info, heard, posteriors, times}
    this.live = null;
    this.asked = 0;         // how often words were looked for
    this.listening = null;  // the Worker's present answer
    this.build();
  }

  build() {
    this.message = make("p", {class: "message", role: "status", "aria-live": "polite"});
    this.words =
        make("p", {class: "words", role: "log", "aria-live": "polite", "aria-label": "Words as they are heard"});
    this.chooser = soundChooser(this.group.sounds, (sound) => this.take(sound), (text) => this.say(text));
    this.makePlayButton();
    this.select = make(
        "select", {onchange: () => this.choose(Number(this.select.value))},
        ...this.presets.map(
            (preset, i) => make(
                "option", {value: i},
                `${preset.name}: ${grouped(preset.bytes)} bytes${preset.score ? `, ${preset.score}` : ""}`)));
    this.select.value = this.chosen;
    this.makeSensitivity();
    this.canvas = make(
        "canvas",
        {role: "img", width: 800, height: 160, "aria-label": "Posteriors of each word over time, thresholds dashed"});
    this.legend = make("p", {class: "legend"});
    this.time = make("span", {class: "soft"});
    this.element = make(
        "section", {class: "panel"}, make("h3", {}, this.group.title), this.chooser,
        make(
            "div", {class: "row"}, withLabel("Preset", this.select), this.playButton,
            make("button", {type: "button", class: "measure", onclick: () => this.measure()}, "Measure time"),
            this.time),
        make("div", {class: "row"}, withLabel("Sensitivity", this.slider), this.sensitivityText), this.message,
        this.words, make("figure", {}, this.canvas), this.legend);
    const follow = () => {
      if (this.player.playing) this.draw();
      setTimeout(follow, 50);
    };
    follow();
  }

  makeSensitivity() {
    this.slider = make("input", {
      type: "range",
      min: -1,
      max: 1,
      step: 0.05,
      value: 0,
      class: "sensitivity",
      oninput: () => this.sense(),
      ondblclick: () => {
        this.slider.value = 0;
        this.sense();
      }
    });
    this.sensitivityText = make("span", {class: "soft"});
    this.describeSensitivity();
  }

  get sensitivity() { return Number(this.slider.value); }

  describeSensitivity() {
    const value = this.sensitivity, number = `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;
    const text = value === 0 ? "0: the preset's own thresholds" :
        value > 0            ? `${number}: more words, more false alarms` :
                               `${number}: fewer words, fewer false alarms`;
    this.sensitivityText.textContent = text;
    this.slider.setAttribute("aria-valuetext", text);
  }

  /** The sound plays on, because only what is heard in it changes. */
  async sense() {
    this.describeSensitivity();
    this.draw();
    await this.trying(async () => {
      if (this.live !== null)
        this.live.node.sensitivity.value = this.sensitivity;
      else
        await this.find();
    });
  }

  preset() { return this.presets[this.chosen]; }

  /** The threshold of a label: between the preset's stops its log-odds are straight lines, as the engine moves them. */
  threshold(label) {
    const {stops} = this.preset();
    const next = Math.max(1, stops.findIndex(({sensitivity}) => sensitivity >= this.sensitivity));
    const from = stops[next - 1], to = stops[next], a = from.thresholds[label], b = to.thresholds[label];
    if (a === b) return a;
    const odds = (p) => Math.log(Math.max(p, 1e-7) / Math.max(1 - p, 1e-7));
    const share = (this.sensitivity - from.sensitivity) / (to.sensitivity - from.sensitivity);
    return 1 / (1 + Math.exp(-(1 - share) * odds(a) - share * odds(b)));
  }

  async take(sound) {
    await this.trying(async () => {
      if (sound === "microphone") return this.live === null ? this.startLive() : this.stopLive();
      this.stopLive();
      this.sound = {...sound, channels: [sound.channels[0]]};
      this.found = null;
      this.player.offset = 0;
      this.player.heard = "sound";
      this.say("");
      await this.player.load({sound: {sound: this.sound, gain: 1}});
      await this.find();
    });
  }

  /** Looks for the words in the sound. It looks once at a time, so that a slider that is dragged leaves no queue. */
  async find() {
    if (this.sound === null) return;
    const asked = ++this.asked, worker = await this.shared.worker();
    await this.listening?.catch(() => {});
    if (asked !== this.asked || this.live !== null) return;
    this.listening = worker.listen(
        bytesOf(this.preset().data), this.sound.rate, this.sound.channels[0], 0.02, {sensitivity: this.sensitivity});
    const found = await this.listening;
    if (asked !== this.asked || this.live !== null) return;
    this.found = found;
    this.draw();
    const count = found.heard.length, where = this.sound.name;
    const heard = count === 0 ? "No word is heard" : count === 1 ? "1 word" : `${count} words`;
    this.say(`${heard} in ${where}. ${this.sound.note ?? ""}`.trim());
  }

  async choose(index) {
    await this.trying(async () => {
      this.chosen = index;
      if (this.live !== null)
        await this.live.node.setPreset(bytesOf(this.preset().data));
      else
        await this.find();
    });
  }

  async measure() {
    await this.trying(async () => {
      const milliseconds = await (await this.shared.worker()).time(bytesOf(this.preset().data), 48000);
      this.time.textContent =
          `${(1000 * milliseconds).toFixed(0)} µs for 10 ms, ${(10 * milliseconds).toFixed(1)} % of real time`;
    });
  }

  async startLive() {
    this.player.pause();
    const stream = await openMicrophone(), context = await this.player.ready();
    const source = new MediaStreamAudioSourceNode(context, {mediaStream: stream});
    const node =
        await GruveSpotter.create(context, bytesOf(this.preset().data), {...this.shared.options, eventSeconds: 0.04});
    const mute = new GainNode(context, {gain: 0});
    node.sensitivity.value = this.sensitivity;
    source.connect(node).connect(mute).connect(context.destination);
    this.found = {info: node.preset, heard: [], posteriors: [], times: []};
    node.addEventListener("posteriors", ({detail}) => {
      if (this.live?.node !== node) return;  // messages that were on their way when the node was stopped
      this.found.posteriors.push(Float32Array.from(detail.values));
      this.found.times.push(detail.seconds);
      while (this.found.times.length > 150) this.found.times.shift(), this.found.posteriors.shift();
      this.draw();
    });
    node.addEventListener("detection", ({detail}) => this.live?.node === node && this.found.heard.push(detail));
    this.live = {stream, source, node, mute};
    this.chooser.live(true);
    this.say("Listening. Say one of: " + node.labels.filter((label) => label !== "other").join(", ") + ".");
  }

  stopLive() {
    if (this.live === null) return;
    for (const track of this.live.stream.getTracks()) track.stop();
    this.live.source.disconnect();
    this.live.node.destroy();
    this.live.mute.disconnect();
    this.live = null;
    this.found = null;
    this.chooser.live(false);
    this.say("");
  }

  draw() {
    if (this.found === null) return;
    const {info, posteriors, times, heard} = this.found,
                                    rate = this.live ? this.player.context.sampleRate : this.sound.rate;
    const width = (this.canvas.width = 800), height = (this.canvas.height = 160),
          drawing = this.canvas.getContext("2d");
    const begin = this.live ? times[0] ?? 0 : 0, end = this.live ? times.at(-1) ?? 1 : this.player.seconds;
    const x = (seconds) => ((seconds - begin) / Math.max(0.01, end - begin)) * width,
          y = (value) => height - 4 - value * (height - 8);
    const ink = getComputedStyle(this.element).color;
    info.labels.forEach((label, l) => {
      if (label === "other") return;
      drawing.strokeStyle = lineColours[l % lineColours.length];
      drawing.setLineDash([]);
      drawing.lineWidth = 2;
      drawing.beginPath();
      posteriors.forEach((values, i) => drawing.lineTo(x(times[i]), y(values[l])));
      drawing.stroke();
      const threshold = this.threshold(l);
      if (threshold > 1) return;
      drawing.setLineDash([4, 6]);
      drawing.lineWidth = 1;
      drawing.beginPath();
      drawing.moveTo(0, y(threshold));
      drawing.lineTo(width, y(threshold));
      drawing.stroke();
    });
    const now = this.live ? end : this.player.position;
    drawing.setLineDash([]);
    drawing.strokeStyle = ink;
    drawing.beginPath();
    drawing.moveTo(x(now), 0);
    drawing.lineTo(x(now), height);
    drawing.stroke();
    const said = heard.filter(({frame}) => this.live || frame / rate <= now + 1e-9).slice(-12);
    const text = said.map(
                         ({label, score, frame}) =>
                             `${info.labels[label]} (${(frame / rate).toFixed(2)} s, ${score.toFixed(2)})`)
                     .join(" · ");
    if (this.words.textContent !== text) this.words.textContent = text;
    if (this.legend.dataset.of !== info.name) {
      this.legend.dataset.of = info.name;
      this.legend.replaceChildren(...info.labels.flatMap((label, l) => label === "other" ? [] : [
        make("span", {style: `color:${lineColours[l % lineColours.length]}`}, "■ "), label + "  "
      ]));
    }
  }
}
