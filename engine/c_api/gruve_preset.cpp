// The C API's presets.
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <span>
#include <vector>

#include "engine/c_api/handles.h"
#include "engine/preset/deserialise_preset.h"
#include "engine/streaming/denoiser.h"
#include "engine/support/open_file.h"

using gruve::TaskKind;
using namespace gruve::c_api;

namespace {

constexpr std::size_t largest_file = std::size_t{1} << 28;

std::unique_ptr<gruve_preset> opened(std::span<const std::uint8_t> bytes) {
    auto handle = std::make_unique<gruve_preset>();
    handle->preset = std::make_shared<const gruve::Preset>(gruve::deserialise(bytes));
    handle->network = gruve::playable(*handle->preset);
    return handle;
}

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

std::vector<std::uint8_t> read_file(const std::string& path) {
    const std::unique_ptr<std::FILE, CloseFile> file(gruve::open_to_read(path));
    if (!file) throw Refusal(GRUVE_ERROR_FILE, path + ": " + std::strerror(errno));
    std::vector<std::uint8_t> bytes, block(1 << 16);
    while (const std::size_t got = std::fread(block.data(), 1, block.size(), file.get())) {
        bytes.insert(bytes.end(), block.begin(), block.begin() + static_cast<std::ptrdiff_t>(got));
        if (bytes.size() > largest_file) throw Refusal(GRUVE_ERROR_PRESET, path + ": larger than 256 MiB, no preset");
    }
    if (std::ferror(file.get())) throw Refusal(GRUVE_ERROR_FILE, path + ": " + std::strerror(errno));
    return bytes;
}

}  // namespace

extern "C" {

const char* gruve_version(void) noexcept { return GRUVE_VERSION; }

gruve_status gruve_preset_open_file(const char* path, gruve_preset** preset, char* error, size_t error_size) noexcept {
    return create(preset, error, error_size, [&] {
        if (path == nullptr) throw Refusal(GRUVE_ERROR_ARGUMENT, "the path is null");
        try {
            return opened(read_file(path));
        } catch (const gruve::PresetError& broken) {
            throw Refusal(GRUVE_ERROR_PRESET, std::string(path) + ": " + broken.what());
        }
    });
}

gruve_status gruve_preset_open_bytes(const void* bytes, size_t size, gruve_preset** preset, char* error,
                                     size_t error_size) noexcept {
    return create(preset, error, error_size, [&] {
        if (bytes == nullptr) throw Refusal(GRUVE_ERROR_ARGUMENT, "the bytes are null");
        return opened({static_cast<const std::uint8_t*>(bytes), size});
    });
}

void gruve_preset_free(gruve_preset* preset) noexcept { delete preset; }

const char* gruve_preset_name(const gruve_preset* preset) noexcept {
    return preset == nullptr ? nullptr : preset->preset->name.c_str();
}
const char* gruve_preset_task(const gruve_preset* preset) noexcept {
    return preset == nullptr ? nullptr : preset->preset->task.c_str();
}
const char* gruve_preset_provenance(const gruve_preset* preset) noexcept {
    return preset == nullptr ? nullptr : preset->preset->provenance.c_str();
}
int gruve_preset_kind(const gruve_preset* preset) noexcept {
    if (preset == nullptr) return GRUVE_ERROR_ARGUMENT;
    switch (preset->preset->kind) {
        case TaskKind::keywords:
            return GRUVE_KEYWORDS;
        case TaskKind::denoise:
            return GRUVE_DENOISE;
        case TaskKind::sequence:
            break;
    }
    return GRUVE_SEQUENCE;
}
int gruve_preset_is_float(const gruve_preset* preset) noexcept {
    return preset != nullptr && preset->preset->is_float() ? 1 : 0;
}
size_t gruve_preset_parameter_bytes(const gruve_preset* preset) noexcept {
    if (preset == nullptr) return 0;
    return gruve::parameter_bytes(*preset->preset);
}
int gruve_preset_label_count(const gruve_preset* preset) noexcept {
    return preset == nullptr ? GRUVE_ERROR_ARGUMENT : static_cast<int>(preset->preset->labels.size());
}
const char* gruve_preset_label(const gruve_preset* preset, int label) noexcept {
    if (preset == nullptr || label < 0 || label >= gruve_preset_label_count(preset)) return nullptr;
    return preset->preset->labels[static_cast<std::size_t>(label)].c_str();
}
int gruve_preset_latency(const gruve_preset* preset, double rate_hz) noexcept {
    if (preset == nullptr || !rate_supported(rate_hz)) return GRUVE_ERROR_ARGUMENT;
    if (preset->preset->kind != TaskKind::denoise) return 0;
    try {
        return gruve::Denoiser::latency_of(preset->preset->denoiser, rate_hz);
    } catch (...) {  // out of memory
        return GRUVE_ERROR_MEMORY;
    }
}

}  // extern "C"
