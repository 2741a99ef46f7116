// A preset that somebody asked for and that is not read yet.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gruve::plugin {

/// The preset's bytes, or the file that holds them. With neither, it asks for an empty slot.
struct PresetRequest {
    std::string source;               // the name that users see
    std::vector<std::uint8_t> bytes;  // of the .gruve file
    std::string path;                 // the file to read if `bytes` is empty
    bool none() const { return bytes.empty() && path.empty(); }
    bool from_session = false;  // kept even if the present rate or latency can't play it
};

}  // namespace gruve::plugin
