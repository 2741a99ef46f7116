// gruve-plugins: the numbers by which LADSPA and LV2 hosts choose presets.
#include <gruve/gruve.hpp>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "plugin/native/preset_index.h"

namespace {

namespace fs = std::filesystem;
using namespace gruve::plugin;

constexpr const char* usage =
    "usage: gruve-plugins             List the presets that LADSPA and LV2 hosts can choose, by number\n"
    "       gruve-plugins --refresh   Number your own presets (~/.local/share/gruve/presets/*.gruve, or "
    "$GRUVE_PRESETS)\n"
    "                                 and write ~/.lv2/gruve-own-presets.lv2, which names them to LV2 hosts\n";

void list(const std::vector<NumberedPreset>& presets) {
    for (const NumberedPreset& preset : presets) std::cout << preset.number << '\t' << preset.name << '\n';
}

/// `text` as a Turtle string.
std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
    return out + '"';
}

void write_whole(const fs::path& file, const std::string& text) {
    const fs::path aside = file.string() + ".new";
    std::ofstream out(aside, std::ios::trunc);
    if (!(out << text).flush()) throw std::runtime_error(aside.string() + " can't be written");
    out.close();
    fs::rename(aside, file);
}

/// The plugins that can play the preset; none where the file is broken or of another kind, which is said on stderr.
std::vector<std::string> plugins_for(const NumberedPreset& preset) {
    try {
        const auto opened = gruve::Preset::open(preset.file.string());
        if (opened.kind() == GRUVE_KEYWORDS) return {"words"};
        if (opened.kind() == GRUVE_DENOISE) {
            const int latency = opened.latency(48000);
            if (latency > 1920)
                std::cerr << preset.file.string() << ": more than 40 ms of latency, no plugin plays it\n";
            std::vector<std::string> plugins;
            for (const auto& [most, name] :
                 {std::pair{480, "denoise"}, {240, "denoise-live"}, {1920, "denoise-studio"}})
                for (const char* channels : {"-mono", "-stereo"})
                    if (latency <= most) plugins.push_back(std::string(name) + channels);
            return plugins;
        }
        std::cerr << preset.file.string() << ": neither a denoiser nor a keyword preset, left out\n";
    } catch (const gruve::Error& error) {
        std::cerr << error.what() << '\n';
    }
    return {};
}

/// LV2 presets: a name and the number that it sets, for each plugin that can play it.
void write_bundle(const fs::path& bundle, const std::vector<NumberedPreset>& presets) {
    fs::create_directories(bundle);
    std::string manifest =
        "@prefix lv2: <http://lv2plug.in/ns/lv2core#> .\n@prefix pset: <http://lv2plug.in/ns/ext/presets#> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n";
    for (const NumberedPreset& preset : presets) {
        for (const std::string& plugin : plugins_for(preset)) {
            const std::string uri = "https://gruve.audio/lv2/" + plugin;
            manifest += "\n<" + uri + "#own-" + std::to_string(preset.number) +
                        ">\n    a pset:Preset ;\n    lv2:appliesTo <" + uri + "> ;\n    rdfs:label " +
                        quoted(preset.name) + " ;\n    lv2:port [ lv2:symbol \"preset\" ; pset:value " +
                        std::to_string(preset.number) + " ] .\n";
        }
    }
    write_whole(bundle / "manifest.ttl", manifest);
}

int refresh() {
    const fs::path folder = own_preset_folder();
    if (folder.empty()) throw std::runtime_error("neither $GRUVE_PRESETS, $XDG_DATA_HOME nor $HOME is set");
    fs::create_directories(folder);
    number_own_presets(folder);
    const auto own = own_index(folder);
    list(own);
    const char* home = std::getenv("HOME");
    if (home == nullptr) throw std::runtime_error("$HOME is not set: no folder for the LV2 bundle");
    const fs::path bundle = fs::path(home) / ".lv2" / "gruve-own-presets.lv2";
    write_bundle(bundle, own);
    std::cout << own.size() << " presets of " << folder.string() << "; LV2 names in " << bundle.string() << '\n';
    return 0;
}

}  // namespace

int main(int argc, char** argv) try {
    const std::string option = argc > 1 ? argv[1] : "";
    if (argc > 2 || (!option.empty() && option != "--refresh" && option != "--help")) {
        std::cerr << usage;
        return 2;
    }
    if (option == "--help") {
        std::cout << usage;
    } else if (option == "--refresh") {
        return refresh();
    } else {
        list(factory_index());
        list(factory_words());
        list(own_index(own_preset_folder()));
    }
    return std::cout.flush() ? 0 : 1;
} catch (const std::exception& error) {
    std::cerr << "gruve-plugins: " << error.what() << '\n';
    return 1;
}
