// gruve report: makes report.html from the search.json of one search or several.
#include <CLI/CLI.hpp>
#include <iostream>

#include "offline_search/commands/commands.h"
#include "offline_search/files/output_path.h"
#include "offline_search/files/write_file.h"
#include "offline_search/report/report.h"
#include "offline_search/report/svg_to_png.h"

namespace gruve {
namespace {

struct Options {
    std::vector<std::filesystem::path> folders;
    std::filesystem::path out;
    bool png = false;
};

void run(const Options& options) {
    if (options.folders.size() > 1 && options.out.empty())
        throw CLI::ValidationError("--out", "needed to compare several searches");
    const auto out = options.out.empty() ? options.folders.front() / "report.html" : options.out;
    require_writable_file(out);
    std::vector<SearchResult> results;
    for (const auto& folder : options.folders)
        results.push_back(load_result(std::filesystem::is_directory(folder) ? folder / "search.json" : folder));
    write_file(out, report_html(results));
    const auto figures = out.parent_path() / "figures";
    std::filesystem::create_directories(figures);
    for (const auto& [name, svg] : report_figures(results)) {
        write_file(figures / name, svg);
        if (options.png) svg_to_png(figures / name, (figures / name).replace_extension(".png"));
    }
    std::cout << "wrote " << out.string() << '\n';
}

}  // namespace

void add_report(CLI::App& app) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand(
        "report",
        "Write an HTML page about a search, or one that compares several, and its plots as SVG files in figures/");
    command->add_option("folders", options->folders, "Folders (or search.json files) that `gruve search` wrote")
        ->required()
        ->check(CLI::ExistingPath);
    command->add_option("--out", options->out,
                        "HTML page to write. Default for a single search: report.html in its folder");
    command->add_flag("--png", options->png,
                      "Also write the plots as PNG files; needs rsvg-convert (Debian: librsvg2-bin)");
    command->callback([options] { run(*options); });
}

}  // namespace gruve
