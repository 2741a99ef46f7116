// A panel that plays denoisers: two presets side by side, the noisy sound, and the difference of the two.

const noteOf = ({name, recommended}) => (recommended && !name.endsWith("recommended") ? " (recommended)" : "");

class DenoisePanel extends Panel {
  constructor(group, shared) {
    super();
    this.group = group;
    this.shared = shared;  // {worker(): Promise<GruveWorker>, urls}
    this.player = new Player();
    this.presets = group.presets;
    const best = this.presets.findIndex((preset) => preset.recommended);
    const other = this.presets.findIndex((preset) => /8bit|8 bit/.test(preset.name));
    this.chosen = {A: Math.max(0, best), B: Math.max(0, other >= 0 ? other : this.presets.length - 1)};
    this.heard = "A";
    this.outputs = new Map();  // preset index → channels of the present sound
    this.sound = null;
    this.live = null;
    this.blind = null;
    this.build();
  }

  build() {
    this.message = make("p", {class: "message", role: "status", "aria-live": "polite"});
    this.chooser = soundChooser(this.group.sounds, (sound) => this.take(sound), (text) => this.say(text));
    this.makePlayButton();
    this.place = make("input", {
      type: "range",
      min: 0,
      max: 1,
      step: 0.001,
      value: 0,
      "aria-label": "Place in the sound",
      oninput: () => this.player.seek(this.place.value * this.player.seconds)
    });
    this.ears = radios("Hear", {noisy: "Noisy", A: "A", B: "B", difference: "A − B"}, (name) => this.hear(name));
    this.matched = make("input", {type: "checkbox", checked: true, onchange: () => this.load()});
    const select = (slot) => make(
        "select", {onchange: (event) => this.choose(slot, Number(event.target.value))},
        ...this.presets.map((preset, i) => make("option", {value: i}, preset.name)));
    this.selects = {A: select("A"), B: select("B")};
    this.pictures = ["Before", "After"].map(
        (when) => make("canvas", {role: "img", "aria-label": `Spectrogram. ${when}`, width: 400, height: 128}));
    this.captions = [make("figcaption", {}, "Before"), make("figcaption", {}, "After")];
    this.element = make(
        "section", {class: "panel"}, make("h3", {}, this.group.title), this.chooser,
        make("div", {class: "row"}, this.playButton, this.place),
        make("div", {class: "row"}, this.ears, make("label", {class: "labelled"}, this.matched, " Loudness matched")),
        make(
            "div", {class: "row"}, withLabel("A", this.selects.A), withLabel("B", this.selects.B),
            make("button", {type: "button", onclick: () => this.save()}, "Download what I hear")),
        this.message,
        make(
            "div", {class: "pictures"},
            ...this.pictures.map((canvas, i) => make("figure", {}, canvas, this.captions[i]))),
        (this.test = new BlindTest(this)).element, this.table());
    this.element.addEventListener("drop", (event) => {
      event.preventDefault();
      this.chooser.take(event.dataTransfer.files[0]);
    });
    this.element.addEventListener("dragover", (event) => event.preventDefault());
    this.player.heard = "A";
    this.ears.choose("A");
    this.show();
    const follow = () => {
      if (this.player.playing && this.player.seconds > 0) this.place.value = this.player.position / this.player.seconds;
      setTimeout(follow, 50);
    };
    follow();
  }

  table() {
    const head = ["Preset", "Bytes", this.group.metric ?? "Score", "Time of 10 ms, here", ""];
    this.times = this.presets.map(() => make("td", {}, "not measured"));
    const rows = this.presets.map(
        (preset, i) => make(
            "tr", {class: preset.recommended ? "best" : ""},
            make("th", {scope: "row"}, preset.name + noteOf(preset)),
            make("td", {}, grouped(preset.bytes)), make("td", {}, preset.score || "–"), this.times[i],
            make(
                "td", {},
                ...["A", "B"].map(
                    (slot) => make(
                        "button", {
                          type: "button",
                          class: "slot",
                          "aria-label": `${preset.name} as ${slot}`,
                          onclick: () => this.choose(slot, i)
                        },
                        slot)))));
    this.rows = rows;
    return make(
        "div", {class: "scroll"},
        make(
            "table", {}, make("caption", {}, "Choose two presets to compare"),
            make("thead", {}, make("tr", {}, ...head.map((text) => make("th", {scope: "col"}, text)))),
            make("tbody", {}, ...rows)),
        make("button", {type: "button", class: "measure", onclick: () => this.measure()}, "Measure times"));
  }

  show() {
    for (const slot of ["A", "B"]) {
      this.selects[slot].value = this.chosen[slot];
      this.rows.forEach(
          (row, i) => row.querySelectorAll(".slot")[slot === "A" ? 0 : 1].setAttribute(
              "aria-pressed", String(i === this.chosen[slot])));
      this.ears.relabel(slot, this.test.running ? slot : `${slot}: ${this.presets[this.chosen[slot]].name}`);
    }
  }

  async take(sound) {
    await this.trying(async () => {
      if (sound === "microphone") return this.live === null ? this.startLive() : this.stopLive();
      this.stopLive();
      this.sound = sound;
      this.outputs.clear();
      this.player.offset = 0;
      this.say(sound.note ?? "");
      await this.load();
    });
  }

  async output(index) {
    if (!this.outputs.has(index)) {
      const worker = await this.shared.worker(), preset = this.presets[index], sound = this.sound;
      const channels = await worker.denoise(bytesOf(preset.data), sound.rate, sound.channels);
      if (sound !== this.sound) return channels;
      this.outputs.set(index, channels);
    }
    return this.outputs.get(index);
  }

  /** Renders A and B and hands all versions to the player. */
  async load() {
    if (this.sound === null) return;
    const {rate} = this.sound, versions = {noisy: this.sound.channels};
    for (const slot of ["A", "B"]) versions[slot] = await this.output(this.chosen[slot]);
    const levels = Object.values(versions).map((channels) => levelOf({rate, channels})), quietest = Math.min(...levels);
    versions.difference = difference(versions.A, versions.B);
    levels.push(levels[1]);
    this.versions = versions;
    await this.player.load(Object.fromEntries(Object.entries(versions).map(
        ([name, channels], i) =>
            [name,
             {sound: {rate, channels}, gain: this.matched.checked && levels[i] > 0 ? quietest / levels[i] : 1}])));
    this.draw();
  }

  draw() {
    if (this.sound === null) return;
    const {rate} = this.sound, after = this.test.running ? "noisy" : this.heard === "noisy" ? "A" : this.heard;
    const name = {
      noisy: "noisy",
      A: this.presets[this.chosen.A].name,
      B: this.presets[this.chosen.B].name,
      difference: "A − B"
    }[after];
    drawSpectrogram(this.pictures[0], {rate, channels: this.versions.noisy});
    drawSpectrogram(this.pictures[1], {rate, channels: this.versions[after]});
    this.captions[0].textContent = `Before: ${this.sound.name}, 0 to ${rate / 2000} kHz`;
    this.captions[1].textContent = this.test.running ? "Hidden during the blind test" : `After: ${name}`;
    this.pictures.forEach(
        (canvas, i) => canvas.setAttribute("aria-label", `Spectrogram. ${this.captions[i].textContent}`));
  }

  async choose(slot, index) {
    await this.trying(async () => {
      this.chosen[slot] = index;
      this.test.stop();
      this.show();
      if (this.live !== null)
        await this.live.nodes[slot].setPreset(bytesOf(this.presets[index].data));
      else
        await this.load();
      this.hear(slot);
    });
  }

  hear(name) {
    this.heard = name;
    this.ears.choose(name);
    this.player.hear(name);
    if (this.live !== null)
      this.hearLive();
    else if (this.versions)
      this.draw();
  }

  async startLive() {
    this.player.pause();
    this.playButton.textContent = "Play";
    const stream = await openMicrophone(), context = await this.player.ready(), nodes = {}, gains = {};
    const source = new MediaStreamAudioSourceNode(context, {mediaStream: stream});
    const latency = await this.longestLatency(context.sampleRate);
    for (const slot of ["A", "B"])
      nodes[slot] = await GruveDenoiser.create(
          context, bytesOf(this.presets[this.chosen[slot]].data), {...this.shared.options, channels: 1, latency});
    for (const [name, plus, minus] of [
             ["noisy", source], ["A", nodes.A], ["B", nodes.B], ["difference", nodes.A, nodes.B]]) {
      gains[name] = new GainNode(context, {gain: 0});
      plus.connect(gains[name]);
      minus?.connect(new GainNode(context, {gain: -1})).connect(gains[name]);
      gains[name].connect(context.destination);
    }
    source.connect(nodes.A);
    source.connect(nodes.B);
    this.live = {stream, source, nodes, gains};
    this.chooser.live(true);
    this.hearLive();
    this.say("The microphone is heard through the preset. Wear headphones, or it will howl.");
  }

  /** Seconds that every preset of the panel can play with, at least 0.02. */
  async longestLatency(rate) {
    const worker = await this.shared.worker();
    const frames = this.presets.map(async ({data}) => (await worker.describe(bytesOf(data), rate)).latency);
    return Math.max(0.02, ...(await Promise.all(frames)).map((count) => count / rate));
  }

  hearLive() {
    for (const [name, {gain}] of Object.entries(this.live.gains))
      gain.setTargetAtTime(name === this.heard ? 1 : 0, this.player.context.currentTime, 0.003);
  }

  stopLive() {
    if (this.live === null) return;
    for (const track of this.live.stream.getTracks()) track.stop();
    this.live.source.disconnect();
    for (const node of Object.values(this.live.nodes)) node.destroy();
    for (const gain of Object.values(this.live.gains)) gain.disconnect();
    this.live = null;
    this.chooser.live(false);
    this.say("");
  }

  save() {
    if (this.sound === null || this.test.running) return this.say("Choose a sound first, and end the blind test.");
    const name = {noisy: "noisy", difference: "difference"}[this.heard] ?? this.presets[this.chosen[this.heard]].name;
    download(
        wavOf({rate: this.sound.rate, channels: this.versions[this.heard]}), `${name.replace(/[^\w.-]+/g, "-")}.wav`);
  }

  /** Each preset in the Worker; then one in an OfflineAudioContext, where the audio thread's own part counts too. */
  async measure() {
    await this.trying(async () => {
      const worker = await this.shared.worker();
      for (const [i, preset] of this.presets.entries()) {
        const milliseconds = await worker.time(bytesOf(preset.data), 48000);
        this.times[i].textContent = `${(1000 * milliseconds).toFixed(0)} µs (${(10 * milliseconds).toFixed(1)} %)`;
      }
      const preset = this.presets[this.chosen.A], seconds = 20;
      const context = new OfflineAudioContext(1, 48000 * seconds, 48000);
      const node = await GruveDenoiser.create(context, bytesOf(preset.data), {...this.shared.options, channels: 1});
      new ConstantSourceNode(context, {offset: 0.01}).connect(node).connect(context.destination);
      const begin = performance.now();
      await context.startRendering();
      const took = performance.now() - begin;
      node.destroy();
      this.worklet = took / (seconds * 375);
      this.say(
          `In an AudioWorklet, ${preset.name} takes ${
              (1000 * this.worklet).toFixed(0)} µs for a quantum of 128 frames, ` +
          `${(took / seconds / 10).toFixed(1)} % of real time. Percentages are of real time at 48 kHz, one channel.`);
    });
  }
}
