// gruve data: what folders of recordings hold, and what each task could do with them.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "offline_search/commands/command_options.h"
#include "offline_search/commands/commands.h"
#include "offline_search/task_table/data_survey.h"

namespace gruve {
namespace {

struct DataArguments {
    DataOptions data;
    int jobs = 1;
    bool json = false;
};

OrderedJson to_json(const RootSurvey& survey) {
    OrderedJson roles = OrderedJson::array();
    for (const RoleSurvey& role : survey.roles) {
        OrderedJson rates;
        for (const auto& [rate_hz, files] : role.files_of_rate) rates[std::to_string(rate_hz)] = files;
        roles.push_back({{"role", role.role},
                         {"files", role.files},
                         {"seconds", role.seconds},
                         {"groups", role.groups.size()},
                         {"files_of_rate_hz", rates}});
    }
    return {{"root", survey.root.string()},
            {"layout", survey.layout},
            {"roles", roles},
            {"words", survey.words},
            {"left_out", survey.left_out}};
}

void print_role(const RoleSurvey& role) {
    const bool voices = role.role == "words" || role.role.ends_with("speech");
    std::printf("  %-17s %s files, %.2f h, %s %s;", role.role.c_str(), with_commas(role.files).c_str(),
                role.seconds / 3600, with_commas(static_cast<long long>(role.groups.size())).c_str(),
                voices ? "speakers" : "sources");
    const char* before = " ";
    for (const auto& [rate_hz, files] : role.files_of_rate) {
        std::printf("%s%s at %g kHz", before, with_commas(files).c_str(), rate_hz / 1000.0);
        before = ", ";
    }
    std::printf("\n");
}

void print(const RootSurvey& survey) {
    constexpr std::size_t most_lines = 20;
    std::printf("%s: %s\n", survey.root.string().c_str(), survey.line().c_str());
    for (const RoleSurvey& role : survey.roles) print_role(role);
    if (!survey.words.empty()) {
        std::printf("  clips of words   ");
        const char* before = " ";
        for (const auto& [word, clips] : survey.words) {
            std::printf("%s%s %d", before, word.c_str(), clips);
            before = ", ";
        }
        std::printf("\n");
    }
    for (std::size_t i = 0; i < survey.left_out.size() && i < most_lines; ++i)
        std::printf("  left out: %s\n", survey.left_out[i].c_str());
    if (survey.left_out.size() > most_lines)
        std::printf("  left out: %zu more lines (--json prints all)\n", survey.left_out.size() - most_lines);
}

void run(const DataArguments& options) {
    check_layouts(options.data);
    const std::vector<RootSurvey> roots = survey(options.data, options.jobs);
    const std::vector<TaskVerdict> tasks = verdicts(roots);
    if (options.json) {
        OrderedJson json = {{"roots", OrderedJson::array()}, {"tasks", OrderedJson::array()}};
        for (const RootSurvey& root : roots) json["roots"].push_back(to_json(root));
        for (const TaskVerdict& task : tasks)
            json["tasks"].push_back({{"task", task.task}, {"usable", task.usable}, {"reason", task.reason}});
        std::cout << json.dump(2) << '\n';
        return;
    }
    for (const RootSurvey& root : roots) print(root);
    std::printf("tasks\n");
    for (const TaskVerdict& task : tasks)
        std::printf("  %-20s %s %s\n", task.task.c_str(), task.usable ? "yes:" : "no: ", task.reason.c_str());
}

}  // namespace

void add_data(CLI::App& app) {
    auto* command =
        app.add_subcommand("data",
                           "Print what folders of recordings hold, what is left out, and what each task could "
                           "do with them");
    auto options = std::make_shared<DataArguments>();
    command->add_option("folders", options->data.roots, "Folders of recordings, as for --data")->required();
    add_layout(*command, options->data);
    add_jobs(*command, options->jobs);
    command->add_flag("--json", options->json, "Print the result as JSON");
    command->footer("Only headers are read. Silent, clipped and damaged recordings show up when a task reads them.");
    command->callback([options] { run(*options); });
}

}  // namespace gruve
