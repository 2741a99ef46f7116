// Values made once per key, by whichever thread asks first.
#pragma once

#include <map>
#include <memory>
#include <mutex>

namespace gruve {

template <typename Key, typename Value>
class Memo {
public:
    /// The value of `key`, made by make() the first time. Thread-safe; other keys are not held up meanwhile.
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
