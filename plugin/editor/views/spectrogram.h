// The last seconds before and after the denoiser, scrolling.
#pragma once

#include <juce_gui_basics/juce_gui_basics.h>

#include <array>
#include <memory>

#include "engine/front_end/real_fft.h"
#include "plugin/lock_free/recent_audio.h"

namespace gruve::plugin {

/// Frequency upwards (denser at low ones, as ears are), time to the right, brightness in dB.
class Spectrogram final : public juce::Component, public juce::SettableTooltipClient {
public:
    Spectrogram(const RecentAudio& audio, const juce::String& name, bool time_axis);
    /// Draws what came since the last call. Repaints only where something did.
    void advance(double rate_hz);
    void paint(juce::Graphics&) override;
    /// What the colours mean, in dB of full scale.
    static void paint_scale(juce::Graphics&, juce::Rectangle<int>);
    static constexpr int axis_height = 16;  // under the picture, where there is a time axis

private:
    static constexpr int columns = 480, rows = 96;
    static constexpr double column_s = 0.0125, window_s = 0.025;
    static constexpr float lowest_hz = 0.0f, highest_hz = 12000.0f;

    juce::Rectangle<int> picture() const;
    float top_hz() const;
    void set_rate(double rate_hz);
    void paint_label(juce::Graphics&, const juce::String&, juce::Rectangle<int>, juce::Justification) const;
    void draw_column(const float* samples);

    const RecentAudio& audio_;
    bool time_axis_;
    // Every column is there twice, `columns` apart, so that the last ones in their order are always one piece, starting at column_.
    juce::Image image_{juce::Image::RGB, 2 * columns, rows, true};
    int column_ = 0;  // the next to be drawn; the oldest one
    double rate_hz_ = 0;
    int hop_ = 0;
    std::uint64_t done_ = 0;  // samples drawn
    std::unique_ptr<RealFft> fft_;
    std::vector<float> window_;
    std::array<float, rows + 1> edges_{};  // bins
};

}  // namespace gruve::plugin
