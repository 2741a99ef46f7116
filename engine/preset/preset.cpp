#include "engine/preset/preset.h"

namespace gruve {

std::size_t parameter_bytes(const Preset& preset) {
    std::size_t bytes =
        preset.is_float() ? preset.float_model.parameter_bytes() : parameter_bytes(preset.model).total();
    for (const Preset& first : preset.before) bytes += parameter_bytes(first);
    return bytes;
}

}  // namespace gruve
