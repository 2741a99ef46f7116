// Presets by number, as control ports choose them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace gruve::plugin {

/// Factory presets lie inside the binary and have the numbers of presets/numbers.txt, which never change. A person's
/// own presets have the numbers that `numbers.txt` beside them gives, from first_own_number on.
struct NumberedPreset {
    int number = 0;
    std::string name;
    std::span<const std::uint8_t> bytes;  // of a factory preset; else empty
    std::filesystem::path file;           // of a person's own preset; else empty
};

inline constexpr int first_own_number = 1000;

std::vector<NumberedPreset> factory_index();

/// $GRUVE_PRESETS, else $XDG_DATA_HOME/gruve/presets, else ~/.local/share/gruve/presets; empty where none is set.
std::filesystem::path own_preset_folder();

/// The presets that `folder`/numbers.txt names ("1000 my-room" a line). Lines that aren't of this form, numbers below
/// first_own_number and presets that are gone are left out. Nothing on the disk makes it throw.
std::vector<NumberedPreset> own_index(const std::filesystem::path& folder);

/// Gives each .gruve file of `folder` that has no number yet the next one, and writes numbers.txt (aside, then
/// renamed). A number once given stays, also when the file goes. Throws std::filesystem::filesystem_error or
/// std::runtime_error.
void number_own_presets(const std::filesystem::path& folder);

}  // namespace gruve::plugin
