#include "autograd/inspect/show/tape_page.hpp"

#include <algorithm>
#include <cmath>

#include "autograd/inspect/numbers.hpp"
#include "autograd/inspect/show/assets/assets.hpp"
#include "autograd/inspect/show/backward_steps.hpp"
#include "autograd/inspect/show/draw_tape.hpp"
#include "autograd/inspect/show/json.hpp"
#include "autograd/inspect/show/print_tape.hpp"
#include "autograd/inspect/show/svg.hpp"
#include "autograd/inspect/show/tape_json.hpp"
#include "kernels/base/error.hpp"
#include "kernels/base/text_stream.hpp"

namespace wengert {
namespace {

constexpr std::size_t few_boxes = 48;  // that one sees at a glance: more begin with modules as boxes
constexpr const char *all_open = "*", *all_closed = "";

// One of the pictures of a tape: with all modules open, all closed, or one open amid what it is linked to.
struct View {
  std::string open;
  TapePicture picture;
  bool is_of_one() const { return open != all_open && open != all_closed; }
};

struct Heading {
  std::string id, title, note;
};

double widest_of(const TapePicture& picture) {
  double widest = 0;
  for (const TapePicture::Edge& edge : picture.edges) {
    if (edge.gradient && std::isfinite(*edge.gradient)) widest = std::max(widest, *edge.gradient);
  }
  return widest;
}

std::vector<View> views_of(const Tape& tape, const std::string& title) {
  const TapePicture whole = picture_of(tape);
  const std::vector<TapeGroup> groups = groups_of(tape);
  std::vector<View> views;
  if (whole.boxes.size() <= most_boxes) views.push_back({all_open, whole});
  if (!groups.empty()) views.push_back({all_closed, collapsed(whole, tape, groups)});
  std::erase_if(views, [](const View& view) { return view.picture.boxes.size() > most_boxes; });
  if (views.empty()) {
    fail("tape_page: '", title, "' has ", whole.boxes.size(), " boxes, and a picture shows at most ", most_boxes,
         " also with modules as one box each. Name parameters by module ('fc1.weight'), draw the tape of a smaller "
         "part, or list it with print_tape or tape_json");
  }
  for (const TapeGroup& open : groups) {
    std::vector<TapeGroup> closed = groups;
    std::erase_if(closed, [&](const TapeGroup& group) { return group.name == open.name; });
    views.push_back({open.name, surroundings(collapsed(whole, tape, closed), open.rows)});
  }
  return views;
}

std::string button(const char* attribute, const std::string& value, const std::string& text, const char* more) {
  return std::string("<button type=\"button\" ") + attribute + "=\"" + escaped(value) + "\"" + more + ">" +
         escaped(text) + "</button>\n";
}

std::string step_controls(std::size_t steps) {
  const std::string most = std::to_string(steps);
  return "<div class=\"controls\" role=\"group\" aria-label=\"Step through backward\">\n" +
         button("data-move", "first", "|◀", " aria-label=\"Before backward\"") +
         button("data-move", "back", "◀", " aria-label=\"One step back\"") +
         button("data-move", "on", "▶", " aria-label=\"One step on\"") +
         button("data-move", "last", "▶|", " aria-label=\"After backward\"") +
         "<input type=\"range\" min=\"0\" max=\"" + most + "\" value=\"" + most +
         "\" aria-label=\"Steps of backward that have run\">\n<output>step " + most + " of " + most +
         "</output>\n</div>\n";
}

std::string module_controls(const std::vector<View>& views, const std::string& open) {
  if (views.size() < 2) return "";
  std::string html = "<div class=\"controls\" role=\"group\" aria-label=\"Which modules are open\">Modules:\n", options;
  for (const View& view : views) {
    if (view.is_of_one()) {
      options += "<option>" + escaped(view.open) + "</option>\n";
    } else {
      html += button("data-open", view.open, view.open == all_open ? "all open" : "all closed",
                     view.open == open ? " aria-pressed=\"true\"" : " aria-pressed=\"false\"");
    }
  }
  return html + "<select aria-label=\"One module\"><option value=\"\">one of them</option>\n" + options +
         "</select>\n</div>\n";
}

// A picture grows and shrinks with the page a little; one that must be scrolled anyway does not shrink.
std::string widths(double natural) {
  constexpr double wide = 1600;
  return "--least: " + to_hundredths(natural > wide ? natural : 0.7 * natural) +
         "px; --most: " + to_hundredths(1.3 * natural) + "px";
}

std::string pictures(const std::vector<View>& views, const std::string& open, const Heading& heading, double widest) {
  std::string html =
      "<div class=\"scroll picture\" tabindex=\"0\" role=\"region\" aria-label=\"The tape as a picture\">\n";
  for (std::size_t k = 0; k < views.size(); ++k) {
    const DrawnPicture drawn =
        draw_picture(views[k].picture, {heading.id + "-picture-" + std::to_string(k + 1), heading.title}, widest);
    html += "<div class=\"view\" data-view=\"" + escaped(views[k].open) + "\" style=\"" + widths(drawn.width) + "\"" +
            (views[k].open == open ? "" : " hidden") + ">\n" + drawn.svg + "</div>\n";
  }
  return html + "</div>\n";
}

std::string data(const Var& root) {
  return "<script type=\"application/json\" class=\"data\">" + tape_json(root, {.most_numbers = 4}) + "</script>\n";
}

std::string as_table(const Var& root) {
  TextStream text;
  print_tape(text, root, {.full = true});
  return "<details><summary>The same as a table</summary>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
         "aria-label=\"The tape as a table\"><pre>" +
         escaped(valid_utf8(text.str())) + "</pre></div></details>\n";
}

std::string part_html(const Heading& heading, const Var& root, const Tape& tape) {
  std::string html = "<section class=\"tape-part\" id=\"" + heading.id + "\" aria-label=\"" + escaped(heading.title) +
                     "\">\n<h2>" + escaped(heading.title) + "</h2>\n";
  if (!heading.note.empty()) html += "<p>" + escaped(heading.note) + "</p>\n";
  if (tape.rows().empty())
    return html + "<p>No tape: this value was recorded by nothing.</p>\n" + data(root) + "</section>\n";

  const std::vector<View> views = views_of(tape, heading.title);
  const bool at_a_glance = views.front().picture.boxes.size() <= few_boxes || views.size() == 1;
  const std::string open = at_a_glance ? views.front().open : views[views.front().open == all_open ? 1 : 0].open;
  const std::size_t steps = backward_order(tape).size();
  html +=
      steps > 0 ? step_controls(steps) : "<p>Backward has not run over this tape: each gradient is '-', not 0.</p>\n";
  html += module_controls(views, open) + pictures(views, open, heading, widest_of(views.front().picture));
  if (steps > 0) {
    html +=
        "<p class=\"start\" hidden>Before backward no gradient is there but the result's own, 1 where it is the loss. "
        "▶ or the right arrow key runs one step.</p>\n<ol class=\"rules\" aria-live=\"polite\">\n" +
        backward_steps(tape) + "</ol>\n";
  }
  return html + as_table(root) + data(root) + "</section>\n";
}

constexpr const char* legend =
    "<ul class=\"legend\">\n<li><span></span>computed forward, from left to right</li>\n<li><span "
    "class=\"back\"></span>"
    "gradient, from right to left; each step of width is half a power of ten of its norm</li>\n<li><span "
    "class=\"none\"></span>no gradient passes: constants, frozen parameters</li>\n<li><span class=\"cut\"></span>cut: "
    "the value passes, its history does not</li>\n</ul>\n";

std::string reached_section(const std::vector<GradientColumn>& columns) {
  return "<section id=\"reached\">\n<h2>What reaches each parameter</h2>\n<p>The gradient's Euclidean norm. '-' is no "
         "gradient at all, which is not 0.</p>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
         "aria-label=\"Gradients by parameter\">" +
         gradient_table(columns) + "</div></section>\n";
}

std::string zeroing_section(const ZeroingSteps& steps) {
  std::string rows;
  for (std::size_t k = 0; k < steps.zeroed.size(); ++k) {
    rows += "<tr><th scope=\"row\">" + std::to_string(k + 1) + "</th><td>" + shortest(steps.zeroed[k]) + "</td><td>" +
            shortest(steps.accumulated[k]) + "</td></tr>\n";
  }
  return "<section id=\"zeroing\">\n<h2>Why gradients are zeroed</h2>\n<p>Backward adds to the gradient that is there. "
         "The same first steps of training twice: gradients zeroed before each step, and never. What is never zeroed "
         "is "
         "the sum over all steps so far, and the optimiser takes it for the gradient of this one.</p>\n"
         "<ul class=\"legend\">\n<li><span style=\"border-top-width: 8px\"></span>zeroed before each step</li>\n"
         "<li><span class=\"back\"></span>never zeroed</li>\n</ul>\n" +
         zeroing_bars(steps, "zeroing-picture") +
         "<details><summary>The same as a table</summary>\n<table><thead><tr><th scope=\"col\">step</th><th "
         "scope=\"col\">zeroed</th><th scope=\"col\">never zeroed</th></tr></thead>\n<tbody>\n" +
         rows + "</tbody></table></details>\n</section>\n";
}

}  // namespace

TapePage::TapePage(std::string title, std::string introduction)
    : title_(std::move(title)), introduction_(std::move(introduction)) {}

TapePage& TapePage::add(const std::string& title, const Var& root, const std::string& note) {
  if (std::ranges::find(reached_, title, &GradientColumn::title) != reached_.end()) {
    fail("tape_page: two tapes are called '", title, "'; give each a title of its own");
  }
  const Tape tape(root);
  const std::string id = std::string("tape-").append(std::to_string(reached_.size() + 1));
  tapes_ += part_html({id, title, note}, root, tape);
  reached_.push_back(gradient_column(tape, title));
  return *this;
}

TapePage& TapePage::add(const ZeroingSteps& steps) {
  zeroing_ += zeroing_section(steps);
  return *this;
}

std::string TapePage::html() const {
  std::string html =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
      "content=\"width=device-width, initial-scale=1\">\n<title>" +
      escaped(title_) + "</title>\n<style>\n" + tape_style() + assets::page_css +
      "</style>\n</head>\n<body>\n<main>\n<h1>" + escaped(title_) + "</h1>\n";
  if (!introduction_.empty()) html += "<p>" + escaped(introduction_) + "</p>\n";
  if (!reached_.empty())
    html += legend + std::string("<div class=\"tapes\">\n") + tapes_ + "</div>\n" + reached_section(reached_);
  return valid_utf8(html + zeroing_ + "</main>\n<script>\n" + assets::page_js + "</script>\n</body>\n</html>\n");
}

std::string tape_page(const Var& root, const std::string& title) { return TapePage(title).add(title, root).html(); }

}  // namespace wengert
