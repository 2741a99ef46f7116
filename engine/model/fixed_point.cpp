#include "engine/model/fixed_point.h"

#include <cmath>
#include <stdexcept>
#include <string>

namespace gruve {

Requantiser requantiser_for(double factor) {
    if (!(factor > 0.0 && factor < 32768.0))
        throw std::invalid_argument("requantiser_for: factor " + std::to_string(factor) +
                                    ", allowed above 0 and below 32768");
    // factor = multiplier / 2^shift. A multiplier in [2^14, 2^15) is the most precise one that fits.
    int exponent = 0;
    std::frexp(factor, &exponent);  // factor = f · 2^exponent, f in [0.5, 1)
    int shift = 15 - exponent;
    if (shift > max_shift) shift = max_shift;
    auto multiplier = static_cast<std::int64_t>(std::floor(std::ldexp(factor, shift) + 0.5));
    if (multiplier > 32767) {  // rounded up to 2^15
        if (shift == 0)
            multiplier = 32767;
        else {
            multiplier = 16384;
            --shift;
        }
    }
    return {static_cast<std::int16_t>(multiplier), static_cast<std::int8_t>(shift)};
}

}  // namespace gruve
