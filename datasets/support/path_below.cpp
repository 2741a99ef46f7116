#include "datasets/support/path_below.h"

namespace gruve {

std::string path_below(const std::filesystem::path& folder, const std::filesystem::path& file) {
    const std::string &above = folder.native(), &name = file.native();
    const std::size_t at = above.size() + 1;
    const bool begins = !above.empty() && name.size() > at && name.starts_with(above) && name[at - 1] == '/';
    return begins && name[at] != '/' ? name.substr(at) : file.lexically_relative(folder).generic_string();
}

}  // namespace gruve
