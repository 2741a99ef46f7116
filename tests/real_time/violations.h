// Counts calls that an audio thread must not make. violations.cpp replaces entry points of the C library by ones that
// count while a NonBlocking is alive on the calling thread. Calls by JUCE and by the standard library count too.
#pragma once

#include <string>

namespace gruve::test {

struct Violations {
    int allocations = 0;   // malloc, calloc, realloc, free and aligned variants, also by new and delete
    int locks = 0;         // mutexes, read-write locks, semaphores, condition variables: wait, try or wake
    int system_calls = 0;  // files, sockets, sleep, memory maps, threads
    int all() const { return allocations + locks + system_calls; }
    bool operator==(const Violations&) const = default;
    Violations& operator+=(const Violations& more) {
        allocations += more.allocations, locks += more.locks, system_calls += more.system_calls;
        return *this;
    }
};
std::string to_string(const Violations&);

/// Counts the violations of this thread from construction to destruction. Other threads do not count. Scopes must not
/// nest.
class NonBlocking {
public:
    NonBlocking();
    ~NonBlocking();
    NonBlocking(const NonBlocking&) = delete;
    NonBlocking& operator=(const NonBlocking&) = delete;
    Violations violations() const;
};

/// Violations of this thread while `work` runs.
template <typename Work>
Violations violations_of(Work&& work) {
    const NonBlocking scope;
    work();
    return scope.violations();
}

/// False under the sanitizers, which have their own entry points. Nothing is counted then.
bool violations_are_counted();

}  // namespace gruve::test
