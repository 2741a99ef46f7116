// Presets by number, as control ports choose them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

struct gruve_preset;  // of gruve/gruve.h

namespace gruve::plugin {

/// Factory presets lie inside the binary and have the numbers of presets/numbers.txt, which never change: denoisers
/// from 1 on, keyword presets from first_word_number on. A person's
/// own presets have the numbers that `numbers.txt` beside them gives, from first_own_number on.
struct NumberedPreset {
    int number = 0;
    std::string name;
    std::span<const std::uint8_t> bytes;  // of a factory preset; else empty
    std::filesystem::path file;           // of a person's own preset; else empty
};

inline constexpr int first_word_number = 500, first_own_number = 1000;

/// The factory's denoisers.
std::vector<NumberedPreset> factory_index();
/// The factory's keyword presets. A library of its own, which holds them, defines it: gruve_plugin_words.
std::vector<NumberedPreset> factory_words();

/// $GRUVE_PRESETS, else $XDG_DATA_HOME/gruve/presets, else ~/.local/share/gruve/presets; empty where none is set.
std::filesystem::path own_preset_folder();

/// The presets that `folder`/numbers.txt names ("1000 my-room" a line). Lines that aren't of this form, numbers below
/// first_own_number and presets that are gone are left out. Nothing on the disk makes it throw.
std::vector<NumberedPreset> own_index(const std::filesystem::path& folder);

/// Gives each .gruve file of `folder` that has no number yet the next one, and writes numbers.txt (aside, then
/// renamed). A number once given stays, also when the file goes. Throws std::filesystem::filesystem_error or
/// std::runtime_error.
void number_own_presets(const std::filesystem::path& folder);

struct FreePreset {
    void operator()(gruve_preset* preset) const noexcept;
};

/// A preset of `factory` or of the person's own by its number. Throws std::runtime_error with a sentence.
std::unique_ptr<gruve_preset, FreePreset> open_preset(const std::vector<NumberedPreset>& factory, int number);

}  // namespace gruve::plugin
