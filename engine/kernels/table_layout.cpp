#include "engine/kernels/table_layout.h"

#include "engine/model/fixed_point.h"

namespace gruve::kernels {
namespace {

// odd: entry[−i] = −entry[i]. complement: entry[−i] = complement − entry[i]. The lowest pre-activation has no
// counterpart, so its entry must equal the next one.
Symmetry symmetry_of(int bits, const Entry& entry, int complement) {
    if (entry(signed_min(bits)) != entry(signed_min(bits) + 1)) return Symmetry::none;
    bool odd = entry(0) == 0, complements = true;
    for (int pre = 1; pre <= signed_max(bits); ++pre) {
        odd = odd && entry(-pre) == -entry(pre);
        complements = complements && (entry(pre) ^ complement) == entry(-pre);
    }
    return odd ? Symmetry::odd : complements ? Symmetry::complement : Symmetry::none;
}

}  // namespace

TablePlan Tables::add(int bits, int complement, const Entry& entry) {
    TablePlan plan{static_cast<std::uint16_t>(bytes_.size()), static_cast<std::uint8_t>(bits), Symmetry::none,
                   splat8(complement)};
    if (kernel_.table_order == TableOrder::differences) plan.symmetry = symmetry_of(bits, entry, complement);
    for (int pre = plan.symmetry == Symmetry::none ? signed_min(bits) : 0; pre <= signed_max(bits); ++pre)
        bytes_.push_back(static_cast<std::uint8_t>(entry(pre)));
    if (kernel_.table_order == TableOrder::differences)
        for (std::size_t i = bytes_.size() - plan.at; i-- > 16;)
            if (i % 128 >= 16) bytes_[plan.at + i] ^= bytes_[plan.at + i - 16];
    return plan;
}

}  // namespace gruve::kernels
