// The part of a page that plays presets in a browser: everything is inside the page, nothing is loaded.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gruve {

/// The browser's package (plugin/web): the contents of its files.
struct WebPackage {
    std::string wasm;                              // the engine
    std::string module_js, worklet_js, worker_js;  // GruveDenoiser and GruveSpotter
    std::string page_js, page_css;                 // the panels
};

/// Thresholds of a keyword preset's labels at one sensitivity.
struct ThresholdStop {
    float sensitivity = 0;
    std::vector<float> thresholds;
};

struct ListenPreset {
    std::string name, score;  // score: "6.31 dB ± 0.22", or empty
    double bytes = 0;         // of parameters
    bool recommended = false;
    std::vector<ThresholdStop> stops;  // keywords: from −1 to 1; between two, log-odds of thresholds are straight lines
    std::string file;                  // the bytes of the .gruve file
};

/// A sound to play through presets.
struct ListenSound {
    std::string name;
    int rate_hz = 0;
    std::vector<std::vector<float>> channels;
};

/// A panel: presets of one kind and sounds for them.
struct ListenGroup {
    std::string title;
    bool denoises = true;             // false: keyword presets
    std::string metric;               // heading of the scores
    int rate_hz = 0;                  // of the training
    std::vector<std::string> labels;  // keywords
    std::vector<ListenPreset> presets;
    std::vector<ListenSound> sounds;
};

/// HTML for the body of a page, once: panels and all that they need. Sounds are kept at 16 bits.
std::string listen_html(const std::vector<ListenGroup>&, const WebPackage&);
/// The sentence that stands in its place where a page can't play.
std::string silent_html(const std::string& why);
/// A whole page with nothing but these panels.
std::string listen_page_html(const std::string& title, const std::vector<ListenGroup>&, const WebPackage&);

}  // namespace gruve
