// A loop whose turns run on several threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace gruve {

/// Threads worth starting for reading and decoding files.
inline int default_jobs() { return static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1u, 8u)); }

/// work(0) … work(count−1), taken in order by `jobs` threads. Where turns throw, the exception of the lowest index is rethrown
/// (no later turn is started then), so an error message doesn't depend on the number of threads.
template <class Work>
void for_each_index(int count, int jobs, const Work& work) {
    std::atomic<int> next = 0;
    std::atomic<bool> failed = false;
    std::mutex mutex;
    std::exception_ptr error;
    int error_index = count;
    const auto run = [&] {
        while (!failed) {
            const int i = next++;
            if (i >= count) return;
            try {
                work(i);
            } catch (...) {
                const std::lock_guard lock(mutex);
                if (i < error_index) {
                    error_index = i;
                    error = std::current_exception();
                }
                failed = true;
            }
        }
    };
    {
        std::vector<std::jthread> threads;
        for (int t = 1; t < std::min(jobs, count); ++t) threads.emplace_back(run);
        run();
    }
    if (error) std::rethrow_exception(error);
}

}  // namespace gruve
