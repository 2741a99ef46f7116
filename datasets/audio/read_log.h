// What was left out while recordings were read, and which files are bad.
#pragma once

#include <string>
#include <vector>

namespace gruve {

/// Bad files are collected, so that one message can name all of them. Not safe on several threads at the same time.
class ReadLog {
public:
    /// skip_bad: bad files are left out like silent ones.
    explicit ReadLog(bool skip_bad = false) : skip_bad_(skip_bad) {}

    /// line: "place: reason", for the user to read.
    void leave_out(const std::string& line) { left_out_.push_back(line); }
    /// message: that of the file's DataError.
    void add_bad(const std::string& message) { bad_.push_back(message); }
    const std::vector<std::string>& bad() const { return bad_; }
    /// Throws DataError that names the bad files, if there are any and they aren't skipped.
    void refuse_bad() const;
    /// All lines; the bad files come first, after their number.
    std::vector<std::string> lines() const;

private:
    bool skip_bad_;
    std::vector<std::string> left_out_, bad_;
};

}  // namespace gruve
