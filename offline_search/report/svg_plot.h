// Plots as inline SVG with round ticks, lines and marks. They need no scripts, fonts or network.
#pragma once

#include <string>
#include <vector>

namespace gruve {

/// `text` with &, <, > and double quotes replaced by HTML entities.
std::string escape(const std::string& text);
/// `value` with `decimals` digits after the point.
std::string number(double value, int decimals);
/// A whole number with thin spaces between thousands: 12345 → "12 345".
std::string grouped(double value);

struct Range {
    double low = 0, high = 1;
};

/// About `count` round values inside `range`.
std::vector<double> ticks(Range range, int count);

/// A plot of 760 × 420 units with a legend below. It scales with the page. css: the CSS class of an element.
class SvgPlot {
public:
    SvgPlot(Range x, Range y, const std::string& x_label, const std::string& y_label, int x_decimals, int y_decimals);

    struct Position {
        double x = 0, y = 0;
    };
    /// Points outside the ranges are moved to the frame.
    void line(const std::vector<Position>&, const std::string& css);
    /// A front as a step line: horizontal until the next point, then vertical.
    void steps(const std::vector<Position>&, const std::string& css);
    /// A dot. Not drawn outside the frame. title: shown by the browser on hover. preset: a page that plays hears this
    /// one at a click.
    void mark(Position, const std::string& css, double radius, const std::string& title,
              const std::string& preset = "");
    /// Text at an offset of dx, dy units from the position. Not drawn where the position is outside the frame.
    void label(Position, const std::string& text, const std::string& css, double dx, double dy);
    /// Adds an entry to the legend.
    void legend(const std::string& text, const std::string& css);

    /// A <figure> that holds the SVG.
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
