// Counts calls that an audio thread must not make. violations.cpp replaces the C library's entry points in the program
// that links it. They count while a NonBlocking is alive on the calling thread, also calls from JUCE and the standard
// library.
#pragma once

#include <string>

namespace gruve::test {

struct Violations {
    int allocations = 0;   // malloc, calloc, realloc, free and their aligned kinds, also by new and delete
    int locks = 0;         // mutexes, read-write locks, semaphores, condition variables: waiting, trying or waking
    int system_calls = 0;  // files, sockets, sleep, memory maps, threads
    int all() const { return allocations + locks + system_calls; }
    bool operator==(const Violations&) const = default;
    Violations& operator+=(const Violations& more) {
        allocations += more.allocations, locks += more.locks, system_calls += more.system_calls;
        return *this;
    }
};
std::string to_string(const Violations&);

/// Counts the calls of this thread from construction to destruction. It ignores other threads. Scopes don't nest.
class NonBlocking {
public:
    NonBlocking();
    ~NonBlocking();
    NonBlocking(const NonBlocking&) = delete;
    NonBlocking& operator=(const NonBlocking&) = delete;
    Violations violations() const;
};

/// The violations of this thread while `work` runs.
template <typename Work>
Violations violations_of(Work&& work) {
    const NonBlocking scope;
    work();
    return scope.violations();
}

/// False under the sanitizers: they have entry points of their own, so that nothing is counted.
bool violations_are_counted();

}  // namespace gruve::test
