#include "datasets/audio/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>

namespace gruve {
namespace {

/// Bytes of mapped files that the process holds now; 0 where the system doesn't say.
std::size_t resident_bytes_of_files() {
    std::FILE* file = std::fopen("/proc/self/statm", "r");
    if (!file) return 0;
    unsigned long size = 0, resident = 0, shared = 0;
    const int read = std::fscanf(file, "%lu %lu %lu", &size, &resident, &shared);
    std::fclose(file);
    return read == 3 ? shared * static_cast<std::size_t>(sysconf(_SC_PAGESIZE)) : 0;
}

}  // namespace

std::shared_ptr<const MappedFile> MappedFile::open(const std::filesystem::path& path, std::size_t most_resident) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return nullptr;
    struct stat info {};
    void* data = MAP_FAILED;
    if (fstat(file, &info) == 0 && info.st_size > 0)
        data = mmap(nullptr, static_cast<std::size_t>(info.st_size), PROT_READ, MAP_SHARED, file, 0);
    ::close(file);
    if (data == MAP_FAILED) return nullptr;
    return std::shared_ptr<const MappedFile>(
        new MappedFile(static_cast<char*>(data), static_cast<std::size_t>(info.st_size), most_resident));
}

MappedFile::MappedFile(char* data, std::size_t size, std::size_t most_resident)
    : data_(data), size_(size), most_resident_(most_resident), dropper_([this] { drop_pages_at_times(); }) {}

MappedFile::~MappedFile() {
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
    }
    close_.notify_all();
    dropper_.join();
    munmap(data_, size_);
}

/// Readers aren't disturbed: a page that is dropped while it is read comes back from the system's cache.
void MappedFile::drop_pages_at_times() {
    std::unique_lock lock(mutex_);
    while (!close_.wait_for(lock, std::chrono::milliseconds(20), [this] { return closing_; }))
        if (resident_bytes_of_files() > most_resident_) madvise(data_, size_, MADV_DONTNEED);
}

}  // namespace gruve
