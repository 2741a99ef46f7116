#include "datasets/starter_set/starter_set.h"

#include <atomic>
#include <cmath>
#include <fstream>
#include <iterator>
#include <mutex>
#include <sstream>

#include "datasets/audio/resample.h"
#include "datasets/mixing/synthetic_noise.h"
#include "datasets/starter_set/espeak.h"
#include "datasets/support/data_error.h"
#include "datasets/support/parallel.h"
#include "datasets/support/random.h"

namespace gruve {
namespace {

namespace fs = std::filesystem;

constexpr int rate_hz = 16000;
constexpr int takes = 6;
constexpr int sentences_per_speaker = 6;
constexpr int files_per_noise = 4;
constexpr int noise_s = 10;

/// Also the set's version: a folder whose README.txt has another text is made again.
constexpr const char* readme =
    "Gruve starter set, version 1: SYNTHETIC\n"
    "\n"
    "Nothing here was recorded. The voices are the speech synthesiser espeak-ng with several languages of English,\n"
    "variants, pitches and speeds; the noises are formulas, and babble is a sum of those voices.\n"
    "It shows that everything works and how to lay out a folder; it says little about real rooms and people.\n"
    "\n"
    "words/<word>/<speaker>_<take>.wav   four words for keyword spotting\n"
    "speech/<speaker>/<n>.wav            sentences, for the denoiser and for \"other\" words\n"
    "noise/<kind>/<n>.wav                background noise\n"
    "\n"
    "This folder can be deleted; it is made again when it is needed.\n";

struct Speaker {
    const char* name;
    Voice voice;
};
const std::vector<Speaker> speakers = {
    {"us-f1", {"en-us+f1", 55, 160}},
    {"us-f4", {"en-us+f4", 62, 175}},
    {"us-m1", {"en-us+m1", 45, 165}},
    {"us-m7", {"en-us+m7", 38, 150}},
    {"us-m3", {"en-us+m3", 30, 180}},
    {"gb-f2", {"en-gb+f2", 58, 155}},
    {"gb-f5", {"en-gb+f5", 50, 170}},
    {"gb-m2", {"en-gb+m2", 48, 150}},
    {"gb-m4", {"en-gb+m4", 35, 170}},
    {"gb-m6", {"en-gb+m6", 55, 185}},
    {"scot-m5", {"en-gb-scotland+m5", 45, 160}},
    {"scot-f3", {"en-gb-scotland+f3", 60, 165}},
    {"rp-f1", {"en-gb-x-rp+f1", 68, 150}},
    {"rp-m8", {"en-gb-x-rp+m8", 42, 160}},
    {"lanc-m1", {"en-gb-x-gbclan+m1", 60, 175}},
    {"lanc-f4", {"en-gb-x-gbclan+f4", 45, 155}},
    {"carib-m3", {"en-029+m3", 52, 155}},
    {"carib-f2", {"en-029+f2", 66, 165}},
};

constexpr const char* words[] = {"yes", "no", "stop", "go"};

constexpr const char* texts[] = {
    "The train to the coast leaves at twenty past nine.",     "Please put the blue cup back on the kitchen table.",
    "A warm wind came over the hills in the afternoon.",      "She asked her brother to bring the old guitar.",
    "We measured the length of the bridge with a rope.",      "Turn the volume down before the neighbours wake up.",
    "Three small boats were waiting behind the lighthouse.",  "He never found out who had painted the garden fence.",
    "The soup needs pepper, salt and a little more time.",    "Our teacher drew a circle and a square on the board.",
    "It rained all week, so the match was played on Sunday.", "Open the window and listen to the birds outside.",
    "The library keeps its oldest maps in a cold, dry room.", "Why did they build the house so close to the river?",
    "My watch runs slow when I leave it near the radio.",     "Every winter the lake freezes from shore to shore.",
    "Could you read the last paragraph once again, please?",  "A fox crossed the road and vanished in the tall grass.",
};

/// One file of the set: its path, and how it is made.
struct Item {
    enum Kind { word, sentence, noise, babble } kind;
    fs::path path;
    const Speaker* speaker;  // of a word or sentence
    std::string text;
    NoiseKind noise_kind = NoiseKind::white;
};

std::vector<Item> list_items() {
    std::vector<Item> items;
    for (const char* word : words)
        for (const Speaker& speaker : speakers)
            for (int take = 0; take < takes; ++take)
                items.push_back(
                    {Item::word,
                     fs::path("words") / word / (std::string(speaker.name) + "_" + std::to_string(take) + ".wav"),
                     &speaker, word});
    for (std::size_t s = 0; s < speakers.size(); ++s)
        for (std::size_t n = 0; n < sentences_per_speaker; ++n)
            items.push_back({Item::sentence, fs::path("speech") / speakers[s].name / (std::to_string(n) + ".wav"),
                             &speakers[s], texts[(5 * s + n) % std::size(texts)]});
    for (int n = 0; n < files_per_noise; ++n) {
        for (const NoiseKind kind : noise_kinds)
            items.push_back(
                {Item::noise, fs::path("noise") / name_of(kind) / (std::to_string(n) + ".wav"), nullptr, "", kind});
        items.push_back({Item::babble, fs::path("noise") / "babble" / (std::to_string(n) + ".wav"), nullptr, ""});
    }
    return items;
}

void normalise(std::vector<float>& samples, double peak) {
    float largest = 1e-9f;
    for (const float sample : samples) largest = std::max(largest, std::abs(sample));
    for (float& sample : samples) sample = static_cast<float>(sample * peak / largest);
}

/// Speech at 16 kHz; pitch and speed vary a little from call to call.
std::vector<float> varied_speech(Voice voice, const std::string& text, const fs::path& aside, std::mt19937_64& random) {
    voice.pitch += static_cast<int>(uniform_index(random, 17)) - 8;
    voice.speed = static_cast<int>(voice.speed * uniform(random, 0.82, 1.2));
    const Audio spoken = speak(voice, text, aside);
    return resample(spoken.samples, spoken.rate_hz, rate_hz);
}

/// Speech as a microphone would record it: with a pause before and after, a level of its own and a faint noise floor.
std::vector<float> recording_of(const Item& item, const fs::path& aside, std::mt19937_64& random) {
    std::vector<float> speech = varied_speech(item.speaker->voice, item.text, aside, random);
    normalise(speech, uniform(random, 0.15, 0.7));
    const auto pause = [&] { return static_cast<std::size_t>(uniform(random, 0.1, 0.35) * rate_hz); };
    speech.insert(speech.begin(), pause(), 0.0f);
    speech.resize(speech.size() + pause());
    const double floor = std::pow(10.0, uniform(random, -75.0, -60.0) / 20.0);
    for (float& sample : speech) sample += static_cast<float>(floor * uniform(random, -1.0, 1.0));
    return speech;
}

/// Five voices at once, each saying sentences in its own order.
std::vector<float> babble(const fs::path& aside, std::mt19937_64& random) {
    std::vector<float> sum(noise_s * rate_hz);
    for (int voice = 0; voice < 5; ++voice) {
        const Speaker& speaker = speakers[uniform_index(random, speakers.size())];
        const double gain = uniform(random, 0.4, 1.0);
        for (std::size_t start = 0; start < sum.size();) {
            std::vector<float> speech =
                varied_speech(speaker.voice, texts[uniform_index(random, std::size(texts))], aside, random);
            for (std::size_t i = 0; i < speech.size() && start + i < sum.size(); ++i)
                sum[start + i] += static_cast<float>(gain * speech[i]);
            start += speech.size();
        }
    }
    return sum;
}

std::vector<float> samples_of(const Item& item, const fs::path& aside) {
    std::mt19937_64 random(hash_of(item.path.generic_string(), 1));
    std::vector<float> samples;
    switch (item.kind) {
        case Item::word:
        case Item::sentence:
            return recording_of(item, aside, random);
        case Item::noise:
            samples = synthetic_noise(item.noise_kind, noise_s * rate_hz, rate_hz, random);
            break;
        case Item::babble:
            samples = babble(aside, random);
            break;
    }
    normalise(samples, 0.5);
    return samples;
}

std::string text_of(const fs::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write_text(const fs::path& file, const std::string& text) {
    const fs::path aside = file.string() + ".part";
    std::ofstream out(aside);
    out << text << std::flush;
    if (!out) throw DataError(file.string() + ": cannot be written: the disk is full or does not accept the data");
    out.close();
    fs::rename(aside, file);
}

/// Makes the folders. Until the set is complete, the file `.unfinished` marks the folder as ours. README.txt is written
/// last, so a set with this version's text is complete.
void prepare(const fs::path& folder) {
    std::error_code error;
    if (fs::exists(folder) && !fs::is_directory(folder)) throw DataError(folder.string() + ": not a folder");
    const bool ours =
        fs::exists(folder / ".unfinished") || text_of(folder / "README.txt").starts_with("Gruve starter set");
    if (fs::exists(folder) && !fs::is_empty(folder) && !ours)
        throw DataError(folder.string() + ": holds other files; the starter set needs an empty folder");
    for (const char* sub : {"", "words", "speech", "noise"}) {
        fs::create_directories(folder / sub, error);
        if (error) throw DataError((folder / sub).string() + ": cannot be made: " + error.message());
    }
    write_text(folder / ".unfinished", "");
}

}  // namespace

bool make_starter_set(const fs::path& folder, const std::function<bool(const std::string&)>& progress) {
    if (text_of(folder / "README.txt") == readme) return progress("starter set: complete in " + folder.string());
    prepare(folder);
    const std::vector<Item> items = list_items();
    for (const Item& item : items) fs::create_directories((folder / item.path).parent_path());

    std::mutex mutex;
    std::atomic<bool> stop = false;
    std::size_t done = 0;
    parallel_for(default_jobs(), static_cast<int>(items.size()), [&](int i) {
        if (stop) return;
        const Item& item = items[static_cast<std::size_t>(i)];
        const fs::path path = folder / item.path;
        write_wav(path, {samples_of(item, path.string() + ".espeak.part")}, rate_hz);
        const std::lock_guard lock(mutex);
        if (++done % 20 != 0) return;
        std::ostringstream line;
        line << "starter set (synthetic): " << done << " of " << items.size() << " files, "
             << item.path.generic_string();
        if (!progress(line.str())) stop = true;
    });
    if (stop) return false;
    write_text(folder / "README.txt", readme);
    fs::remove(folder / ".unfinished");
    return true;
}

}  // namespace gruve
