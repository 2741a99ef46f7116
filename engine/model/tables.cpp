#include "engine/model/tables.h"

#include <array>
#include <cstdlib>
#include <stdexcept>

namespace gruve {
namespace {

constexpr std::uint64_t one_q31 = std::uint64_t{1} << 31;

// round(2^31 · e^(−2^(k−24))), k = 0..28: one factor for each bit of x in Q24.
constexpr std::array<std::uint32_t, 29> exp_factors = {
    2147483520u, 2147483392u, 2147483136u, 2147482624u, 2147481600u, 2147479552u, 2147475456u, 2147467264u,
    2147450880u, 2147418113u, 2147352580u, 2147221520u, 2146959424u, 2146435328u, 2145387520u, 2143293437u,
    2139111403u, 2130771798u, 2114190000u, 2081412522u, 2017374191u, 1895147668u, 1672461947u, 1302514674u,
    790015084u,  290630308u,  39332535u,   720401u,     242u};

constexpr std::uint64_t largest_x_q24 = (std::uint64_t{1} << exp_factors.size()) - 1;  // e^(−32) is 0 in Q31

std::int64_t rounded_quotient(std::uint64_t numerator, std::uint64_t denominator) {
    return static_cast<std::int64_t>((2 * numerator + denominator) / (2 * denominator));
}

}  // namespace

std::uint32_t exp_minus_q31(std::uint64_t x_q24) {
    if (x_q24 > largest_x_q24) x_q24 = largest_x_q24;
    std::uint64_t product = one_q31;
    for (std::size_t k = 0; k < exp_factors.size(); ++k)
        if ((x_q24 >> k) & 1) product = (product * exp_factors[k] + one_q31 / 2) >> 31;
    return static_cast<std::uint32_t>(product);
}

Table make_table(Activation activation, int input_width, int output_width, std::uint64_t scale_q24) {
    if (activation == Activation::none) throw std::invalid_argument("make_table: the activation must not be none");
    if (input_width < min_width || input_width > max_width || output_width < min_width || output_width > max_width)
        throw std::invalid_argument("make_table: widths " + std::to_string(input_width) + " and " +
                                    std::to_string(output_width) + ", allowed 2..8");
    // σ and tanh are saturated beyond ±32. Limiting the scale keeps the products below from overflowing.
    if (scale_q24 > largest_x_q24) scale_q24 = largest_x_q24;

    Table table{static_cast<std::uint8_t>(input_width), static_cast<std::uint8_t>(output_width), {}};
    for (std::int32_t pre = signed_min(input_width); pre <= signed_max(input_width); ++pre) {
        const std::uint64_t x = static_cast<std::uint64_t>(std::abs(pre)) * scale_q24;
        std::int64_t value = 0;
        if (activation == Activation::sigmoid) {  // 1/(1+e^−x) for x ≥ 0, e^x/(1+e^x) below
            const std::uint64_t e = exp_minus_q31(x);
            value = rounded_quotient(static_cast<std::uint64_t>(unsigned_max(output_width)) * (pre >= 0 ? one_q31 : e),
                                     one_q31 + e);
        } else {  // (1−e^−2x)/(1+e^−2x), odd
            const std::uint64_t e = exp_minus_q31(2 * x);
            value = rounded_quotient(static_cast<std::uint64_t>(signed_max(output_width)) * (one_q31 - e), one_q31 + e);
            if (pre < 0) value = -value;
        }
        table.values.push_back(static_cast<std::int16_t>(value));
    }
    return table;
}

}  // namespace gruve
