#include "plugin/editor/spectrogram.h"

#include <cmath>

#include "plugin/editor/theme.h"

namespace gruve::plugin {

namespace {

constexpr float darkest_db = -85.0f, brightest_db = -25.0f;
constexpr float bend_hz = 700.0f;  // the mel scale's: linear below, logarithmic above

juce::PixelRGB colour_of(float db) {
    static const auto table = [] {
        std::array<juce::PixelRGB, 256> colours{};
        juce::ColourGradient gradient;
        gradient.addColour(0.0, colour::background);
        gradient.addColour(0.45, colour::accent.darker(1.2f));
        gradient.addColour(0.75, colour::accent);
        gradient.addColour(1.0, juce::Colours::white.interpolatedWith(colour::warm, 0.3f));
        for (std::size_t i = 0; i < colours.size(); ++i) {
            const auto c = gradient.getColourAtPosition(static_cast<double>(i) / 255.0);
            colours[i].setARGB(255, c.getRed(), c.getGreen(), c.getBlue());
        }
        return colours;
    }();
    const float share = juce::jlimit(0.0f, 1.0f, (db - darkest_db) / (brightest_db - darkest_db));
    return table[static_cast<std::size_t>(share * 255.0f)];
}

float mel(float hz) { return std::log1p(hz / bend_hz); }
float hz_of_mel(float m) { return bend_hz * std::expm1(m); }

}  // namespace

Spectrogram::Spectrogram(const RecentAudio& audio, const juce::String& name) : audio_{audio} {
    setName(name);
    setTitle("Spectrogram, " + name);
    setTooltip("Spectrogram of the last " + juce::String(columns * column_s, 0) + " s, 0 to 12 kHz, " + juce::String(darkest_db, 0) + " dB (dark) to " +
               juce::String(brightest_db, 0) + " dB (bright)");
    setOpaque(true);
    image_.clear(image_.getBounds(), colour::background);
}

void Spectrogram::set_rate(double rate_hz) {
    rate_hz_ = rate_hz;
    hop_ = std::max(1, static_cast<int>(column_s * rate_hz));
    const int size = fast_fft_size(static_cast<int>(window_s * rate_hz));
    fft_ = std::make_unique<RealFft>(size, false);
    window_.resize(static_cast<std::size_t>(size));
    for (int i = 0; i < size; ++i)
        window_[static_cast<std::size_t>(i)] = (1.0f - std::cos(juce::MathConstants<float>::twoPi * (static_cast<float>(i) + 0.5f) / static_cast<float>(size))) / static_cast<float>(size);
    const float top = std::min(highest_hz, static_cast<float>(rate_hz) / 2.0f);
    for (int r = 0; r <= rows; ++r)
        edges_[static_cast<std::size_t>(r)] = hz_of_mel(mel(lowest_hz) + (mel(top) - mel(lowest_hz)) * static_cast<float>(r) / rows) * static_cast<float>(size) / static_cast<float>(rate_hz);
    done_ = audio_.end();
}

void Spectrogram::advance(double rate_hz) {
    if (rate_hz <= 0) return;
    if (rate_hz != rate_hz_) set_rate(rate_hz);
    const auto end = audio_.end();
    // A window that was away comes back where the sound is now.
    const auto behind = static_cast<std::uint64_t>(8 * hop_);
    if (end > done_ + behind) done_ = end - behind;
    const int size = static_cast<int>(window_.size());
    bool changed = false;
    while (done_ + static_cast<std::uint64_t>(hop_) <= end) {
        done_ += static_cast<std::uint64_t>(hop_);
        const auto samples = audio_.read(0, done_, size);
        if (static_cast<int>(samples.size()) < size) continue;
        draw_column(samples.data());
        changed = true;
    }
    if (changed) repaint();
}

void Spectrogram::draw_column(const float* samples) {
    const auto input = fft_->samples();
    for (std::size_t i = 0; i < window_.size(); ++i) {
        const float x = samples[i] * window_[i];
        input[i] = std::isfinite(x) ? x : 0.0f;
    }
    fft_->forward();
    const auto bins = fft_->spectrum();
    const juce::Image::BitmapData pixels(image_, column_, 0, 1, rows, juce::Image::BitmapData::writeOnly);
    for (int r = 0; r < rows; ++r) {
        const auto from = static_cast<std::size_t>(edges_[static_cast<std::size_t>(r)]);
        const auto to = std::min(bins.size() - 1, static_cast<std::size_t>(edges_[static_cast<std::size_t>(r) + 1]));
        float power = 1e-12f;
        for (std::size_t k = from; k <= to; ++k) power = std::max(power, std::norm(bins[k]));
        reinterpret_cast<juce::PixelRGB*>(pixels.getPixelPointer(0, rows - 1 - r))->set(colour_of(10.0f * std::log10(power)));
    }
    column_ = (column_ + 1) % columns;
}

void Spectrogram::paint(juce::Graphics& g) {
    const float step = static_cast<float>(getWidth()) / columns;
    const int old = juce::roundToInt(step * static_cast<float>(columns - column_));
    g.setImageResamplingQuality(juce::Graphics::lowResamplingQuality);
    g.drawImage(image_, 0, 0, old, getHeight(), column_, 0, columns - column_, rows);
    if (column_ > 0) g.drawImage(image_, old, 0, getWidth() - old, getHeight(), 0, 0, column_, rows);
    g.setFont(plain_font(12.0f));
    g.setColour(colour::text.withAlpha(0.8f));
    g.drawText(getName(), getLocalBounds().reduced(8, 4), juce::Justification::topLeft);
    const float top = mel(std::min(highest_hz, static_cast<float>(rate_hz_ > 0 ? rate_hz_ : 48000.0) / 2.0f));
    for (float hz : {1000.0f, 4000.0f}) {
        const float y = static_cast<float>(getHeight()) * (1.0f - mel(hz) / top);
        g.setColour(colour::text.withAlpha(0.18f));
        g.drawHorizontalLine(juce::roundToInt(y), 0.0f, static_cast<float>(getWidth()));
        g.setColour(colour::text.withAlpha(0.6f));
        g.drawText(juce::String(hz / 1000.0f, 0) + " kHz", getWidth() - 50, juce::roundToInt(y) - 15, 46, 14, juce::Justification::bottomRight);
    }
}

}  // namespace gruve::plugin
