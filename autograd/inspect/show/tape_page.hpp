// The tape as a page to teach from: one HTML file that fetches nothing.
#pragma once

#include <string>
#include <vector>

#include "autograd/inspect/show/gradient_table.hpp"
#include "autograd/inspect/show/zeroing_bars.hpp"
#include "autograd/var.hpp"

namespace wengert {

/// Each tape as a picture from left to right, with the gradient as bands along its edges, as wide as its norm; what no
/// gradient passes in grey, each cut by name; step by step through backward (buttons, slider, arrow keys), with
/// upstream, local derivative and product written out; as a table, and as JSON inside the page (tape_json). Modules,
/// known by their parameters' names ("fc1.weight"), are one box each where the picture would be large, and open at a
/// click. Beside that a table of what reaches each parameter. "#tape-2-step-3" behind the page's address opens it at the
/// third step of the second tape. Texts are escaped here.
class TapePage {
 public:
  explicit TapePage(std::string title, std::string introduction = {});

  /// The tape behind `root` as it is now, best recorded inside an Inspect scope and with backward run over it; several
  /// stand side by side where there is room, as a loss with and without detach. Of a value that was recorded by nothing
  /// it says so. Errors: a title that another tape on the page has; more than 1000 boxes even with every module as one.
  TapePage& add(const std::string& title, const Var& root, const std::string& note = {});
  /// Why gradients are zeroed, as bars.
  TapePage& add(const ZeroingSteps& steps);
  /// UTF-8; it fetches nothing.
  std::string html() const;

 private:
  std::string title_, introduction_, tapes_, zeroing_;
  std::vector<GradientColumn> reached_;
};

/// A page of one tape.
std::string tape_page(const Var& root, const std::string& title = "The tape");

}  // namespace wengert
