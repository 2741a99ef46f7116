// gruve report: makes report.html from the search.json of one search or several.
#include <CLI/CLI.hpp>
#include <iostream>
#include <optional>

#include "datasets/support/data_error.h"
#include "offline_search/commands/commands.h"
#include "offline_search/files/output_path.h"
#include "offline_search/files/write_file.h"
#include "offline_search/listening/material.h"
#include "offline_search/listening/web_package.h"
#include "offline_search/network/safetensors.h"
#include "offline_search/report/report.h"
#include "offline_search/report/svg_to_png.h"

namespace gruve {
namespace {

namespace fs = std::filesystem;

struct ReportArguments {
    std::vector<fs::path> folders, presets, sounds;
    fs::path out, data, network;
    std::uint64_t split_seed = 1;
    bool png = false, listen = false;
};

WebPackage web_package() {
    std::optional<WebPackage> package = find_web_package();
    if (!package) throw DataError(std::string("--listen: ") + how_to_build_the_web_package);
    return *package;
}

/// Test sounds from --data, then --sound.
void add_sounds(ListenGroup& group, const ReportArguments& options) {
    if (!options.data.empty()) group.sounds = test_sounds(group, options.data, options.split_seed);
    const std::vector<ListenSound> files = sounds_of(options.sounds);
    group.sounds.insert(group.sounds.end(), files.begin(), files.end());
}

/// HTML that plays the presets of the searches.
std::string listen(const std::vector<SearchResult>& results, const ReportArguments& options) {
    const WebPackage package = web_package();
    std::optional<FloatNetwork> network;
    if (!options.network.empty()) network = load_safetensors(options.network);
    std::vector<ListenGroup> groups;
    for (std::size_t i = 0; i < results.size(); ++i) {
        const fs::path& given = options.folders[i];
        const fs::path folder = fs::is_directory(given) ? given : given.parent_path();
        groups.push_back(listen_group(results[i], folder, network ? &*network : nullptr));
        add_sounds(groups.back(), options);
    }
    return listen_html(groups, package);
}

/// A page of presets alone.
void write_preset_page(const ReportArguments& options) {
    if (options.out.empty()) throw CLI::ValidationError("--out", "needed with --presets");
    std::vector<ListenGroup> groups = listen_groups(options.presets);
    for (ListenGroup& group : groups) add_sounds(group, options);
    write_file(options.out, listen_page_html("Gruve: presets to listen to", groups, web_package()));
    std::cout << "wrote " << options.out.string() << '\n';
}

void run(const ReportArguments& options) {
    if (!options.presets.empty()) return write_preset_page(options);
    if (options.folders.empty()) throw CLI::RequiredError("folders or --presets");
    if (options.folders.size() > 1 && options.out.empty())
        throw CLI::ValidationError("--out", "needed to compare several searches");
    const auto out = options.out.empty() ? options.folders.front() / "report.html" : options.out;
    require_writable_file(out);
    std::vector<SearchResult> results;
    for (const auto& folder : options.folders)
        results.push_back(load_result(fs::is_directory(folder) ? folder / "search.json" : folder));
    write_file(out, report_html(results, options.listen ? listen(results, options) : ""));
    const auto figures = out.parent_path() / "figures";
    fs::create_directories(figures);
    for (const auto& [name, svg] : report_figures(results)) {
        write_file(figures / name, svg);
        if (options.png) svg_to_png(figures / name, (figures / name).replace_extension(".png"));
    }
    std::cout << "wrote " << out.string() << '\n';
}

void add_listening(CLI::App& command, ReportArguments& options) {
    auto* listen = command.add_flag("--listen", options.listen,
                                    "The page plays the presets in any browser, offline; needs plugin/web/pack");
    command
        .add_option("--presets", options.presets,
                    "Instead of searches: preset files (.gruve) for a page that plays them")
        ->check(CLI::ExistingFile)
        ->excludes("folders");
    command
        .add_option("--data", options.data,
                    "With --listen or --presets: the data folder of the training. The page holds four mixtures, or one "
                    "recording of each word, of its test split")
        ->check(CLI::ExistingDirectory);
    command.add_option("--split-seed", options.split_seed, "With --data: the --split-seed of the training")
        ->capture_default_str();
    command.add_option("--sound", options.sounds, "Sound files to put into the page, up to 20 s of each")
        ->check(CLI::ExistingFile);
    command
        .add_option("--float", options.network,
                    "With --listen: the float network that was searched (.safetensors), to compare with. Default: "
                    "presets/…-float.gruve, where it is")
        ->check(CLI::ExistingFile)
        ->needs(listen);
}

}  // namespace

void add_report(CLI::App& app) {
    auto options = std::make_shared<ReportArguments>();
    auto* command = app.add_subcommand(
        "report",
        "Write an HTML page about a search, or one that compares several, and its plots as SVG files in figures/");
    command->add_option("folders", options->folders, "Folders (or search.json files) that `gruve search` wrote")
        ->check(CLI::ExistingPath);
    command->add_option("--out", options->out,
                        "HTML page to write. Default for a single search: report.html in its folder");
    command->add_flag("--png", options->png,
                      "Also write the plots as PNG files; needs rsvg-convert (Debian: librsvg2-bin)");
    add_listening(*command, *options);
    command->callback([options] { run(*options); });
}

}  // namespace gruve
