// The last seconds before and after the denoiser, scrolling.
#pragma once

#include <juce_gui_basics/juce_gui_basics.h>

#include <array>
#include <memory>

#include "engine/front_end/real_fft.h"
#include "plugin/recent_audio.h"

namespace gruve::plugin {

/// Frequency upwards (denser at low ones, as ears are), time to the right, brightness in dB.
class Spectrogram final : public juce::Component, public juce::SettableTooltipClient {
public:
    Spectrogram(const RecentAudio& audio, const juce::String& name);
    /// Draws what came since the last call. Repaints only where something did.
    void advance(double rate_hz);
    void paint(juce::Graphics&) override;

private:
    static constexpr int columns = 480, rows = 96;
    static constexpr double column_s = 0.0125, window_s = 0.025;
    static constexpr float lowest_hz = 0.0f, highest_hz = 12000.0f;

    void set_rate(double rate_hz);
    void draw_column(const float* samples);

    const RecentAudio& audio_;
    juce::Image image_{juce::Image::RGB, columns, rows, true};
    int column_ = 0;  // the next to be drawn; the oldest one
    double rate_hz_ = 0;
    int hop_ = 0;
    std::uint64_t done_ = 0;  // samples drawn
    std::unique_ptr<RealFft> fft_;
    std::vector<float> window_;
    std::array<float, rows + 1> edges_{};  // bins
};

}  // namespace gruve::plugin
