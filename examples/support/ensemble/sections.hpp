// The parts of the page, a file each.
#pragma once

#include <string>
#include <vector>

#include "examples/support/ensemble/verdict.hpp"
#include "nn/data/dataset.hpp"

namespace wengert::examples::ensemble {

/// Accuracy, NLL and ECE of members and vote: a table, and the errors as bars.
std::string score_figures(const std::vector<Member>&, const Verdict&);

/// How alike the members' answers are: heat maps of agreement and of accuracy given another's answer, and a table.
std::string agreement_figures(const std::vector<Member>&, const Verdict&);

/// How alike their weights and hidden layers are: bars and a table.
std::string weight_figures(const Verdict&, const std::string& hidden_rows);

/// Test error and NLL epoch by epoch; empty if no member has a history.
std::string learning_curves(const std::vector<Member>&);

/// Images that members disagree on, and what each one says.
std::string disputed_figures(const std::vector<Member>&, const Verdict&, const data::Samples& test);

/// What these parts need beside the style of every page.
std::string ensemble_style();

}  // namespace wengert::examples::ensemble
