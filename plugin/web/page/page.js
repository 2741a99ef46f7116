// Starts the panels. The page holds everything: <script id="gruve-…"> elements with gruve.wasm in base64, the sources
// of the worklet and the Worker, and {groups: [{title, kind, metric, presets, sounds}]}.

function startPage() {
  const text = (id) => document.getElementById(`gruve-${id}`).textContent;
  // On file://, Chromium refuses worklets from blob: and Workers from data:.
  const worklet = `data:text/javascript,${encodeURIComponent(text("worklet"))}`;
  const worker = URL.createObjectURL(new Blob([text("worker")], {type: "text/javascript"}));
  const options = {wasm: bytesOf(text("wasm").trim()).buffer, urls: {worklet, worker}};
  let started = null;
  const shared = {options, worker: () => (started ??= GruveWorker.create(options))};
  const panels = JSON.parse(text("data")).groups.map((group) => {
    const panel = new (group.kind === "denoise" ? DenoisePanel : WordsPanel)(group, shared);
    document.getElementById("listen").append(panel.element);
    return panel;
  });
  // The first sound is rendered, not played, when its panel comes into view.
  const seen = new IntersectionObserver((entries) => {
    for (const {target, isIntersecting} of entries) {
      const panel = panels.find(({element}) => element === target);
      if (isIntersecting && panel.sound === null && panel.live === null) panel.chooser.first();
    }
  });
  for (const panel of panels) seen.observe(panel.element);
  // The points of the report's plots are buttons: a click hears the preset as A, with Shift as B.
  for (const point of document.querySelectorAll("[data-preset]")) {
    for (const panel of panels) {
      const index = panel.presets.findIndex(({name}) => name === point.dataset.preset);
      if (index < 0) continue;
      point.setAttribute("tabindex", "0");
      point.setAttribute("role", "button");
      point.setAttribute("aria-label", `Hear ${point.dataset.preset}`);
      const choose = async (event) => {
        if (panel instanceof WordsPanel)
          await panel.choose((panel.select.value = index));
        else
          await panel.choose(event.shiftKey ? "B" : "A", index);
        if (!panel.player.playing) await panel.toggle();
      };
      point.addEventListener("click", choose);
      point.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") event.preventDefault(), choose(event);
      });
    }
  }
  // For tests and the curious.
  globalThis.gruvePage = {panels, shared, bytesOf, wavOf, readWav, GruveDenoiser, GruveSpotter};
}

if (globalThis.document !== undefined) try {
    startPage();
  } catch (error) {
    document.getElementById("listen").append(make("p", {role: "alert"}, `This page can't play: ${error.message}.`));
  }
