#include "datasets/audio_folder.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "datasets/noisy_speech.h"
#include "datasets/parallel.h"

namespace gruve {

namespace fs = std::filesystem;

bool is_audio_file(const fs::path& path) {
    static constexpr std::array kEndings = {".wav", ".flac", ".ogg", ".opus", ".mp3", ".aif", ".aiff", ".caf", ".w64", ".au"};
    const std::string name = path.filename().string();
    if (name.empty() || name[0] == '.') return false;
    std::string ending = path.extension().string();
    for (char& c : ending) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end();
}

std::vector<fs::path> audio_files(const fs::path& folder, const std::string& what) {
    if (!fs::exists(folder)) throw DataError(folder.string() + ": the " + what + " folder doesn't exist");
    if (!fs::is_directory(folder)) throw DataError(folder.string() + ": the " + what + " folder isn't a folder");
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder, fs::directory_options::follow_directory_symlink))
        if (entry.is_regular_file() && is_audio_file(entry.path())) files.push_back(entry.path());
    if (files.empty())
        throw DataError(folder.string() + ": no audio files (wav, flac, ogg, mp3, aiff, …) in the " + what + " folder");
    std::sort(files.begin(), files.end());
    return files;
}

std::vector<Audio> read_all(const std::vector<fs::path>& files, int rate_hz, int jobs) {
    std::vector<Audio> clips(files.size());
    for_each_index(static_cast<int>(files.size()), jobs, [&](int i) {
        Audio& clip = clips[static_cast<std::size_t>(i)];
        clip = read_audio(files[static_cast<std::size_t>(i)]);
        if (rate_hz == 0 || clip.rate_hz == rate_hz) return;
        clip.samples = resample(clip.samples, clip.rate_hz, rate_hz);
        clip.rate_hz = rate_hz;
    });
    return clips;
}

}  // namespace gruve
