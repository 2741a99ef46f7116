#include "offline_search/report/svg_plot.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace gruve {
namespace {

constexpr double width = 760, height = 420, left = 64, right = 16, top = 12, bottom = 48;
constexpr double letter_width = 6.4;  // approximate, of the legend's text

}  // namespace

std::string escape(const std::string& text) {
    std::string result;
    for (const char c : text) {
        if (c == '&')
            result += "&amp;";
        else if (c == '<')
            result += "&lt;";
        else if (c == '>')
            result += "&gt;";
        else if (c == '"')
            result += "&quot;";
        else
            result += c;
    }
    return result;
}

std::string number(double value, int decimals) {
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, "%.*f", decimals, value);
    return buffer;
}

std::string grouped(double value) {
    std::string digits = number(std::abs(value), 0), result;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && (digits.size() - i) % 3 == 0) result += "\u2009";
        result += digits[i];
    }
    return (value < 0 ? "−" : "") + result;
}

std::vector<double> ticks(Range range, int count) {
    const double rough = (range.high - range.low) / count;
    if (!(rough > 0)) return {range.low};
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    double step = 10 * power;
    for (const double factor : {1.0, 2.0, 5.0})
        if (factor * power >= rough) {
            step = factor * power;
            break;
        }
    std::vector<double> result;
    for (double k = std::ceil(range.low / step - 1e-9) + 0.0; k * step <= range.high + 1e-9 * step; ++k)
        result.push_back(k * step);
    return result;
}

SvgPlot::SvgPlot(Range x, Range y, const std::string& x_label, const std::string& y_label, int x_decimals,
                 int y_decimals)
    : x_(x), y_(y) {
    for (const double tick : ticks(x, 8)) {
        frame_ += "<line class='grid' x1='" + number(at_x(tick), 1) + "' x2='" + number(at_x(tick), 1) + "' y1='" +
                  number(top, 1) + "' y2='" + number(height - bottom, 1) + "'/>";
        frame_ += "<text class='tick' text-anchor='middle' x='" + number(at_x(tick), 1) + "' y='" +
                  number(height - bottom + 18, 1) + "'>" + number(tick, x_decimals) + "</text>";
    }
    for (const double tick : ticks(y, 6)) {
        frame_ += "<line class='grid' x1='" + number(left, 1) + "' x2='" + number(width - right, 1) + "' y1='" +
                  number(at_y(tick), 1) + "' y2='" + number(at_y(tick), 1) + "'/>";
        frame_ += "<text class='tick' text-anchor='end' x='" + number(left - 8, 1) + "' y='" +
                  number(at_y(tick) + 4, 1) + "'>" + number(tick, y_decimals) + "</text>";
    }
    frame_ += "<text class='axis' text-anchor='middle' x='" + number((left + width - right) / 2, 1) + "' y='" +
              number(height - 8, 1) + "'>" + escape(x_label) + "</text>";
    frame_ += "<text class='axis' text-anchor='middle' transform='rotate(-90 16 " +
              number((top + height - bottom) / 2, 1) + ")' x='16' y='" + number((top + height - bottom) / 2, 1) + "'>" +
              escape(y_label) + "</text>";
}

bool SvgPlot::inside(Position p) const { return p.x >= x_.low && p.x <= x_.high && p.y >= y_.low && p.y <= y_.high; }
double SvgPlot::at_x(double x) const {
    return left + (std::clamp(x, x_.low, x_.high) - x_.low) / (x_.high - x_.low) * (width - left - right);
}
double SvgPlot::at_y(double y) const {
    return height - bottom - (std::clamp(y, y_.low, y_.high) - y_.low) / (y_.high - y_.low) * (height - top - bottom);
}

void SvgPlot::line(const std::vector<Position>& points, const std::string& css) {
    body_ += "<polyline class='" + css + "' points='";
    for (const Position& p : points) body_ += number(at_x(p.x), 1) + "," + number(at_y(p.y), 1) + " ";
    body_ += "'/>";
}

void SvgPlot::steps(const std::vector<Position>& points, const std::string& css) {
    std::vector<Position> corners;
    for (const Position& p : points) {
        if (!corners.empty()) corners.push_back({p.x, corners.back().y});
        corners.push_back(p);
    }
    line(corners, css);
}

void SvgPlot::mark(Position p, const std::string& css, double radius, const std::string& title,
                   const std::string& preset) {
    if (!inside(p)) return;
    const std::string data = preset.empty() ? "" : " data-preset='" + escape(preset) + "'";
    body_ += "<circle class='" + css + "'" + data + " cx='" + number(at_x(p.x), 1) + "' cy='" + number(at_y(p.y), 1) +
             "' r='" + number(radius, 1) + "'><title>" + escape(title) + "</title></circle>";
}

void SvgPlot::label(Position p, const std::string& text, const std::string& css, double dx, double dy) {
    if (!inside(p)) return;
    const double x = at_x(p.x) + dx;
    const bool flip = x + 7.0 * static_cast<double>(text.size()) > width - right;  // keep the text inside the frame
    body_ += "<text class='" + css + "' x='" + number(flip ? at_x(p.x) - dx : x, 1) + "' y='" +
             number(at_y(p.y) + dy, 1) + "'" + (flip ? " text-anchor='end'" : "") + ">" + escape(text) + "</text>";
}

void SvgPlot::legend(const std::string& text, const std::string& css) { legend_.push_back({text, css}); }

std::string SvgPlot::text() const {
    constexpr double row = 20, sample = 22, gap = 18;
    std::string legend;
    double x = left, y = height + row / 2;
    for (const Entry& entry : legend_) {
        const auto letters = std::count_if(entry.text.begin(), entry.text.end(), [](char c) {
            return (c & 0xc0) != 0x80;
        });  // count the first bytes of UTF-8 characters
        const double length = sample + 6 + letter_width * static_cast<double>(letters);
        if (x > left && x + length > width - right) x = left, y += row;
        legend += entry.css.starts_with("line")
                      ? "<polyline class='" + entry.css + "' points='" + number(x, 1) + "," + number(y - 4, 1) + " " +
                            number(x + sample, 1) + "," + number(y - 4, 1) + "'/>"
                      : "<circle class='" + entry.css + "' cx='" + number(x + sample / 2, 1) + "' cy='" +
                            number(y - 4, 1) + "' r='4.5'/>";
        legend += "<text class='note' x='" + number(x + sample + 6, 1) + "' y='" + number(y, 1) + "'>" +
                  escape(entry.text) + "</text>";
        x += length + gap;
    }
    return "<figure><svg class='plot' viewBox='0 0 " + number(width, 0) + " " + number(y + row / 2, 0) +
           "' role='img'>" + frame_ + body_ + legend + "</svg></figure>\n";
}

}  // namespace gruve
