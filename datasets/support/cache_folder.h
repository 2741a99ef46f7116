// Where Gruve keeps what it can make again.
#pragma once

#include <filesystem>

namespace gruve {

/// gruve/ in XDG_CACHE_HOME, or in .cache of the home folder, or (on Windows) gruve\cache in LOCALAPPDATA; it may not
/// exist yet. Empty if the environment names none.
std::filesystem::path cache_folder();

}  // namespace gruve
