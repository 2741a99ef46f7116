// What the panels of denoisers and of words share: a message, a button that plays, and sentences for what goes wrong.
// A panel has an element, a message, a sound, a chooser and a player.
class Panel {
  say(text) { this.message.textContent = text; }

  /** Runs `work`; what it throws becomes a sentence. */
  async trying(work) {
    try {
      this.element.setAttribute("aria-busy", "true");
      await work();
    } catch (error) {
      this.say(`Sorry: ${error.message}.`);
    } finally {
      this.element.removeAttribute("aria-busy");
    }
  }

  makePlayButton() {
    this.playButton = make("button", {type: "button", class: "play", onclick: () => this.toggle()}, "Play");
  }

  async toggle() {
    await this.trying(async () => {
      if (this.player.playing)
        this.player.pause();
      else {
        if (this.sound === null) await this.chooser.first();
        await this.player.play();
      }
      this.playButton.textContent = this.player.playing ? "Pause" : "Play";
    });
  }
}
