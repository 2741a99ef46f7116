// Any sequence of C API calls, with sizes, rates and values from the input: an error or sound, never a crash.
#include <gruve/gruve.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "engine/preset/serialise_preset.h"
#include "tests/engine/tiny_models.h"

namespace {

/// Draws values from the input; zeros at its end.
class Source {
public:
    Source(const std::uint8_t* data, std::size_t size) : at_(data), end_(data + size) {}
    bool empty() const { return at_ == end_; }
    std::uint8_t byte() { return empty() ? 0 : *at_++; }
    template <class Number>
    Number number() {
        Number value{};
        std::uint8_t bytes[sizeof value];
        for (std::uint8_t& b : bytes) b = byte();
        std::memcpy(&value, bytes, sizeof value);
        return value;
    }

private:
    const std::uint8_t *at_, *end_;
};

double rate_of(Source& in) {
    constexpr double usual[] = {8000, 16000, 44100, 48000, 192000, 4000, 0, NAN};
    const std::uint8_t choice = in.byte();
    return choice < 248 ? usual[choice % 8] : in.number<double>();
}

std::size_t frames_of(Source& in) {
    constexpr std::size_t usual[] = {0, 1, 64, 255, 256, 257, 480, 1500};
    return usual[in.byte() % 8];
}

void require(bool holds) {
    if (!holds) std::abort();
}

gruve_preset* preset_of(Source& in) {
    static const auto noise = gruve::serialise(*gruve::tiny::denoiser_preset(1, gruve::tiny::with_comb(), 8));
    static const auto words = gruve::serialise(*gruve::tiny::keyword_preset(1, 0.1f));
    const auto& bytes = in.byte() % 2 == 0 ? noise : words;
    gruve_preset* preset = nullptr;
    const gruve_status status = gruve_preset_open_bytes(bytes.data(), bytes.size(), &preset, nullptr, 0);
    require(status == GRUVE_OK && preset != nullptr);
    return preset;
}

struct Handles {
    gruve_preset* preset = nullptr;
    gruve_denoiser* denoiser = nullptr;
    gruve_spotter* spotter = nullptr;
    int channels = 0;
    std::vector<float> samples = std::vector<float>(64 * 1500);

    void create_denoiser(Source& in) {
        gruve_denoiser_free(denoiser);
        char error[64];
        channels = in.byte() % 4;
        const gruve_status status =
            gruve_denoiser_create(preset, rate_of(in), channels, &denoiser, error, in.byte() % sizeof error);
        require((status == GRUVE_OK) == (denoiser != nullptr));
    }
    void create_spotter(Source& in) {
        gruve_spotter_free(spotter);
        const gruve_status status = gruve_spotter_create(preset, rate_of(in), &spotter, nullptr, 0);
        require((status == GRUVE_OK) == (spotter != nullptr));
    }
    void denoise(Source& in) {
        const std::size_t frames = frames_of(in);
        samples[in.byte()] = in.number<float>();
        const bool together = in.byte() % 2 == 0;
        gruve_status status = GRUVE_OK;
        if (together) {
            status = gruve_denoiser_process_interleaved(denoiser, samples.data(), samples.data(), frames);
        } else {
            float* planar[64];
            for (int c = 0; c < 64; ++c) planar[c] = samples.data() + 1500 * c;
            status = gruve_denoiser_process(denoiser, planar, planar, frames);
        }
        require(status == (denoiser == nullptr ? GRUVE_ERROR_ARGUMENT : GRUVE_OK));
        if (denoiser != nullptr && together)
            for (std::size_t i = 0; i < frames * static_cast<std::size_t>(channels); ++i)
                require(std::isfinite(samples[i]));
    }
    void spot(Source& in) {
        gruve_detection heard[4];
        const int count = gruve_spotter_process(spotter, samples.data(), frames_of(in), heard, in.byte() % 5);
        require(count <= 4 && (spotter == nullptr) == (count < 0));
        for (int i = 0; i < count; ++i)
            require(gruve_preset_label(preset, heard[i].label) != nullptr || preset == nullptr);
    }
    ~Handles() {
        gruve_preset_free(preset);
        gruve_denoiser_free(denoiser);
        gruve_spotter_free(spotter);
    }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Source in(data, size);
    Handles h;
    for (int calls = 0; calls < 64 && !in.empty(); ++calls) switch (in.byte() % 10) {
            case 0:
                gruve_preset_free(h.preset);
                h.preset = nullptr;
                if (in.byte() % 8 != 0) h.preset = preset_of(in);
                gruve_spotter_free(h.spotter), h.spotter = nullptr;
                break;
            case 1:
                h.create_denoiser(in);
                break;
            case 2:
                h.create_spotter(in);
                break;
            case 3:
                h.denoise(in);
                break;
            case 4:
                h.spot(in);
                break;
            case 5: {
                const int parameter = in.byte() % 7 - 1;
                const auto value = in.number<float>();
                gruve_denoiser_set(h.denoiser, parameter, value);
                const bool set = gruve_spotter_set_sensitivity(h.spotter, value) == GRUVE_OK;
                require(set == (h.spotter != nullptr && std::abs(value) <= 1.0f));
                break;
            }
            case 6:
                gruve_denoiser_reset(h.denoiser), gruve_spotter_reset(h.spotter);
                break;
            case 7:
                gruve_preset_latency(h.preset, rate_of(in));
                break;
            case 8:
                gruve_preset_label(h.preset, static_cast<signed char>(in.byte()));
                break;
            default: {
                float posteriors[4];
                gruve_spotter_posteriors(h.spotter, posteriors, in.byte() % 5);
            }
        }
    return 0;
}
