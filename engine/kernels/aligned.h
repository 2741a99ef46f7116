// Memory for vectors: aligned to a cache line, filled with zeros, of a fixed size.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>

namespace gruve::kernels {

inline constexpr std::size_t alignment = 64;

template <class T>
class Aligned {
public:
    Aligned() = default;
    explicit Aligned(std::size_t count)
        : size_(count), data_(static_cast<T*>(::operator new (bytes(), std::align_val_t{alignment}))) {
        std::memset(data_.get(), 0, bytes());
    }
    T* data() const { return data_.get(); }
    std::size_t size() const { return size_; }
    /// Rounded up to whole cache lines.
    std::size_t bytes() const { return (size_ * sizeof(T) + alignment - 1) / alignment * alignment; }

private:
    struct Free {
        void operator()(T* p) const { ::operator delete (p, std::align_val_t{alignment}); }
    };
    std::size_t size_ = 0;
    std::unique_ptr<T[], Free> data_;
};

}  // namespace gruve::kernels
