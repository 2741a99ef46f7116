// Hands one object at a time from one thread to another, without a lock.
#pragma once

#include <atomic>
#include <memory>

namespace gruve::plugin {

/// Holds at most one item. Any thread may put and take; take() and empty() are real-time safe. A new item replaces one
/// that nobody took.
template <class T>
class Mailbox {
public:
    ~Mailbox() { delete content_.load(); }
    /// Returns the item that was still waiting, or null. The caller frees it.
    std::unique_ptr<T> put(std::unique_ptr<T> item) noexcept {
        return std::unique_ptr<T>(content_.exchange(item.release()));
    }
    /// Null if the mailbox is empty.
    std::unique_ptr<T> take() noexcept { return std::unique_ptr<T>(content_.exchange(nullptr)); }
    bool empty() const noexcept { return content_.load() == nullptr; }

private:
    std::atomic<T*> content_{nullptr};
};

}  // namespace gruve::plugin
