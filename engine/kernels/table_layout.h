// A layer's tables in the order in which a kernel looks entries up.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "engine/kernels/kernel.h"
#include "engine/kernels/plan.h"

namespace gruve::kernels {

/// The entry of a pre-activation.
using Entry = std::function<int(int pre)>;

/// A layer's tables, one after another. A look-up may read beyond the last one, into the weights and sums that follow.
class Tables {
public:
    explicit Tables(const Kernel& kernel) : kernel_(kernel) {}

    /// Appends entry(pre) of every pre-activation of `bits` bits. complement: all bits that an entry of a σ table may
    /// have set; 0 for tanh.
    TablePlan add(int bits, int complement, const Entry& entry);

    const std::vector<std::uint8_t>& bytes() const { return bytes_; }

private:
    const Kernel& kernel_;
    std::vector<std::uint8_t> bytes_;
};

}  // namespace gruve::kernels
