#include "datasets/layouts/rooms.h"

#include <algorithm>
#include <cmath>

#include "datasets/audio/audio_folder.h"
#include "datasets/support/parallel.h"

namespace gruve {

std::vector<std::vector<float>> read_rooms(const std::filesystem::path& folder, int rate_hz, ReadLog& log) {
    const auto files = audio_files(folder, "room response", &log);
    std::vector<Audio> recordings = read_all(files, rate_hz, default_jobs(), log);
    std::vector<std::vector<float>> rooms;
    for (std::size_t i = 0; i < files.size(); ++i) {
        std::vector<float>& samples = recordings[i].samples;
        if (samples.empty()) continue;  // a bad file
        const auto direct = std::max_element(samples.begin(), samples.end(),
                                             [](float a, float b) { return std::abs(a) < std::abs(b); });
        if (std::abs(*direct) < 1e-6f) {
            log.add_bad(files[i].string() + ": the room response is silent");
            continue;
        }
        samples.erase(samples.begin(), direct);
        samples.resize(std::min(samples.size(), static_cast<std::size_t>(longest_room_s * rate_hz)));
        double energy = 0.0;
        for (const float sample : samples) energy += static_cast<double>(sample) * sample;
        for (float& sample : samples) sample = static_cast<float>(sample / std::sqrt(energy));
        rooms.push_back(std::move(samples));
    }
    return rooms;
}

}  // namespace gruve
