"""The slider "Sensitivity" of a page's word spotters, and the parameter of GruveSpotter behind it."""
import json
import subprocess

ARROW_LEFT, HOME, END = "\ue012", "\ue011", "\ue010"
PLAY = ".panel:has(.sensitivity) .play"
# The panel of the preset args[0].
PANEL = "const p = gruvePage.panels.find((panel) => panel.presets[0].name === args[0]);"


def heard_by_the_command(gruve, preset, sound, sensitivity):
    """Words and times of `gruve listen` on standard input, where a preset warms up as it does in a page."""
    told = subprocess.run([gruve, "listen", "--preset", preset, "--sensitivity", str(sensitivity), "--json", "-"],
                          input=sound.read_bytes()[44:], stdout=subprocess.PIPE, check=True).stdout
    words = [json.loads(line) for line in told.splitlines()]
    return [[word["word"], round(word["seconds"], 3)] for word in words]


def move_the_slider(browser, gruve, preset, sound):
    """By keyboard, while the sound plays: the words are those of the command, and the sound doesn't stop."""
    name = preset.stem
    browser.run(PANEL + """
        p.chooser.querySelector("select").value = 1;
        p.chooser.querySelector("select").dispatchEvent(new Event("change"));""", name)
    panel = f"gruvePage.panels.find((panel) => panel.presets[0].name === '{name}')"
    found = f"!{panel}.element.hasAttribute('aria-busy')"
    browser.wait(f"{panel}.sound?.name === '{sound.stem}' && {found}")
    browser.click(PLAY)
    browser.wait(f"{panel}.player.playing")
    browser.run(PANEL + "globalThis.played = p.player.nodes.get('sound').source;", name)
    counts = []
    for key, value, text in ((END, 1, "+1.00: more words, more false alarms"),
                             (HOME, -1, "−1.00: fewer words, fewer false alarms")):
        browser.type(".sensitivity", key)
        words = heard_by_the_command(gruve, preset, sound, value)
        browser.wait(found)
        heard = browser.run(PANEL + """
            return p.found.heard.map(({label, frame}) => [p.found.info.labels[label],
                                                          Math.round(1000 * frame / p.sound.rate) / 1000]);""", name)
        assert heard == words, f"sensitivity {value}: the page hears {heard}, gruve listen {words}"
        said = browser.run(PANEL + """
            return [p.slider.labels[0].textContent, p.slider.getAttribute("aria-valuetext"),
                    p.sensitivityText.textContent, p.message.textContent];""", name)
        assert said[:3] == ["Sensitivity", text, text], said
        counts.append(len(words))
    assert counts[0] > counts[1], f"{counts}: this sound shows no difference"
    assert browser.run(PANEL + "return p.player.nodes.get('sound').source === globalThis.played", name), "it stopped"
    browser.type(".sensitivity", ARROW_LEFT + END + ARROW_LEFT)
    assert browser.run(PANEL + "return p.sensitivity", name) == 0.95
    browser.click(PLAY)
    browser.run(PANEL + "p.slider.dispatchEvent(new Event('dblclick'));", name)
    assert browser.run(PANEL + "return p.sensitivityText.textContent", name) == "0: the preset's own thresholds"
    print(f"sensitivity: {counts[0]} words at 1, {counts[1]} at -1, as gruve listen; the sound plays on")


def draw_the_thresholds(browser, gruve, preset):
    """Thresholds as `gruve info` lists them, at each operating point that the slider can stand at."""
    told = json.loads(subprocess.run([gruve, "info", preset, "--json"], stdout=subprocess.PIPE, check=True).stdout)
    count = 0
    for row in told["sensitivity"]:
        drawn = browser.run(PANEL + """
            p.slider.value = args[1];
            return [p.sensitivity, p.found.info.labels.map((_, label) => p.threshold(label))];""",
                            preset.stem, row["sensitivity"])
        if abs(drawn[0] - row["sensitivity"]) > 1e-6:
            continue
        for x, y in zip(drawn[1], row["thresholds"].values()):
            assert abs(x - y) < 1e-6, f"{row['sensitivity']}: {drawn[1]}, not {row['thresholds']}"
        count += 1
    assert count >= 2, told["sensitivity"]
    odds = browser.run(PANEL + """
        return [0.5, 0.6, 0.7].map((value) => {
          p.slider.value = value;
          return Math.log(p.threshold(1) / (1 - p.threshold(1)));
        });""", preset.stem)
    assert abs(odds[1] - (odds[0] + odds[2]) / 2) < 1e-6 and odds[0] > odds[2], odds
    browser.run(PANEL + "p.slider.value = 0; await p.sense();", preset.stem)
    print(f"thresholds are drawn as gruve info lists them at {count} sensitivities")


def change_it_while_it_plays(browser, gruve, preset, sound):
    """From -1 to 1 in the middle of a stream through GruveSpotter, which passes every sample on."""
    heard, frames = browser.run(PANEL + """
        const {rate, channels} = p.sound, frames = channels[0].length, half = Math.ceil(frames / 256) * 128;
        const context = new OfflineAudioContext(1, frames, rate);
        const node = await gruvePage.GruveSpotter.create(context, gruvePage.bytesOf(p.presets[0].data),
                                                         p.shared.options);
        const buffer = context.createBuffer(1, frames, rate), heard = [];
        buffer.copyToChannel(channels[0], 0);
        const source = new AudioBufferSourceNode(context, {buffer});
        source.connect(node).connect(context.destination);
        source.start();
        node.addEventListener("detection", ({detail}) => heard.push([detail.name, detail.seconds]));
        node.sensitivity.value = -1;
        context.suspend(half / rate).then(() => {
          node.sensitivity.value = 1;
          return context.resume();
        });
        const played = (await context.startRendering()).getChannelData(0);
        await new Promise((go) => setTimeout(go, 300));
        node.destroy();
        for (let i = 0; i < frames; ++i)
          if (played[i] !== channels[0][i]) throw new Error(`frame ${i} is ${played[i]}, not ${channels[0][i]}`);
        return [heard.map(([name, seconds]) => [name, Math.round(1000 * seconds) / 1000]), half / rate];""",
                                preset.stem)
    before, after = (heard_by_the_command(gruve, preset, sound, value) for value in (-1, 1))
    wanted = [word for word in before if word[1] < frames] + [word for word in after if word[1] > frames]
    assert heard == wanted and wanted != before and wanted != after, f"{heard}, not {wanted}"
    print(f"from -1 to 1 at {frames:.2f} s: {heard}; every sample passes")


def sensitivity_moves_words(browser, gruve, preset, sound):
    """preset: the first of the page's first panel of words. sound: a WAV file of 16 bits, the page's second sound."""
    move_the_slider(browser, gruve, preset, sound)
    draw_the_thresholds(browser, gruve, preset)
    change_it_while_it_plays(browser, gruve, preset, sound)
