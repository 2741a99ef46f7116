// A scrolling spectrogram of the last seconds.
#pragma once

#include <juce_gui_basics/juce_gui_basics.h>

#include <array>
#include <memory>

#include "engine/front_end/real_fft.h"
#include "plugin/lock_free/recent_audio.h"

namespace gruve::plugin {

/// Time runs to the right and frequency upwards, on a mel scale; brightness is in dB.
class Spectrogram final : public juce::Component, public juce::SettableTooltipClient {
public:
    Spectrogram(const RecentAudio& audio, const juce::String& name, bool time_axis);
    /// Draws the audio since the last call. Repaints only if there was any.
    void advance(double rate_hz);
    void paint(juce::Graphics&) override;
    /// Draws the legend of the colours, in dB relative to full scale.
    static void paint_scale(juce::Graphics&, juce::Rectangle<int>);
    static constexpr int axis_height = 16;  // height of the time axis, if there is one

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
    // A ring of columns. Each is drawn twice, `columns` apart, so that the last `columns` in order are always
    // contiguous, from column_ on.
    juce::Image image_{juce::Image::RGB, 2 * columns, rows, true};
    int column_ = 0;  // the next to be drawn, which is also the oldest
    double rate_hz_ = 0;
    int hop_ = 0;
    std::uint64_t done_ = 0;  // samples that were drawn
    std::unique_ptr<RealFft> fft_;
    std::vector<float> window_;
    std::array<float, rows + 1> edges_{};  // of the rows, in FFT bins
};

}  // namespace gruve::plugin
