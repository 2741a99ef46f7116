// ABX: X is A or B, and nobody but the page knows which. Chance alone gets half of the answers right.

class BlindTest {
  constructor(panel) {
    this.panel = panel;
    this.running = false;
    this.right = this.count = 0;
    this.start = make(
        "button", {type: "button", class: "abx", onclick: () => (this.running ? this.stop() : this.begin())}, "Start");
    this.hears =
        ["A", "B", "X"].map((name) => make("button", {type: "button", onclick: () => this.hear(name)}, `Hear ${name}`));
    this.answers = ["A", "B"].map(
        (name) =>
            make("button", {type: "button", class: `is-${name}`, onclick: () => this.answer(name)}, `X is ${name}`));
    this.result = make("p", {role: "status", "aria-live": "polite", class: "abx-result"});
    this.controls = make("div", {class: "row", hidden: true}, ...this.hears, ...this.answers);
    this.element = make(
        "details", {}, make("summary", {}, "Blind test: do A and B sound different to you?"),
        make("p", {class: "soft"}, "X is A or B, drawn anew after each answer. Ten answers tell much."), this.start,
        this.controls, this.result);
  }

  draw() { this.x = crypto.getRandomValues(new Uint8Array(1))[0] & 1 ? "A" : "B"; }

  async begin() {
    await this.panel.trying(async () => {
      if (this.panel.sound === null) await this.panel.chooser.first();
      this.running = true;
      this.right = this.count = 0;
      this.draw();
      this.show();
      this.panel.draw();
      this.panel.show();
      this.hear("X");
      if (!this.panel.player.playing) await this.panel.toggle();
    });
  }

  stop() {
    if (!this.running) return;
    this.running = false;
    this.show();
    this.panel.show();
    this.panel.hear("A");
  }

  hear(name) {
    this.hears.forEach((button, i) => button.setAttribute("aria-pressed", String("ABX"[i] === name)));
    this.panel.player.hear(name === "X" ? this.x : name);
  }

  answer(name) {
    this.count += 1;
    if (name === this.x) this.right += 1;
    this.draw();
    this.show();
    this.hear("X");
  }

  show() {
    this.start.textContent = this.running ? "End the test" : "Start";
    this.controls.hidden = !this.running;
    this.panel.ears.disabled = this.running;
    const p = chanceOf(this.right, this.count);
    const verdict = p < 0.05 ? "You hear a difference." : "That could be chance.";
    this.result.textContent =
        this.count === 0 ? "" : `${this.right} of ${this.count} right, p = ${p.toFixed(3)}. ${verdict}`;
  }
}
