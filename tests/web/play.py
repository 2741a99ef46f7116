"""A page that plays, in a real browser: file://, no network, a recording as the microphone.
usage: play.py GRUVE PACKAGE PRESETS NOISY.wav VOWELS.wav WORK
GRUVE: the command; PACKAGE: build/web/gruve; NOISY.wav: speech in noise, 16 bit; VOWELS.wav: a sound in which digits
are heard, 16 bit; WORK: an empty folder. Screenshots stay in WORK."""
import base64
import os
import pathlib
import struct
import subprocess
import sys
import time

from browser import Browser
from sensitivity import sensitivity_moves_words

gruve, package, presets, noisy, vowels, work = (pathlib.Path(arg).resolve() for arg in sys.argv[1:7])
names = ["denoise-8bit", "denoise-recommended", "denoise_small-recommended"]
page = work / "page.html"
environment = dict(os.environ, GRUVE_WEB=str(package))
digits = presets / "digits_by_take_live-18177B.gruve"
files = [*(presets / f"{name}.gruve" for name in names), digits, presets / "wake_words_live-recommended.gruve"]
subprocess.run([gruve, "report", "--presets", *files, "--sound", noisy, vowels, "--out", page], check=True,
               env=environment)
print(f"{page.name}: {page.stat().st_size} bytes")


def samples_of(wav):
    """The floats of a WAV file with one channel."""
    at = wav.index(b"data") + 8
    return wav[at:at + struct.unpack("<I", wav[at - 4:at])[0]]


def panel(expression):
    return f"const p = gruvePage.panels[0]; {expression}"


# Bytes of a preset of any panel.
BYTES_OF = """const bytesOf = (name) => gruvePage.bytesOf(
                  gruvePage.panels.flatMap((panel) => panel.presets ?? []).find((preset) => preset.name === name).data);
"""


def downloaded(browser, what):
    """What "Download what I hear" would write."""
    browser.run(panel("p.hear(args[0])"), what)
    return base64.b64decode(browser.run(panel("""
        const blob = gruvePage.wavOf({rate: p.sound.rate, channels: p.versions[p.heard]});
        const bytes = new Uint8Array(await blob.arrayBuffer());
        let text = "";
        for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
        return btoa(text);""")))


def compare_with_render(browser):
    for slot in ("A", "B"):
        name = browser.run(panel(f"return p.presets[p.chosen.{slot}].name"))
        out = work / f"{name}.wav"
        subprocess.run([gruve, "render", "--preset", presets / f"{name}.gruve", noisy, out], check=True)
        assert samples_of(downloaded(browser, slot)) == samples_of(out.read_bytes()), f"{name}: page and render differ"
        print(f"{name}: the page's samples are those of gruve render")
    a, b, difference = (samples_of(downloaded(browser, what)) for what in ("A", "B", "difference"))
    read = lambda data: struct.unpack(f"<{len(data) // 4}f", data)
    for x, y, d in zip(read(a), read(b), read(difference)):
        assert abs(x - y - d) < 1e-6, "A − B is not A − B"
    # The check can fail.
    assert samples_of(downloaded(browser, "noisy")) != samples_of(out.read_bytes())


def compare_worklet_with_worker(browser):
    """An offline render through the AudioWorklet: the same samples, later by the latency."""
    count, milliseconds = browser.run(panel("""
        const {rate, channels} = p.sound, preset = gruvePage.bytesOf(p.presets[p.chosen.A].data);
        const context = new OfflineAudioContext(1, channels[0].length, rate);
        const node = await gruvePage.GruveDenoiser.create(context, preset, {...p.shared.options, channels: 1});
        const buffer = context.createBuffer(1, channels[0].length, rate);
        buffer.copyToChannel(channels[0], 0);
        const source = new AudioBufferSourceNode(context, {buffer});
        source.connect(node).connect(context.destination);
        source.start();
        const begin = performance.now(), played = (await context.startRendering()).getChannelData(0);
        const took = performance.now() - begin, latency = Math.round(node.latency * rate), wanted = p.versions.A[0];
        for (let i = 0; i + latency < played.length; ++i)
          if (played[i + latency] !== wanted[i])
            throw new Error(`frame ${i}: ${played[i + latency]}, not ${wanted[i]}`);
        node.destroy();
        return [played.length, took / (played.length / 128)];"""))
    print(f"AudioWorklet: {count} frames as in the Worker; {1000 * milliseconds:.0f} µs for a quantum of 128 frames")
    for seconds in (10, 60):
        whole, empty = browser.run(panel("""
            const {rate, channels} = p.sound, preset = gruvePage.bytesOf(p.presets[p.chosen.A].data), took = [];
            for (const through of [true, false]) {
              const context = new OfflineAudioContext(1, args[0] * rate, rate);
              const buffer = context.createBuffer(1, channels[0].length, rate);
              buffer.copyToChannel(channels[0], 0);
              const source = new AudioBufferSourceNode(context, {buffer, loop: true});
              const node = through ? await gruvePage.GruveDenoiser.create(
                context, preset, {...p.shared.options, channels: 1}) : new GainNode(context);
              source.connect(node).connect(context.destination);
              source.start();
              const begin = performance.now();
              await context.startRendering();
              took.push(1000 * (performance.now() - begin) / (args[0] * rate / 128));
              if (through) node.destroy();
            }
            return took;"""), seconds)
        print(f"{seconds} s: {whole:.0f} µs a quantum, {whole / 128 * 48000 / 1e4:.1f} % of real time; "
              f"without the denoiser {empty:.1f} µs")


def exchange_presets(browser):
    step = browser.run(BYTES_OF + panel("""
        const rate = 48000, seconds = 3, context = new OfflineAudioContext(1, rate * seconds, rate);
        const [first, second] = ["denoise-8bit", "denoise_small-recommended"].map(bytesOf);
        const options = {...p.shared.options, channels: 1, latency: 0.02};
        const node = await gruvePage.GruveDenoiser.create(context, first, options);
        const tone = new OscillatorNode(context, {frequency: 300});
        tone.connect(node).connect(context.destination);
        tone.start();
        let heard = null;
        context.suspend(1).then(async () => {
          const exchange = node.setPreset(second).then((value) => (heard = value));
          // Until the image is on its way.
          while (node.made.waiting.size === 0) await new Promise((go) => setTimeout(go, 20));
          await context.resume();
          await exchange;
        });
        const played = (await context.startRendering()).getChannelData(0);
        await new Promise((go) => setTimeout(go, 200));
        if (heard !== true || !node.preset.name.includes("small"))
          throw new Error(`not exchanged: ${node.preset.name}`);
        let largest = 0;
        for (let i = rate / 2; i < played.length; ++i) largest = Math.max(largest, Math.abs(played[i] - played[i - 1]));
        try {
          await node.setPreset(new Uint8Array([1, 2, 3]));
        } catch (error) {
          node.destroy();
          return [largest, error.message];
        }
        throw new Error("a broken preset was taken");"""))
    # A full-scale sine of 300 Hz moves by 0.039 from sample to sample.
    assert step[0] < 0.06, f"a step of {step[0]} at the exchange"
    print(f"exchange: largest step {step[0]:.3f}; broken preset: {step[1]}")


def click_through(browser):
    browser.click(".play")
    browser.wait("gruvePage.panels[0].player.playing")
    for value in ("noisy", "B", "difference", "A"):
        browser.run("document.querySelector(`.panel input[value=${args[0]}]`).click()", value)
        assert browser.run(panel("return p.player.heard")) == value
    browser.click("details summary")
    browser.click(".abx")
    for _ in range(4):
        browser.run("document.querySelector('.is-' + gruvePage.panels[0].test.x).click()")  # always right
    assert "4 of 4 right, p = 0.063" in browser.text(".abx-result"), browser.text(".abx-result")
    browser.click(".abx")
    browser.click("details summary")
    browser.click(".play")
    assert not browser.run(panel("return p.player.playing"))


def names_for_screen_readers(browser):
    nameless = browser.run("""
        const name = (e) => e.getAttribute("aria-label") || e.textContent.trim() || [...(e.labels ?? [])]
          .map((label) => label.textContent.trim()).join("");
        return [...document.querySelectorAll("button, select, input:not(.hidden), canvas, summary")]
          .filter((e) => !name(e)).map((e) => e.outerHTML.slice(0, 80));""")
    assert nameless == [], f"without a name: {nameless}"
    # By keyboard: Tab reaches Play, Space plays and pauses.
    browser.run("document.querySelector('.play').focus()")
    browser.type(".play", " ")
    browser.wait("gruvePage.panels[0].player.playing")
    browser.type(".play", " ")
    browser.wait("!gruvePage.panels[0].player.playing")


def bad_input(browser):
    take = lambda name, content: browser.run(panel(
        "await p.chooser.take(new File([args[1]], args[0])); return p.message.textContent"), name, content)
    assert "can't decode note.wav" in take("note.wav", "no sound"), browser.messages()
    sentence = browser.run("""
        try {
          await gruvePage.GruveDenoiser.create(new OfflineAudioContext(1, 128, 6000), new Uint8Array(4),
                                               gruvePage.shared.options);
        } catch (error) { return error.message; }""")
    assert "6000 Hz" in sentence, sentence
    for rate in (8000, 192000):
        browser.run(BYTES_OF + """
            const context = new OfflineAudioContext(1, args[0], args[0]), p = gruvePage.panels[0];
            const node = await gruvePage.GruveDenoiser.create(context, bytesOf("denoise_small-recommended"),
                                                              {...p.shared.options, channels: 1});
            new ConstantSourceNode(context).connect(node).connect(context.destination);
            await context.startRendering();
            node.destroy();""", rate)
    print("bad input: sentences; 8 and 192 kHz play")


def long_and_stereo_files(browser):
    # An hour of 8 kHz; two minutes are taken, and the sentence stays.
    sentence = browser.run(panel("""
        const header = new Uint8Array(await gruvePage.wavOf({rate: 8000, channels: [new Float32Array(0)]})
          .arrayBuffer()), samples = 3600 * 8000, view = new DataView(header.buffer);
        view.setUint32(4, header.length - 8 + 4 * samples, true);
        view.setUint32(header.length - 4, 4 * samples, true);
        await p.chooser.take(new File([header, new Uint8Array(4 * samples)], "hour.wav"));
        if (p.sound.channels[0].length !== 120 * 8000) throw new Error(`${p.sound.channels[0].length} frames`);
        return p.message.textContent;"""))
    assert sentence == "hour.wav lasts 60 minutes; its first 2 are taken.", sentence
    browser.run(panel("""
        const left = Float32Array.from({length: 24000}, (_, i) => 0.1 * Math.sin(i * i * 1e-6)), right = left.map(
          (x) => -0.5 * x);
        await p.chooser.take(new File([gruvePage.wavOf({rate: 48000, channels: [left, right]})], "stereo.wav"));
        const both = p.versions.A;
        await p.chooser.take(new File([gruvePage.wavOf({rate: 48000, channels: [right]})], "right.wav"));
        const alone = p.versions.A;
        if (both.length !== 2 || both[1].length !== 24000 || both[1].some((x, i) => x !== alone[0][i]))
          throw new Error("a stereo file's channels are not played one by one");"""))
    print("an hour is cut to two minutes, and says so; stereo plays")


def microphone(browser):
    browser.click(".panel .microphone")
    browser.wait("gruvePage.panels[0].live !== null")
    browser.run("for (const n of Object.values(gruvePage.panels[0].live.nodes)) n.port.postMessage({every: 4800})")
    level = browser.run(panel("""
        return await new Promise((heard) => {
          p.live.nodes.A.addEventListener("meter", ({detail}) => detail.inputLevel > 1e-4 && heard(detail.inputLevel));
          setTimeout(() => heard(0), 30000);
        });"""))
    assert level > 0, "the microphone is silent"
    # In the background the audio goes on.
    browser.run(panel("p.heardMeters = 0; p.live.nodes.A.addEventListener('meter', () => ++p.heardMeters);"))
    browser.in_the_background(3)
    meters = browser.run(panel("return p.heardMeters"))
    assert meters > 10, f"{meters} meters from three seconds in the background"
    browser.click(".panel .microphone")
    browser.wait("gruvePage.panels[0].live === null")
    print(f"microphone: level {level:.4f}; {meters} meters while another tab was in front")


def first_sound(browser):
    """From a preset's bytes to sound in a running context."""
    times = browser.run(BYTES_OF + panel("""
        const context = await p.player.ready(), bytes = bytesOf("denoise-8bit"), tone = new OscillatorNode(context);
        tone.start();
        const times = [];
        for (let k = 0; k < 5; ++k) {
          const begin = performance.now();
          const node = await gruvePage.GruveDenoiser.create(context, bytes,
                                                            {...p.shared.options, channels: 1, eventSeconds: 0.005});
          tone.connect(node).connect(new GainNode(context, {gain: 0})).connect(context.destination);
          await new Promise((heard) => node.addEventListener(
            "meter", ({detail}) => detail.outputLevel > 1e-6 && heard()));
          times.push(performance.now() - begin);
          node.destroy();
        }
        return times;"""))
    print("first sound after", ", ".join(f"{t:.0f}" for t in times), "ms")


def live_words(browser):
    """The spotter on the microphone: posteriors run along, and the panel draws them."""
    browser.run("gruvePage.panels.at(-1).chooser.querySelector('.microphone').click()")
    browser.wait("(gruvePage.panels.at(-1).live && gruvePage.panels.at(-1).found.times.length) > 20")
    said = browser.run("return gruvePage.panels.at(-1).message.textContent")
    assert said.startswith("Listening. Say one of:"), said
    browser.run("gruvePage.panels.at(-1).chooser.querySelector('.microphone').click()")
    browser.wait("gruvePage.panels.at(-1).live === null")
    print("live words:", said)


with Browser(microphone=noisy) as browser:
    began = time.time()
    browser.open(page.as_uri())
    browser.wait("gruvePage.panels[0].versions !== undefined", 300)
    print(f"page ready after {time.time() - began:.1f} s")
    browser.screenshot(work / "desktop.png")
    for check in (compare_with_render, compare_worklet_with_worker, exchange_presets, click_through,
                  names_for_screen_readers, bad_input, long_and_stereo_files, microphone, first_sound, live_words):
        check(browser)
    sensitivity_moves_words(browser, gruve, digits, vowels)
    browser.screenshot(work / "words.png")
    print("words:", browser.run("""
        const words = gruvePage.panels.at(-1);
        await words.chooser.first();
        return words.message.textContent;"""))
    browser.resize(390, 844)
    wide = browser.run("return document.documentElement.scrollWidth")
    browser.screenshot(work / "phone.png")
    assert wide <= 390, f"the page is {wide} wide on a phone of 390"
    faults = browser.errors()
    assert faults == [], faults
with Browser() as browser:
    browser.open(page.as_uri())
    browser.wait("gruvePage.panels[0].versions !== undefined", 300)
    browser.click(".panel .microphone")
    # The browser refuses it, or hides that there is any.
    browser.wait("/did not allow|no microphone/.test(gruvePage.panels[0].message.textContent)")
    browser.click(".play")
    browser.wait("gruvePage.panels[0].player.playing")
print("the page plays as it should")
