// How different two networks are: by their answers, by their weights, and by their hidden layers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "examples/support/ensemble/member.hpp"
#include "examples/support/ensemble/relation.hpp"
#include "examples/support/ensemble/scores.hpp"

namespace wengert::examples::ensemble {

/// Of n images, both members get n11 right, only a n10, only b n01, and none of them n00. From these (Kuncheva and Whitaker
/// 2003, "Measures of Diversity in Classifier Ensembles and Their Relationship with the Ensemble Accuracy", doi
/// 10.1023/A:1022859003006):
///
///   disagreement = (n10 + n01) / n
///   q            = (n11 n00 - n01 n10) / (n11 n00 + n01 n10)
///   kappa        = 2 (n11 n00 - n01 n10) / ((n11 + n10) (n10 + n00) + (n11 + n01) (n01 + n00))
///   double_fault = n00 / n
///
/// q and kappa are 1 for members that are right about the same images, and about 0 for members that are independent; kappa
/// is Cohen's, of being right. A quotient whose denominator is 0 is absent.
struct AnswerPair {
  double agreement = 0;     ///< the fraction of images with the same predicted class, right or wrong
  double disagreement = 0;  ///< the fraction that exactly one gets right
  std::optional<double> q, kappa;
  double double_fault = 0;
  std::optional<double> b_accuracy_given_a;  ///< n11 / (n11 + n10): how often b is right where a is
  std::optional<double> a_accuracy_given_b;  ///< n11 / (n11 + n01)
};
AnswerPair compare_answers(const Answers& a, const Answers& b, Labels);

/// Of all weights and biases as one vector, before and after b's hidden units were put into a's order and to a's scale (see
/// alignment.hpp). cosine = A . B / (|A| |B|), absent if one is 0; l1 = sum |A - B|.
struct ParameterPair {
  std::optional<double> parameter_cosine;
  double parameter_l1 = 0;
  std::optional<double> aligned_parameter_cosine;
  double aligned_l1 = 0;
};

struct Pair {
  std::size_t a = 0, b = 0;  ///< members, a < b
  AnswerPair answers;
  ParameterPair parameters;
  std::optional<double>
      hidden_cka;  ///< linear CKA (see losses/hidden_cka.hpp); absent if a layer is constant over the rows
  Relation relation = Relation::different;
};
Pair compare(const Member& a, const Member& b, const Answers& of_a, const Answers& of_b, Labels);

}  // namespace wengert::examples::ensemble
