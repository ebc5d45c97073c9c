// What a run writes and prints in the end.
#pragma once

#include <string>
#include <vector>

#include "examples/support/ensemble/report.hpp"
#include "examples/support/mnist/ensemble.hpp"

namespace wengert::examples::mnist {

/// {"config", "members", "ensemble", "pairs"}, and "error" where training came to nothing: what is undefined is null.
std::string results_json(const Options&, const Ensemble&, const ensemble::Verdict&);

/// Which member answers with no number, if one does.
std::string not_finite(const ensemble::Verdict&);

/// "member 0: accuracy 0.9781 nll 0.0712", a line for each, then the ensemble's.
std::string last_lines(const ensemble::Verdict&);

/// What is to be said about the run besides its numbers: that a member diverged, or that a term did nothing.
std::vector<std::string> remarks(const Options&, const Ensemble&);

/// What the report says about the run.
ensemble::Story story(const Options&, const data::Dataset&, const Ensemble&);

}  // namespace wengert::examples::mnist
