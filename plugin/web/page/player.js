// Plays several versions of one sound in step; exactly one is heard, and a switch takes 10 ms.

class Player {
  constructor() {
    this.context = null;
    this.versions = new Map();  // name → {sound, gain}: what is there to be heard
    this.nodes = new Map();     // name → {source, gain}: while it plays
    this.heard = "";
    this.startedAt = 0;
    this.offset = 0;  // seconds into the sound, while it does not play
    this.onend = () => {};
  }

  /** The context; made at the first click, because browsers allow no sound before. */
  async ready() {
    this.context ??= new AudioContext();
    if (this.context.state === "suspended") await this.context.resume();
    return this.context;
  }

  get playing() { return this.nodes.size > 0; }
  get seconds() {
    for (const {sound} of this.versions.values()) return sound.channels[0].length / sound.rate;
    return 0;
  }
  get position() {
    if (!this.playing) return this.offset;
    return (this.context.currentTime - this.startedAt) % Math.max(this.seconds, 0.01);
  }

  /** versions: {name: {sound: {rate, channels}, gain}}. Goes on where it is. */
  async load(versions) {
    const plays = this.playing;
    if (plays) this.pause();
    this.versions = new Map(Object.entries(versions));
    this.offset = Math.min(this.offset, this.seconds);
    if (plays) await this.play();
  }

  async play() {
    const context = await this.ready();
    if (this.playing || this.versions.size === 0) return;
    const begin = context.currentTime + 0.02;
    if (this.offset >= this.seconds - 0.01) this.offset = 0;
    for (const [name, {sound, gain}] of this.versions) {
      const buffer = context.createBuffer(sound.channels.length, Math.max(1, sound.channels[0].length), sound.rate);
      sound.channels.forEach((channel, c) => buffer.copyToChannel(channel, c));
      const source = new AudioBufferSourceNode(context, {buffer, loop: true});
      const level = new GainNode(context, {gain: name === this.heard ? gain : 0});
      source.connect(level).connect(context.destination);
      source.start(begin, this.offset);
      this.nodes.set(name, {source, level, gain});
    }
    this.startedAt = begin - this.offset;
  }

  pause() {
    if (!this.playing) return;
    this.offset = Math.max(0, this.position);
    for (const {source, level} of this.nodes.values()) {
      source.stop();
      level.disconnect();
    }
    this.nodes.clear();
  }

  async seek(seconds) {
    const plays = this.playing;
    this.pause();
    this.offset = seconds;
    if (plays) await this.play();
  }

  hear(name) {
    this.heard = name;
    for (const [of, {level, gain}] of this.nodes)
      level.gain.setTargetAtTime(of === name ? gain : 0, this.context.currentTime, 0.003);
  }
}
