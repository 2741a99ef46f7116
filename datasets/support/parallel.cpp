#include "datasets/support/parallel.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "datasets/support/interrupt.h"

namespace gruve {
namespace {

thread_local bool inside_round = false;

/// One parallel_for: the threads take their indices from one counter.
struct Round {
    const std::function<void(int)>& fn;
    const int count;
    std::atomic<int> next{0};
    std::mutex mutex{};
    std::exception_ptr error{};
    int error_index = count;

    void work() {
        inside_round = true;
        for (int index; (index = next.fetch_add(1)) < count;) {
            try {
                stop_if_asked();
                fn(index);
            } catch (...) {
                const std::lock_guard lock(mutex);
                if (index < error_index) {
                    error_index = index;
                    error = std::current_exception();
                }
                next = count;
            }
        }
        inside_round = false;
    }
};

/// Threads that wait for rounds. They are started when first needed and then kept, because training opens thousands of
/// rounds a second.
class Pool {
public:
    ~Pool() {
        {
            const std::lock_guard lock(mutex_);
            closing_ = true;
        }
        wake_.notify_all();
        for (auto& thread : threads_) thread.join();
    }

    void run(Round& round, int helpers) {
        {
            const std::lock_guard lock(mutex_);
            while (static_cast<int>(threads_.size()) < helpers) threads_.emplace_back([this] { loop(); });
            round_ = &round;
            wanted_ = helpers;
        }
        wake_.notify_all();
        round.work();
        std::unique_lock lock(mutex_);
        wanted_ = 0;  // threads that have not woken up yet are not needed
        done_.wait(lock, [this] { return busy_ == 0; });
        round_ = nullptr;
    }

private:
    void loop() {
        std::unique_lock lock(mutex_);
        while (true) {
            wake_.wait(lock, [this] { return closing_ || wanted_ > 0; });
            if (closing_) return;
            --wanted_;
            ++busy_;
            Round& round = *round_;
            lock.unlock();
            round.work();
            lock.lock();
            if (--busy_ == 0) done_.notify_one();
        }
    }

    std::mutex mutex_;
    std::condition_variable wake_, done_;
    std::vector<std::thread> threads_;
    Round* round_ = nullptr;
    int wanted_ = 0, busy_ = 0;
    bool closing_ = false;
};

}  // namespace

int default_jobs() { return static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1u, 8u)); }

void parallel_for(int jobs, int count, const std::function<void(int)>& fn) {
    const int helpers = std::min(jobs, count) - 1;
    if (helpers <= 0 || inside_round) {
        for (int index = 0; index < count; ++index) {
            stop_if_asked();
            fn(index);
        }
        return;
    }
    static std::mutex one_round_at_a_time;
    static Pool pool;
    Round round{fn, count};
    {
        const std::lock_guard lock(one_round_at_a_time);
        pool.run(round, helpers);
    }
    if (round.error) std::rethrow_exception(round.error);
}

}  // namespace gruve
