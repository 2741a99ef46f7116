// What a control asks for is built on a thread of its own, and handed to the audio thread.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <utility>

namespace gruve::plugin {

/// One audio thread asks, takes and retires; the newest request wins.
template <class Product>
class BackgroundBuilder {
public:
    /// build: from a number (0..65535) to a product, or to null where it can't be made. Runs on the thread; must not
    /// throw.
    explicit BackgroundBuilder(std::function<std::unique_ptr<Product>(int)> build) : build_(std::move(build)) {}
    ~BackgroundBuilder() {
        quit_ = true;
        if (thread_.joinable()) thread_.join();
        delete ready_.load();
        delete retired_.load();
    }
    BackgroundBuilder(const BackgroundBuilder&) = delete;
    BackgroundBuilder& operator=(const BackgroundBuilder&) = delete;

    /// Starts the thread. Not real-time safe.
    void start() {
        thread_ = std::thread([this] { work(); });
    }
    /// Real-time safe. A number asked for again is built again.
    void ask(int number) noexcept { wanted_ = (++requests_ << 16) | static_cast<std::uint32_t>(number & 0xffff); }
    /// What has been built, or null. Real-time safe.
    std::unique_ptr<Product> take() noexcept { return std::unique_ptr<Product>(ready_.exchange(nullptr)); }
    /// Gives `product` to the thread to be freed; leaves it where the last one is not freed yet. Real-time safe.
    void retire(std::unique_ptr<Product>& product) noexcept {
        Product* none = nullptr;
        if (product && retired_.compare_exchange_strong(none, product.get())) product.release();
    }

private:
    // The thread looks by itself, because to wake it would be a system call.
    static constexpr auto period = std::chrono::milliseconds(5);

    void work() {
        for (std::uint32_t done = 0; !quit_;) {
            std::this_thread::sleep_for(period);
            delete retired_.exchange(nullptr);
            if (ready_.load() != nullptr) continue;  // the audio thread has not taken the last one yet
            if (const std::uint32_t request = wanted_.load(); request != done) {
                done = request;
                if (auto product = build_(static_cast<int>(request & 0xffff))) ready_.store(product.release());
            }
        }
    }

    std::function<std::unique_ptr<Product>(int)> build_;
    std::atomic<std::uint32_t> wanted_{0};  // the request's own number, then the number that is asked for: 16 bits each
    std::atomic<Product*> ready_{nullptr}, retired_{nullptr};
    std::atomic<bool> quit_{false};
    std::uint32_t requests_ = 0;  // the audio thread's
    std::thread thread_;
};

}  // namespace gruve::plugin
