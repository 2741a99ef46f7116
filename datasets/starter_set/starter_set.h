// The embedded default data: a small synthetic set that a computer without recordings can make in half a minute.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace gruve {

/// Makes words/<word>/<speaker>_<take>.wav (yes, no, stop, go), speech/<speaker>/<n>.wav (sentences by the same speakers),
/// noise/<kind>/<n>.wav and a README.txt that says it is synthetic; all mono, 16 kHz. The voices are espeak-ng's, run as child
/// processes; the noises are formulas. The same machine makes the same files each time; a complete set is left as it is.
/// `progress` gets a line now and then, on one thread at a time; where it returns false the work stops and false is returned
/// (a later call starts again). Throws DataError where espeak-ng isn't installed or fails, or where the folder holds other things.
bool make_starter_set(const std::filesystem::path& folder, const std::function<bool(const std::string&)>& progress);

}  // namespace gruve
