#include "autograd/inspect/show/svg.hpp"

#include <array>
#include <charconv>

#include "autograd/inspect/show/json.hpp"

namespace wengert {
namespace {

std::string attribute(std::string_view name, std::string_view value) {
  std::string text;
  if (!value.empty()) text.append(" ").append(name).append("=\"").append(escaped(value)).append("\"");
  return text;
}

// A hundredth of a pixel is enough, and keeps files small.
std::string attribute(std::string_view name, double value) { return attribute(name, to_hundredths(value)); }

std::string tagged(std::string_view tag, const std::string& id, std::string_view text) {
  const std::string name(tag);
  return "<" + name + attribute("id", id) + ">" + escaped(text) + "</" + name + ">\n";
}

}  // namespace

std::string to_hundredths(double value) {
  std::array<char, 400> digits;  // of the largest double too
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed, 2);
  std::string text(digits.data(), end.ptr);
  if (text.find('.') == std::string::npos) return text;  // an infinity, or no number
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : valid_utf8(text)) {
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

Svg::Svg(double width, double height, std::string id, std::string title, std::string description, std::string classes)
    : width_(width),
      height_(height),
      id_(std::move(id)),
      title_(std::move(title)),
      description_(std::move(description)),
      classes_(std::move(classes)) {}

Svg& Svg::line(double x1, double y1, double x2, double y2, std::string_view classes) {
  shapes_ += "<line" + attribute("x1", x1) + attribute("y1", y1) + attribute("x2", x2) + attribute("y2", y2) +
             attribute("class", classes) + "/>\n";
  return *this;
}

Svg& Svg::rect(double x, double y, double width, double height, std::string_view classes) {
  shapes_ += "<rect" + attribute("x", x) + attribute("y", y) + attribute("width", width) + attribute("height", height) +
             attribute("class", classes) + "/>\n";
  return *this;
}

Svg& Svg::circle(double x, double y, double radius, std::string_view classes) {
  shapes_ += "<circle" + attribute("cx", x) + attribute("cy", y) + attribute("r", radius) +
             attribute("class", classes) + "/>\n";
  return *this;
}

Svg& Svg::path(std::string_view commands, std::string_view classes, double opacity) {
  shapes_ += "<path" + attribute("d", commands) + attribute("class", classes) +
             (opacity < 1 ? attribute("opacity", opacity) : std::string()) + "/>\n";
  return *this;
}

Svg& Svg::text(double x, double y, std::string_view anchor, std::string_view content, std::string_view classes) {
  shapes_ += "<text" + attribute("x", x) + attribute("y", y) + attribute("text-anchor", anchor) +
             attribute("class", classes) + ">" + escaped(content) + "</text>\n";
  return *this;
}

Svg& Svg::open_group(std::string_view classes, std::string_view tooltip, const Attributes& attributes) {
  shapes_ += "<g" + attribute("class", classes);
  for (const auto& [name, value] : attributes) shapes_ += attribute(name, value);
  shapes_ += ">\n" + (tooltip.empty() ? "" : tagged("title", "", tooltip));
  return *this;
}

Svg& Svg::close_group() {
  shapes_ += "</g>\n";
  return *this;
}

std::string Svg::element(std::string_view style) const {
  const std::string title_id = id_ + "-title", description_id = id_ + "-description";
  std::string text = "<svg xmlns=\"http://www.w3.org/2000/svg\"";
  text += attribute("width", width_) + attribute("height", height_);  // a style sheet may say otherwise
  text += attribute("viewBox", "0 0 " + to_hundredths(width_) + " " + to_hundredths(height_));
  text += attribute("class", classes_) + attribute("role", "img");
  text += attribute("aria-labelledby", title_id + " " + description_id) + ">\n";
  text += tagged("title", title_id, title_) + tagged("desc", description_id, description_);
  if (!style.empty()) text += "<style>\n" + std::string(style) + "</style>\n";
  return text + shapes_ + "</svg>\n";
}

}  // namespace wengert
