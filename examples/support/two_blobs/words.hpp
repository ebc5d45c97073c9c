// What came of a run, in sentences that its numbers decide; for the terminal and for the page.
#pragma once

#include <functional>
#include <string>

#include "examples/support/two_blobs/training.hpp"

namespace wengert::examples {

/// How a number is written: rounded on the terminal; on the page under a name, by which tests find it.
using NumberText = std::function<std::string(const std::string& name, float value)>;

/// How many points the model puts on their side of 1/2.
std::int64_t count_right(const Blobs& data, const Trained& model);

/// "the sum over the parameter tensors of 1 / sum|A - B|", or with Per::model what that says.
std::string similarity_formula(const losses::InverseL1Options& options);

/// What B's loss is, and what that does to B: a push away, or with a strength below 0 a pull towards A.
std::string loss_of_b(const TwoBlobsOptions& options);

/// "A learned the points: ...", or that it did not, with the points and the bce before training and after it.
std::string what_it_learned(const Blobs& data, const Trained& model, const NumberText& number);

/// Whether B became less like A, with the quotients that give the similarity; empty where there is none.
std::string what_became_of_the_similarity(const TwoBlobsOptions& options, const Trained& a, const Trained& b,
                                          const NumberText& number);

/// That the sigmoid answers exactly 0 or 1 at half the points or more; empty where it does not.
std::string saturation_remark(const Blobs& data, const Trained& model, const NumberText& number);

/// That the clamp of bce's logarithms holds the loss where it is; empty where it does not.
std::string clamp_remark(const Blobs& data, const Trained& model);

}  // namespace wengert::examples
