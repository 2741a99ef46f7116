#include "offline_search/report/listen_section.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "offline_search/report/page_style.h"
#include "offline_search/report/svg_plot.h"

namespace gruve {
namespace {

std::string base64(const std::string& bytes) {
    static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t three = 0;
        for (std::size_t k = 0; k < 3; ++k)
            three = three << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0u);
        for (std::size_t k = 0; k < 4; ++k) text += i + k <= bytes.size() ? digits[three >> (18 - 6 * k) & 63] : '=';
    }
    return text;
}

void append(std::string& bytes, std::uint32_t value, int count) {
    for (int i = 0; i < count; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
}

/// A WAV file of 16 bits.
std::string wav(const ListenSound& sound) {
    const auto channels = static_cast<std::uint32_t>(sound.channels.size()),
               frames = static_cast<std::uint32_t>(sound.channels.front().size()),
               rate = static_cast<std::uint32_t>(sound.rate_hz), data = 2 * channels * frames;
    std::string bytes = "RIFF";
    append(bytes, 36 + data, 4);
    bytes += "WAVEfmt ";
    append(bytes, 16, 4);
    append(bytes, 1, 2);
    append(bytes, channels, 2);
    append(bytes, rate, 4);
    append(bytes, rate * 2 * channels, 4);
    append(bytes, 2 * channels, 2);
    append(bytes, 16, 2);
    bytes += "data";
    append(bytes, data, 4);
    for (std::size_t i = 0; i < frames; ++i)
        for (const auto& channel : sound.channels) {
            const float sample = std::clamp(std::round(channel[i] * 32768.0f), -32768.0f, 32767.0f);
            append(bytes, static_cast<std::uint32_t>(static_cast<std::int32_t>(sample)), 2);
        }
    return bytes;
}

nlohmann::ordered_json json_of(const ListenGroup& group) {
    nlohmann::ordered_json presets = nlohmann::ordered_json::array(), sounds = nlohmann::ordered_json::array();
    for (const ListenPreset& preset : group.presets) {
        presets.push_back({{"name", preset.name},
                           {"bytes", preset.bytes},
                           {"score", preset.score},
                           {"recommended", preset.recommended},
                           {"data", base64(preset.file)}});
        for (const ThresholdStop& stop : preset.stops)
            presets.back()["stops"].push_back({{"sensitivity", stop.sensitivity}, {"thresholds", stop.thresholds}});
    }
    for (const ListenSound& sound : group.sounds)
        sounds.push_back({{"name", sound.name}, {"data", base64(wav(sound))}});
    return {{"title", group.title},
            {"kind", group.denoises ? "denoise" : "keywords"},
            {"metric", group.metric},
            {"presets", presets},
            {"sounds", sounds}};
}

/// JSON that may stand inside a <script> element.
std::string for_script(std::string json) {
    for (auto at = json.find('<'); at != std::string::npos; at = json.find('<', at)) json.replace(at, 1, "\\u003c");
    return json;
}

std::string held(const std::string& id, const std::string& type, const std::string& text) {
    return "<script id='gruve-" + id + "' type='" + type + "'>" + text + "</script>\n";
}

}  // namespace

std::string listen_html(const std::vector<ListenGroup>& groups, const WebPackage& package) {
    nlohmann::ordered_json data;
    data["groups"] = nlohmann::ordered_json::array();
    for (const ListenGroup& group : groups) data["groups"].push_back(json_of(group));
    return "<style>" + package.page_css +
           "</style>\n<div id='listen'><noscript><p>Listening needs JavaScript.</p></noscript></div>\n" +
           held("wasm", "text/plain", base64(package.wasm)) + held("worklet", "text/plain", package.worklet_js) +
           held("worker", "text/plain", package.worker_js) + held("data", "application/json", for_script(data.dump())) +
           "<script type='module'>" + package.module_js + package.page_js + "</script>\n";
}

std::string silent_html(const std::string& why) {
    return "<p class='soft'>This page doesn't play its presets: " + escape(why) + "</p>\n";
}

std::string listen_page_html(const std::string& title, const std::vector<ListenGroup>& groups,
                             const WebPackage& package) {
    return "<!doctype html>\n<html lang='en'><head><meta charset='utf-8'><meta name='viewport' "
           "content='width=device-width'><title>" +
           escape(title) + "</title><style>" + page_style + "</style></head><body><main>\n<h1>" + escape(title) +
           "</h1>\n<p>Presets are small networks in a file. They run here, in this page, as they run in the plugin: "
           "nothing "
           "is sent or loaded. Choose a sound or take your own, press Play, and compare A with B.</p>\n" +
           listen_html(groups, package) + "</main></body></html>\n";
}

}  // namespace gruve
