// What training several networks came to: how good each is, how good they are together, and how different any two are.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "examples/support/ensemble/member.hpp"
#include "examples/support/ensemble/pair.hpp"
#include "examples/support/ensemble/scores.hpp"

namespace wengert::examples::ensemble {

struct MemberScores {
  double accuracy = 0, nll = 0;
};

struct EnsembleScores {
  double accuracy = 0, nll = 0, ece = 0;  ///< of the soft vote
};

/// The soft vote against the member with the best accuracy (the first of equals), image by image. That member was chosen by
/// these images, which favours it a little.
struct AgainstBest {
  std::size_t best = 0;
  std::int64_t only_ensemble = 0, only_best = 0;  ///< images that only one of the two gets right
  double p = 1;                                   ///< McNemar's exact test, two-sided
};

struct Verdict {
  std::vector<MemberScores> members;
  EnsembleScores ensemble;
  AgainstBest against_best;
  std::vector<Pair> pairs;       ///< (0, 1), (0, 2), ..., (1, 2), ...; none of one member
  std::vector<Answers> answers;  ///< of each member
  Answers vote;                  ///< the soft vote
};

/// Errors: no member; members of unlike topology or with other counts of images or rows; a label that is no class; as many
/// labels as images are needed.
Verdict judge(const std::vector<Member>& members, Labels labels);

/// McNemar's exact test: the probability, if each of only_a + only_b images were a fair coin's toss, of a split at least as
/// uneven as this one. 1 if there are none.
double mcnemar(std::int64_t only_a, std::int64_t only_b);

/// The standard error of an accuracy measured on that many images: sqrt(accuracy (1 - accuracy) / images).
double accuracy_sigma(double accuracy, std::int64_t images);

}  // namespace wengert::examples::ensemble
