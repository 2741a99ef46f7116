#include "offline_search/selection/job_command.h"

namespace gruve {

std::string name_of(FineTuning which) {
    switch (which) {
        case FineTuning::best:
            return "best";
        case FineTuning::front:
            return "front";
        case FineTuning::rounds:
            return "rounds";
        case FineTuning::none:
            break;
    }
    return "none";
}

std::string stem_of(const Task& task, const SearchJob& job) {
    return (job.name.empty() ? task.name() : job.name) + "-";
}

std::string command_of(const Task& task, const SearchJob& job) {
    return "gruve search --task " + task.name() + " --model MODEL" +
           (task.fixed_bytes() > 0 ? " --first-stage PRESET" : "") + " --data DATA --out OUT --scheme " +
           name_of(job.scheme) + " --seed " + std::to_string(job.settings.seed) + " --population " +
           std::to_string(job.settings.population) + " --generations " + std::to_string(job.settings.generations) +
           " --calibration " + std::to_string(job.calibration) + (job.name.empty() ? "" : " --name " + job.name) +
           (job.cost_objective ? " --objectives error,bytes,ns" : "") +
           (job.rank.empty() ? "" : " --rank " + job.rank) + (job.earlier.empty() ? "" : " --earlier SEARCH") +
           (job.fine_tuning == FineTuning::none ? ""
                                                : " --finetune " + name_of(job.fine_tuning) + " --finetune-epochs " +
                                                      std::to_string(job.fine_tuning_epochs));
}

Scheme scheme_of(const SearchJob& job) {
    const bool paper = job.scheme == GeneScheme::paper;
    return {.narrow_state = paper, .strategy = paper ? &plain_strategy() : &calibrated_strategy()};
}

std::string ranking_of(const SearchJob& job) {
    return std::string(job.cost_objective ? " with ns" : "") + (job.rank.empty() ? "" : " ranked by " + job.rank);
}

}  // namespace gruve
