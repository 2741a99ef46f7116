// Speakers that tables beside the recordings name, as in Common Voice.
#pragma once

#include <filesystem>
#include <string>
#include <unordered_map>

namespace gruve {

/// Common Voice keeps recordings in clips/ and, beside it, validated.tsv and more tables with the columns client_id and
/// path.
class SpeakerTable {
public:
    /// Reads the tables in `folder`, in the folder above it and in those directly below it, if they aren't more than
    /// 1000. Without such a folder or table, the result is empty. Throws DataError if a table cannot be read.
    static SpeakerTable beside(const std::filesystem::path& folder);

    bool empty() const { return speakers_.empty(); }
    /// The speaker of a file by its name, whatever its folder and ending; null if no table has it.
    const std::string* speaker_of(const std::filesystem::path& file) const;

private:
    void read(const std::filesystem::path& table);

    std::unordered_map<std::string, std::string> speakers_;  // by the name without the ending
};

/// Whether a file is named as in Common Voice: common_voice_en_20001.mp3.
bool is_named_as_in_common_voice(const std::filesystem::path& file);
/// What to do if such files lack their table, for messages.
inline constexpr const char* common_voice_hint =
    "; files named common_voice_… don't name their speaker: put Common Voice's validated.tsv beside their folder";

}  // namespace gruve
