// A thread-safe cache that makes each value once.
#pragma once

#include <map>
#include <memory>
#include <mutex>

namespace gruve {

template <typename Key, typename Value>
class Memo {
public:
    /// The value of `key`. The first thread to ask calls make(); others that need the same key wait for it, and other
    /// keys are not blocked. The reference stays valid as long as the Memo.
    template <typename Make>
    const Value& get(const Key& key, const Make& make) {
        Slot* slot = nullptr;
        {
            const std::scoped_lock lock(mutex_);
            auto& entry = slots_[key];
            if (!entry) entry = std::make_unique<Slot>();
            slot = entry.get();
        }
        std::call_once(slot->once, [&] { slot->value = make(); });
        return slot->value;
    }

private:
    struct Slot {
        std::once_flag once;
        Value value{};
    };
    std::mutex mutex_;
    std::map<Key, std::unique_ptr<Slot>> slots_;
};

}  // namespace gruve
