// Counts what an audio thread must not do. A test that links violations.cpp has the C library's own entry points replaced by ones
// that count while a NonBlocking is alive on the calling thread; what JUCE and the standard library call is seen too.
#pragma once

#include <string>

namespace gruve::test {

struct Violations {
    int allocations = 0;   // malloc, calloc, realloc, free, aligned kinds and what new and delete make of them
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

/// From construction to destruction what this thread does is counted. Other threads are not; scopes don't nest.
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

/// False under the sanitizers, which bring their own entry points: nothing is counted then.
bool violations_are_counted();

}  // namespace gruve::test
