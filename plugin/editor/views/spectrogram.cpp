#include "plugin/editor/views/spectrogram.h"

#include <cmath>

#include "plugin/editor/style/text.h"
#include "plugin/editor/style/theme.h"

namespace gruve::plugin {

namespace {

constexpr float darkest_db = -85.0f, brightest_db = -25.0f;
constexpr int axis_width = 30;
constexpr float bend_hz = 700.0f;  // of the mel scale, which is linear below and logarithmic above

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

Spectrogram::Spectrogram(const RecentAudio& audio, const juce::String& name, bool time_axis)
    : audio_{audio}, time_axis_{time_axis} {
    setName(name);
    setTitle("Spectrogram, " + name);
    setTooltip("Spectrogram of the last " + juce::String(columns * column_s, 0) + " s, 0 to 12 kHz, " +
               juce::String(darkest_db, 0) + " dB (dark) to " + juce::String(brightest_db, 0) + " dB (bright)");
    setOpaque(true);
    image_.clear(image_.getBounds(), colour::background);
}

float Spectrogram::top_hz() const {
    return std::min(highest_hz, static_cast<float>(rate_hz_ > 0 ? rate_hz_ : 48000.0) / 2.0f);
}

void Spectrogram::set_rate(double rate_hz) {
    rate_hz_ = rate_hz;
    hop_ = std::max(1, static_cast<int>(column_s * rate_hz));
    const int size = fast_fft_size(static_cast<int>(window_s * rate_hz));
    fft_ = std::make_unique<RealFft>(size);
    window_.resize(static_cast<std::size_t>(size));
    for (int i = 0; i < size; ++i)
        window_[static_cast<std::size_t>(i)] =
            (1.0f -
             std::cos(juce::MathConstants<float>::twoPi * (static_cast<float>(i) + 0.5f) / static_cast<float>(size))) /
            static_cast<float>(size);
    const float top = top_hz();
    for (int r = 0; r <= rows; ++r)
        edges_[static_cast<std::size_t>(r)] =
            hz_of_mel(mel(lowest_hz) + (mel(top) - mel(lowest_hz)) * static_cast<float>(r) / rows) *
            static_cast<float>(size) / static_cast<float>(rate_hz);
    done_ = audio_.end();
}

void Spectrogram::advance(double rate_hz) {
    if (rate_hz <= 0) return;
    if (rate_hz != rate_hz_) set_rate(rate_hz);
    const auto end = audio_.end();
    // After the window was hidden, drawing goes on with the present audio.
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
    if (changed) repaint(picture());
}

void Spectrogram::draw_column(const float* samples) {
    const auto input = fft_->samples();
    for (std::size_t i = 0; i < window_.size(); ++i) {
        const float x = samples[i] * window_[i];
        input[i] = std::isfinite(x) ? x : 0.0f;
    }
    fft_->forward();
    const auto bins = fft_->spectrum();
    const juce::Image::BitmapData pixels(image_, juce::Image::BitmapData::readWrite);
    for (int r = 0; r < rows; ++r) {
        const auto from = static_cast<std::size_t>(edges_[static_cast<std::size_t>(r)]);
        const auto to = std::min(bins.size() - 1, static_cast<std::size_t>(edges_[static_cast<std::size_t>(r) + 1]));
        float power = 1e-12f;
        for (std::size_t k = from; k <= to; ++k) power = std::max(power, std::norm(bins[k]));
        const auto pixel = colour_of(10.0f * std::log10(power));
        for (const int x : {column_, column_ + columns})
            reinterpret_cast<juce::PixelRGB*>(pixels.getPixelPointer(x, rows - 1 - r))->set(pixel);
    }
    column_ = (column_ + 1) % columns;
}

juce::Rectangle<int> Spectrogram::picture() const {
    return getLocalBounds().withTrimmedLeft(axis_width).withTrimmedBottom(time_axis_ ? axis_height : 0);
}

void Spectrogram::paint(juce::Graphics& g) {
    const auto area = picture();
    g.setColour(colour::card);
    g.fillRect(getLocalBounds().removeFromLeft(axis_width));
    g.fillRect(getLocalBounds().withTop(area.getBottom()));
    g.setImageResamplingQuality(juce::Graphics::lowResamplingQuality);
    g.drawImage(image_, area.getX(), area.getY(), area.getWidth(), area.getHeight(), column_, 0, columns, rows);
    const float top = mel(top_hz());
    for (float hz : {500.0f, 1000.0f, 2000.0f, 4000.0f, 8000.0f}) {
        if (hz > 0.95f * top_hz()) break;
        const float y = static_cast<float>(area.getBottom()) - static_cast<float>(area.getHeight()) * mel(hz) / top;
        g.setColour(colour::text.withAlpha(0.14f));
        g.fillRect(static_cast<float>(area.getX()), y, static_cast<float>(area.getWidth()), 1.0f);
        paint_label(
            g, hz < 1000.0f ? juce::String(juce::roundToInt(hz)) : juce::String(juce::roundToInt(hz / 1000.0f)) + "k",
            {0, juce::roundToInt(y) - 7, axis_width - 6, 14}, juce::Justification::centredRight);
    }
    g.setFont(bold_font(12.0f));
    const auto name = juce::Rectangle<int>(juce::roundToInt(g.getCurrentFont().getStringWidthFloat(getName())) + 12, 18)
                          .withPosition(area.getX() + 5, area.getY() + 5);
    g.setColour(colour::background.withAlpha(0.75f));
    g.fillRoundedRectangle(name.toFloat(), 4.0f);
    g.setColour(colour::text);
    g.drawText(getName(), name, juce::Justification::centred);
    paint_label(g, "Hz", {0, area.getBottom() - 13, axis_width - 6, 14}, juce::Justification::centredRight);
    if (!time_axis_) return;
    constexpr int seconds = static_cast<int>(columns * column_s), step = 2;
    for (int ago = seconds; ago >= 0; ago -= step) {
        const int x = area.getX() + area.getWidth() * (seconds - ago) / seconds;
        const auto at = juce::Rectangle<int>(40, axis_height)
                            .withCentre({juce::jlimit(area.getX() + 20, area.getRight() - 20, x),
                                         area.getBottom() + axis_height / 2 + 1});
        paint_label(g, ago == 0 ? juce::String("now") : minus(juce::String(-ago)) + " s", at,
                    ago == seconds ? juce::Justification::centredLeft
                    : ago == 0     ? juce::Justification::centredRight
                                   : juce::Justification::centred);
    }
}

/// Skips labels outside of the area that is repainted, which is usually the picture alone.
void Spectrogram::paint_label(juce::Graphics& g, const juce::String& text, juce::Rectangle<int> at,
                              juce::Justification where) const {
    if (!g.clipRegionIntersects(at)) return;
    g.setColour(colour::dim);
    g.setFont(plain_font(11.5f));
    g.drawText(text, at, where);
}

void Spectrogram::paint_scale(juce::Graphics& g, juce::Rectangle<int> area) {
    g.setColour(colour::dim);
    g.setFont(plain_font(11.5f));
    g.drawText(minus(juce::String(juce::roundToInt(darkest_db))), area.removeFromLeft(28),
               juce::Justification::centredLeft);
    g.drawText(minus(juce::String(juce::roundToInt(brightest_db))) + " dB", area.removeFromRight(46),
               juce::Justification::centredRight);
    for (int x = 0; x < area.getWidth(); ++x) {
        const auto c = colour_of(darkest_db + (brightest_db - darkest_db) * static_cast<float>(x) /
                                                  static_cast<float>(area.getWidth()));
        g.setColour(juce::Colour(c.getRed(), c.getGreen(), c.getBlue()));
        g.fillRect(area.getX() + x, area.getCentreY() - 3, 1, 7);
    }
}

}  // namespace gruve::plugin
