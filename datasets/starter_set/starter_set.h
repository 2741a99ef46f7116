// The starter set: a small synthetic data set, made in half a minute, for users without recordings.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace gruve {

/// Makes words/<word>/<speaker>_<take>.wav (yes, no, stop, go), speech/<speaker>/<n>.wav (sentences by the same
/// speakers), noise/<kind>/<n>.wav, all mono at 16 kHz, and a README.txt that says that the set is synthetic. The
/// voices come from espeak-ng, run as child processes; the noises are computed. On one machine the files are the same
/// each time. A complete set is left unchanged.
/// `progress` gets a line after every 20 files, from one thread at a time. If it returns false, the work stops and the
/// function returns false; a later call starts again. Throws DataError if espeak-ng is not installed or fails, or if
/// the folder holds other files.
bool make_starter_set(const std::filesystem::path& folder, const std::function<bool(const std::string&)>& progress);

}  // namespace gruve
