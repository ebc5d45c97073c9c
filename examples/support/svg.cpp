#include "examples/support/svg.hpp"

namespace wengert::examples {
namespace {

// A hundredth of a pixel is enough, and keeps files small.
std::string short_number(double value) {
  std::string text = fmt::format("{:.2f}", value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

std::string attribute(std::string_view name, double value) {
  return fmt::format(" {}=\"{}\"", name, short_number(value));
}

std::string attribute(std::string_view name, std::string_view value) {
  return value.empty() ? std::string() : fmt::format(" {}=\"{}\"", name, escaped(value));
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

Svg::Svg(double width, double height, std::string id, std::string title, std::string description)
    : width_(width),
      height_(height),
      id_(std::move(id)),
      title_(std::move(title)),
      description_(std::move(description)) {}

Svg& Svg::line(double x1, double y1, double x2, double y2, std::string_view classes) {
  shapes_ += "<line" + attribute("x1", x1) + attribute("y1", y1) + attribute("x2", x2) + attribute("y2", y2) +
             attribute("class", classes) + "/>\n";
  return *this;
}

Svg& Svg::rect(double x, double y, double width, double height, std::string_view classes, double opacity) {
  shapes_ += "<rect" + attribute("x", x) + attribute("y", y) + attribute("width", width) + attribute("height", height) +
             attribute("class", classes) + (opacity < 1 ? attribute("opacity", opacity) : "") + "/>\n";
  return *this;
}

Svg& Svg::circle(double x, double y, double radius, std::string_view classes) {
  shapes_ += "<circle" + attribute("cx", x) + attribute("cy", y) + attribute("r", radius) +
             attribute("class", classes) + "/>\n";
  return *this;
}

Svg& Svg::path(std::string_view commands, std::string_view classes) {
  shapes_ += "<path" + attribute("d", commands) + attribute("class", classes) + "/>\n";
  return *this;
}

Svg& Svg::text(double x, double y, std::string_view anchor, std::string_view content, std::string_view classes) {
  shapes_ += "<text" + attribute("x", x) + attribute("y", y) + attribute("text-anchor", anchor) +
             attribute("class", classes) + ">" + escaped(content) + "</text>\n";
  return *this;
}

std::string Svg::element() const { return wrapped(""); }

std::string Svg::document(std::string_view style) const { return wrapped(fmt::format("<style>\n{}</style>\n", style)); }

std::string Svg::wrapped(std::string_view style) const {
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" role=\"img\" "
      "aria-labelledby=\"{}-title {}-description\">\n<title id=\"{}-title\">{}</title>\n"
      "<desc id=\"{}-description\">{}</desc>\n{}{}</svg>\n",
      short_number(width_), short_number(height_), id_, id_, id_, escaped(title_), id_, escaped(description_), style,
      shapes_);
}

}  // namespace wengert::examples
