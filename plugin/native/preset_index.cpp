#include "plugin/native/preset_index.h"

#include <gruve/gruve.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <stdexcept>
#include <system_error>

namespace gruve::plugin {
namespace {

namespace fs = std::filesystem;

fs::path environment_path(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? fs::path() : fs::path(value);
}

/// "1000 my-room" → 1000, "my-room"; number 0 where the line isn't of this form.
std::pair<int, std::string> parsed(const std::string& line) {
    const std::size_t space = line.find(' ');
    if (space == 0 || space > 6 || space == std::string::npos || space + 1 == line.size()) return {0, ""};
    int number = 0;
    for (const char c : line.substr(0, space)) {
        if (c < '0' || c > '9') return {0, ""};
        number = 10 * number + (c - '0');
    }
    return {number, line.substr(space + 1)};
}

std::map<int, std::string> read_numbers(const fs::path& folder) {
    std::map<int, std::string> names;
    std::ifstream file(folder / "numbers.txt");
    for (std::string line; std::getline(file, line);)
        if (const auto [number, name] = parsed(line); number >= first_own_number) names.emplace(number, name);
    return names;
}

}  // namespace

fs::path own_preset_folder() {
    if (const fs::path folder = environment_path("GRUVE_PRESETS"); !folder.empty()) return folder;
    if (const fs::path data = environment_path("XDG_DATA_HOME"); !data.empty()) return data / "gruve" / "presets";
    if (const fs::path home = environment_path("HOME"); !home.empty())
        return home / ".local" / "share" / "gruve" / "presets";
    return {};
}

std::vector<NumberedPreset> own_index(const fs::path& folder) {
    std::vector<NumberedPreset> presets;
    for (const auto& [number, name] : read_numbers(folder)) {
        const fs::path file = folder / (name + ".gruve");
        std::error_code ignored;
        if (fs::is_regular_file(file, ignored)) presets.push_back({number, name, {}, file});
    }
    return presets;
}

void number_own_presets(const fs::path& folder) {
    std::map<int, std::string> names = read_numbers(folder);
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(folder))
        if (entry.is_regular_file() && entry.path().extension() == ".gruve")
            found.push_back(entry.path().stem().string());
    std::sort(found.begin(), found.end());
    for (const std::string& name : found) {
        const auto named = [&](const auto& known) { return known.second == name; };
        if (std::any_of(names.begin(), names.end(), named)) continue;
        names.emplace(names.empty() ? first_own_number : names.rbegin()->first + 1, name);
    }
    const fs::path aside = folder / "numbers.txt.new";
    {
        std::ofstream file(aside, std::ios::trunc);
        for (const auto& [number, name] : names) file << number << ' ' << name << '\n';
        if (!file.flush()) throw std::runtime_error(aside.string() + " can't be written");
    }
    fs::rename(aside, folder / "numbers.txt");
}

void FreePreset::operator()(gruve_preset* preset) const noexcept { gruve_preset_free(preset); }

std::unique_ptr<gruve_preset, FreePreset> open_preset(const std::vector<NumberedPreset>& factory, int number) {
    std::vector<NumberedPreset> known = factory;
    for (NumberedPreset& own : own_index(own_preset_folder())) known.push_back(std::move(own));
    const auto found =
        std::find_if(known.begin(), known.end(), [&](const NumberedPreset& p) { return p.number == number; });
    if (found == known.end()) throw std::runtime_error("no preset has this number");
    char error[512] = "";
    gruve_preset* opened = nullptr;
    const gruve_status status =
        found->file.empty()
            ? gruve_preset_open_bytes(found->bytes.data(), found->bytes.size(), &opened, error, sizeof error)
            : gruve_preset_open_file(found->file.string().c_str(), &opened, error, sizeof error);
    if (status != GRUVE_OK) throw std::runtime_error(error);
    return std::unique_ptr<gruve_preset, FreePreset>(opened);
}

}  // namespace gruve::plugin
