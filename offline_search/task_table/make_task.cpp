#include "offline_search/task_table/make_task.h"

#include "offline_search/task_table/task_table.h"

namespace gruve {

std::unique_ptr<Task> make_task(std::string_view task, const DataOptions& data, std::uint64_t seed,
                                const std::filesystem::path& recipe) {
    const TaskEntry& entry = task_named(task);
    return entry.make(entry, {data, seed, recipe});
}

}  // namespace gruve
