// gruve report: search.json → report.html, for one search or several side by side.
#include <CLI/CLI.hpp>
#include <iostream>

#include "offline_search/commands/commands.h"
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
    std::vector<SearchResult> results;
    for (const auto& folder : options.folders)
        results.push_back(load_result(std::filesystem::is_directory(folder) ? folder / "search.json" : folder));
    const auto out = options.out.empty() ? options.folders.front() / "report.html" : options.out;
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
        "One HTML page about a search, or several compared, and its plots as SVG files in figures/ beside it");
    command->add_option("folders", options->folders, "Folders that `gruve search` wrote")
        ->required()
        ->check(CLI::ExistingPath);
    command->add_option("--out", options->out,
                        "The page to write; of a single search by default report.html in its folder");
    command->add_flag("--png", options->png, "The plots as PNG files, too (by rsvg-convert, of Debian's librsvg2-bin)");
    command->callback([options] { run(*options); });
}

}  // namespace gruve
