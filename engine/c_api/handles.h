// What the C API's handles point to, and how its functions keep exceptions inside.
#pragma once

#include <gruve/gruve.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>

#include "engine/preset/preset.h"
#include "engine/streaming/stream_network.h"

/// Immutable. The network is laid out once and shared by all streams.
struct gruve_preset {
    std::shared_ptr<const gruve::Preset> preset;
    gruve::PlayableNetwork network;
};

namespace gruve::c_api {

inline constexpr double lowest_rate_hz = 8000.0, highest_rate_hz = 192000.0;

/// NaN is not supported either.
inline bool rate_supported(double rate_hz) { return rate_hz >= lowest_rate_hz && rate_hz <= highest_rate_hz; }

/// A refusal with its status.
struct Refusal : std::runtime_error {
    Refusal(gruve_status reason, const std::string& sentence) : std::runtime_error(sentence), status(reason) {}
    gruve_status status;
};

inline void write_error(char* error, std::size_t error_size, const char* sentence) noexcept {
    if (error == nullptr || error_size == 0) return;
    const std::size_t length = std::min(std::strlen(sentence), error_size - 1);
    std::memcpy(error, sentence, length);
    error[length] = '\0';
}

/// Runs `make`, which returns a new handle; *made is null where it throws, and the sentence is in `error`.
template <class Handle, class Make>
gruve_status create(Handle** made, char* error, std::size_t error_size, const Make& make) noexcept {
    const auto failed = [&](gruve_status status, const char* sentence) {
        write_error(error, error_size, sentence);
        return status;
    };
    if (made == nullptr) return failed(GRUVE_ERROR_ARGUMENT, "the pointer for the result is null");
    *made = nullptr;
    try {
        *made = make().release();
        return GRUVE_OK;
    } catch (const Refusal& refusal) {
        return failed(refusal.status, refusal.what());
    } catch (const PresetError& broken) {
        return failed(GRUVE_ERROR_PRESET, broken.what());
    } catch (const std::bad_alloc&) {
        return failed(GRUVE_ERROR_MEMORY, "out of memory");
    } catch (const std::exception& other) {
        return failed(GRUVE_ERROR_INTERNAL, other.what());
    } catch (...) {
        return failed(GRUVE_ERROR_INTERNAL, "unknown error");
    }
}

/// Throws Refusal where a stream of this kind can't be made from `preset` at rate_hz.
inline void check_stream(const gruve_preset* preset, TaskKind kind, double rate_hz) {
    if (preset == nullptr) throw Refusal(GRUVE_ERROR_ARGUMENT, "the preset is null");
    if (preset->preset->kind != kind)
        throw Refusal(GRUVE_ERROR_KIND, preset->preset->name + " is not a " +
                                            (kind == TaskKind::denoise ? "denoise" : "keyword") + " preset");
    if (!rate_supported(rate_hz))
        throw Refusal(GRUVE_ERROR_ARGUMENT, "rate " + std::to_string(rate_hz) + " Hz, allowed 8000..192000 Hz");
}

}  // namespace gruve::c_api
