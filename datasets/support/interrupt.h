// Ctrl-C, as work in any folder sees it.
#pragma once

#include <atomic>
#include <stdexcept>

namespace gruve {

/// Set when the user asks the program to stop. Long work looks at it between steps, keeps its finished steps and stops.
extern std::atomic<bool> interrupted;

/// Work that was stopped before it had anything to keep.
struct Interrupted : std::runtime_error {
    Interrupted() : std::runtime_error("stopped before anything was finished") {}
};

/// While one exists, parallel_for() on any thread throws Interrupted once `interrupted` is set, instead of starting
/// further calls.
class Stoppable {
public:
    Stoppable();
    ~Stoppable();
    Stoppable(const Stoppable&) = delete;
    Stoppable& operator=(const Stoppable&) = delete;
};

/// Throws Interrupted if `interrupted` is set and a Stoppable exists.
void stop_if_asked();

}  // namespace gruve
