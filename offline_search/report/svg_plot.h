// Plots as inline SVG: axes with round ticks, lines, marks. No scripts, no fonts, no network.
#pragma once

#include <string>
#include <vector>

namespace gruve {

/// `text` with &, <, > and quotes made safe for HTML.
std::string escape(const std::string& text);
/// printf-style number with `decimals`.
std::string number(double value, int decimals);
/// 12345 → "12 345" (thin spaces).
std::string grouped(double value);

struct Range {
    double low = 0, high = 1;
};

/// Round values inside `range`, about `count` of them.
std::vector<double> ticks(Range range, int count);

/// One plot of 760 × 420 units and a legend below it, which scales with the page.
class SvgPlot {
public:
    SvgPlot(Range x, Range y, const std::string& x_label, const std::string& y_label, int x_decimals, int y_decimals);

    struct Position {
        double x = 0, y = 0;
    };
    /// Points outside the ranges are cut at the frame. css: class of the element.
    void line(const std::vector<Position>&, const std::string& css);
    /// A front: horizontal until the next point, then down or up.
    void steps(const std::vector<Position>&, const std::string& css);
    /// Left out where the position lies outside the frame. title: shown by the browser on hover.
    void mark(Position, const std::string& css, double radius, const std::string& title);
    void label(Position, const std::string& text, const std::string& css, double dx, double dy);
    /// Legend entries, in order.
    void legend(const std::string& text, const std::string& css);

    std::string text() const;

private:
    struct Entry {
        std::string text, css;
    };
    bool inside(Position) const;
    double at_x(double) const;
    double at_y(double) const;

    Range x_, y_;
    std::string frame_, body_;
    std::vector<Entry> legend_;
};

}  // namespace gruve
