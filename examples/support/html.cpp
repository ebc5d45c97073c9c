#include "examples/support/html.hpp"

#include <fmt/format.h>

#include <cmath>

#include "autograd/inspect/show/svg.hpp"
#include "examples/support/numbers.hpp"

namespace wengert::examples {
namespace {

template <class T>
std::string rounded(const std::string& name, T value) {
  const std::string whole = in_full(value);
  return fmt::format("<data data-name=\"{}\" value=\"{}\" title=\"{}\">{}</data>", escaped(name), whole, whole,
                     std::isfinite(value) ? fmt::format("{:.3g}", value) : whole);
}

}  // namespace

std::string figure(const std::string& svg_html, const std::string& caption_text) {
  return fmt::format("<figure>\n{}<figcaption>{}</figcaption>\n</figure>\n", svg_html, escaped(caption_text));
}

std::string paragraph(const std::string& html) { return html.empty() ? "" : "<p>" + html + "</p>\n"; }

std::string section(const std::string& heading_text, const std::string& html) {
  return fmt::format("<section>\n<h2>{}</h2>\n{}</section>\n", escaped(heading_text), html);
}

std::string side_by_side(const std::string& html) { return "<div class=\"pair\">\n" + html + "</div>\n"; }

std::string scrolled(const std::string& label_text, const std::string& html) {
  return fmt::format("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\">{}</div>\n",
                     escaped(label_text), html);
}

std::string details(const std::string& summary_text, const std::string& html) {
  return fmt::format("<details>\n<summary>{}</summary>\n{}</details>\n", escaped(summary_text), html);
}

std::string in_full(float value) { return fmt::format("{}", unsigned_nan(value)); }
std::string in_full(double value) { return fmt::format("{}", unsigned_nan(value)); }

std::string number(const std::string& name, float value) { return rounded(name, value); }
std::string number(const std::string& name, double value) { return rounded(name, value); }

std::string table_row(const std::string& heading_text, const std::string& cells_html) {
  return fmt::format("<tr><th scope=\"row\">{}</th>{}</tr>\n", escaped(heading_text), cells_html);
}

std::string table_cell(const std::string& name, const std::string& text) {
  return fmt::format("<td data-name=\"{}\">{}</td>", escaped(name), escaped(text));
}

std::string table(const std::string& label_text, const std::string& head_html, const std::string& rows_html) {
  return scrolled(label_text,
                  "<table>\n<thead><tr>" + head_html + "</tr></thead>\n<tbody>\n" + rows_html + "</tbody></table>");
}

}  // namespace wengert::examples
