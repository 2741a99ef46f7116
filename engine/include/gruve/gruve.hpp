// Gruve's C++ objects (C++17, header-only) over its C API, so that the library's binary interface is C's.
//
//     const auto preset = gruve::Preset::open("denoise-recommended.gruve");
//     auto denoiser = preset.denoiser(48000, 2);
//     denoiser.process(input, output, frames);
//
// Constructors and open() throw gruve::Error; process(), set…() and reset() are real-time safe and don't throw.
// Thread rules: gruve/gruve.h.
#pragma once

#include <gruve/gruve.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace gruve {
inline namespace v0 {  // other names in a binary than the library's own classes have

/// One sentence that says what is wrong, and the C API's status.
class Error : public std::runtime_error {
public:
    Error(gruve_status status, const std::string& sentence) : std::runtime_error(sentence), status_(status) {}
    gruve_status status() const noexcept { return status_; }

private:
    gruve_status status_;
};

namespace detail {

/// Calls make(Handle**, error, error_size) and throws where it refuses.
template <class Handle, class Make>
Handle* made(const Make& make) {
    char error[512] = "";
    Handle* handle = nullptr;
    if (const gruve_status status = make(&handle, error, sizeof error); status != GRUVE_OK) throw Error(status, error);
    return handle;
}

struct Free {
    void operator()(gruve_preset* preset) const noexcept { gruve_preset_free(preset); }
    void operator()(gruve_denoiser* denoiser) const noexcept { gruve_denoiser_free(denoiser); }
    void operator()(gruve_spotter* spotter) const noexcept { gruve_spotter_free(spotter); }
};

}  // namespace detail

/// A stream of audio with its noise removed. Movable; one thread at a time.
class Denoiser {
public:
    /// rate_hz 8000..192000, channels 1..64.
    Denoiser(const gruve_preset* preset, double rate_hz, int channels)
        : handle_(detail::made<gruve_denoiser>([&](gruve_denoiser** made, char* error, size_t size) {
              return gruve_denoiser_create(preset, rate_hz, channels, made, error, size);
          })) {}

    /// Frames from input to output.
    int latency() const noexcept { return gruve_denoiser_latency(handle_.get()); }
    /// False where the value is outside the parameter's range; nothing changes then.
    bool set(gruve_parameter parameter, float value) noexcept {
        return gruve_denoiser_set(handle_.get(), parameter, value) == GRUVE_OK;
    }
    float get(gruve_parameter parameter) const noexcept { return gruve_denoiser_get(handle_.get(), parameter); }
    /// Planar; any number of frames, in place if wanted.
    void process(const float* const* input, float* const* output, size_t frames) noexcept {
        gruve_denoiser_process(handle_.get(), input, output, frames);
    }
    void process_interleaved(const float* input, float* output, size_t frames) noexcept {
        gruve_denoiser_process_interleaved(handle_.get(), input, output, frames);
    }
    void reset() noexcept { gruve_denoiser_reset(handle_.get()); }

private:
    std::unique_ptr<gruve_denoiser, detail::Free> handle_;
};

/// Hears words in one channel of audio. Movable; one thread at a time.
class Spotter {
public:
    /// rate_hz 8000..192000.
    Spotter(const gruve_preset* preset, double rate_hz)
        : handle_(detail::made<gruve_spotter>([&](gruve_spotter** made, char* error, size_t size) {
              return gruve_spotter_create(preset, rate_hz, made, error, size);
          })) {}

    /// How many of detections[0..capacity) were written.
    int process(const float* input, size_t frames, gruve_detection* detections, int capacity) noexcept {
        return gruve_spotter_process(handle_.get(), input, frames, detections, capacity);
    }
    /// The smoothed posterior of each label, 0..1; returns the number of labels.
    int posteriors(float* to, int count) const noexcept { return gruve_spotter_posteriors(handle_.get(), to, count); }
    /// -1..1; 0 gives the preset's own thresholds (gruve.h). False outside of that; nothing changes then.
    bool set_sensitivity(float sensitivity) noexcept {
        return gruve_spotter_set_sensitivity(handle_.get(), sensitivity) == GRUVE_OK;
    }
    float sensitivity() const noexcept { return gruve_spotter_sensitivity(handle_.get()); }
    void reset() noexcept { gruve_spotter_reset(handle_.get()); }

private:
    std::unique_ptr<gruve_spotter, detail::Free> handle_;
};

/// A network ready to run and how its input is made. Immutable; copies share it.
class Preset {
public:
    /// A .gruve file; path is UTF-8.
    static Preset open(const std::string& path) {
        return Preset(detail::made<gruve_preset>([&](gruve_preset** made, char* error, size_t size) {
            return gruve_preset_open_file(path.c_str(), made, error, size);
        }));
    }
    /// A .gruve file's bytes, which are copied.
    static Preset open(const void* bytes, size_t size) {
        return Preset(detail::made<gruve_preset>([&](gruve_preset** made, char* error, size_t error_size) {
            return gruve_preset_open_bytes(bytes, size, made, error, error_size);
        }));
    }

    std::string name() const { return gruve_preset_name(handle_.get()); }
    std::string task() const { return gruve_preset_task(handle_.get()); }
    std::string provenance() const { return gruve_preset_provenance(handle_.get()); }
    gruve_kind kind() const noexcept { return static_cast<gruve_kind>(gruve_preset_kind(handle_.get())); }
    bool is_float() const noexcept { return gruve_preset_is_float(handle_.get()) != 0; }
    size_t parameter_bytes() const noexcept { return gruve_preset_parameter_bytes(handle_.get()); }
    std::vector<std::string> labels() const {
        std::vector<std::string> all;
        for (int i = 0; i < gruve_preset_label_count(handle_.get()); ++i)
            all.emplace_back(gruve_preset_label(handle_.get(), i));
        return all;
    }
    /// Frames that a denoiser of this preset delays by at rate_hz; known before one is made.
    int latency(double rate_hz) const {
        const int frames = gruve_preset_latency(handle_.get(), rate_hz);
        if (frames < 0) throw Error(static_cast<gruve_status>(frames), "rate outside 8000..192000 Hz");
        return frames;
    }

    Denoiser denoiser(double rate_hz, int channels = 1) const { return Denoiser(handle_.get(), rate_hz, channels); }
    Spotter spotter(double rate_hz) const { return Spotter(handle_.get(), rate_hz); }
    const gruve_preset* handle() const noexcept { return handle_.get(); }

private:
    explicit Preset(gruve_preset* handle) : handle_(handle, detail::Free()) {}
    std::shared_ptr<gruve_preset> handle_;
};

}  // namespace v0
}  // namespace gruve
