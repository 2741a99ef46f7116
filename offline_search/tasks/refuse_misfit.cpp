#include "offline_search/tasks/refuse_misfit.h"

#include "datasets/support/data_error.h"

namespace gruve {

void refuse_misfit(const std::string& task, NetworkShape found, NetworkShape expected) {
    if (found == expected) return;
    throw DataError("the network doesn't fit the task " + task + ": it has " + std::to_string(found.inputs) +
                    " inputs and " + std::to_string(found.outputs) + " outputs, expected " +
                    std::to_string(expected.inputs) + " and " + std::to_string(expected.outputs));
}

}  // namespace gruve
