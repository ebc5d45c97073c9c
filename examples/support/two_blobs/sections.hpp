// The parts of the page, a file each.
#pragma once

#include <string>

#include "examples/support/two_blobs/planes.hpp"
#include "examples/support/two_blobs/training.hpp"

namespace wengert::examples {

/// How the run ended, for those who put it into words.
struct Outcome {
  const TwoBlobsOptions& options;
  const Blobs& data;
  const Trained &a, &b;
  const std::string& error;  ///< what ended training early, or empty
  const PlaneAnswers& answers;
  const Audit& at_end;  ///< of B

  bool b_was_trained() const { return b.first.has_value(); }  ///< or at least begun
};

/// Sentences with the run's own numbers; true of every run, also of one that saturated or that an error ended.
std::string what_one_sees(const Outcome& run);

/// bce of both models, the similarity beside it, and some of the numbers as a table.
std::string curve_figures(const TwoBlobsOptions& options, const Trained& a, const Trained& b);

/// The tape of B's loss after one backward, as a picture and as text; of A's, if A's training did not reach its end.
std::string tape_section(const Trained& a, const Trained& b);

/// How hard bce and the push pull at each of B's parameters, before the first step and after the last.
std::string gradient_figures(const Audit& at_start, const Audit& at_end);

/// Every parameter of A beside B's, as bars and as numbers.
std::string parameter_figure(const Trained& a, const Trained& b);

/// What was asked for, and by which program.
std::string settings(const TwoBlobsOptions& options);

}  // namespace wengert::examples
