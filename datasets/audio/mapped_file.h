// A file that is mapped into memory, read-only, of which a limited part is resident.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <mutex>
#include <span>
#include <thread>

#include "datasets/system/mapping.h"

namespace gruve {

class MappedFile {
public:
    /// Null if the file is missing or cannot be mapped. A thread of the object drops the file's pages from the process
    /// (not from the system's cache) when the process holds more than `most_resident` bytes of mapped files.
    static std::shared_ptr<const MappedFile> open(const std::filesystem::path&, std::size_t most_resident);
    ~MappedFile();
    MappedFile(const MappedFile&) = delete;

    std::span<const char> bytes() const { return {mapping_.data, mapping_.size}; }

private:
    MappedFile(Mapping, std::size_t most_resident);
    void drop_pages_at_times();

    Mapping mapping_;
    std::size_t most_resident_;
    std::mutex mutex_;
    std::condition_variable close_;
    bool closing_ = false;
    std::thread dropper_;
};

}  // namespace gruve
