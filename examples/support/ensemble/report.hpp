// The verdict as a page.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "examples/support/ensemble/verdict.hpp"
#include "nn/data/dataset.hpp"

namespace wengert::examples::ensemble {

/// What the page says besides the verdict. All of it is text, and escaped.
struct Story {
  std::string title;
  std::vector<std::string> introduction;  ///< paragraphs: what was trained, on what, pushed how
  std::vector<std::string> remarks;       ///< paragraphs for "What one sees": a term without effect, ...
  std::vector<std::pair<std::string, std::string>> settings;  ///< name and value
  std::string hidden_rows;  ///< whose hidden layers were compared: "the first 2,000 test images"
};

/// A page of its own: what one sees, tables, the heat map of agreement, curves, and the digits in dispute. It needs no
/// network, and follows the reader's choice of light or dark.
std::string report_page(const Story&, const std::vector<Member>&, const Verdict&, const data::Samples& test);

}  // namespace wengert::examples::ensemble
