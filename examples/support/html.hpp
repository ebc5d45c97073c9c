// Pieces of a page. What is called text is escaped here; what is called html is taken as it is.
#pragma once

#include <string>

namespace wengert::examples {

/// A drawing and what is to be said about it.
std::string figure(const std::string& svg_html, const std::string& caption_text);
std::string paragraph(const std::string& html);
std::string section(const std::string& heading_text, const std::string& html);
/// Figures side by side where there is room.
std::string side_by_side(const std::string& html);
/// What is wider than the page is scrolled, by keyboard too; the label is for screen readers.
std::string scrolled(const std::string& label_text, const std::string& html);
/// Closed until asked for.
std::string details(const std::string& summary_text, const std::string& html);

/// In the shortest form that reads back to it; of a number that is none, not the sign, which says nothing.
std::string in_full(float value);
std::string in_full(double value);

/// A number of the program's, rounded for reading; whoever points at it, or reads the page by program, finds it whole.
std::string number(const std::string& name, float value);
std::string number(const std::string& name, double value);

/// A table's row: a heading and cells.
std::string table_row(const std::string& heading_text, const std::string& cells_html);
std::string table_cell(const std::string& name, const std::string& text);
std::string table(const std::string& label_text, const std::string& head_html, const std::string& rows_html);

}  // namespace wengert::examples
