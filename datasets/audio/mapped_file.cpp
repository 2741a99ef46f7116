#include "datasets/audio/mapped_file.h"

#include <chrono>

namespace gruve {

std::shared_ptr<const MappedFile> MappedFile::open(const std::filesystem::path& path, std::size_t most_resident) {
    const Mapping mapping = map_file(path);
    if (mapping.data == nullptr) return nullptr;
    return std::shared_ptr<const MappedFile>(new MappedFile(mapping, most_resident));
}

MappedFile::MappedFile(Mapping mapping, std::size_t most_resident)
    : mapping_(mapping), most_resident_(most_resident), dropper_([this] { drop_pages_at_times(); }) {}

MappedFile::~MappedFile() {
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
    }
    close_.notify_all();
    dropper_.join();
    unmap(mapping_);
}

/// Readers aren't disturbed: a page that is dropped while it is read comes back from the system's cache.
void MappedFile::drop_pages_at_times() {
    std::unique_lock lock(mutex_);
    while (!close_.wait_for(lock, std::chrono::milliseconds(20), [this] { return closing_; }))
        if (resident_bytes_of_files() > most_resident_) drop_pages(mapping_);
}

}  // namespace gruve
