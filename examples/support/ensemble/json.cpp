#include "examples/support/ensemble/json.hpp"

#include <fmt/format.h>

#include <cmath>

namespace wengert::examples::ensemble {
namespace {

std::string value(double number) { return std::isfinite(number) ? fmt::format("{}", number) : "null"; }
std::string value(const std::optional<double>& number) { return number ? value(*number) : "null"; }

std::string pair_json(const Pair& pair) {
  const AnswerPair& answers = pair.answers;
  const ParameterPair& parameters = pair.parameters;
  return fmt::format(
      R"({{"a": {}, "b": {}, "agreement": {}, "disagreement": {}, "q": {}, "kappa": {}, "double_fault": {}, )"
      R"("parameter_cosine": {}, "aligned_parameter_cosine": {}, "parameter_l1": {}, "aligned_l1": {}, )"
      R"("hidden_cka": {}, "b_accuracy_given_a": {}, "relation": "{}"}})",
      pair.a, pair.b, value(answers.agreement), value(answers.disagreement), value(answers.q), value(answers.kappa),
      value(answers.double_fault), value(parameters.parameter_cosine), value(parameters.aligned_parameter_cosine),
      value(parameters.parameter_l1), value(parameters.aligned_l1), value(pair.hidden_cka),
      value(answers.b_accuracy_given_a), in_words(pair.relation));
}

}  // namespace

std::string ensemble_json(const Verdict& verdict) {
  const EnsembleScores& scores = verdict.ensemble;
  return fmt::format(R"({{"accuracy": {}, "nll": {}, "ece": {}}})", value(scores.accuracy), value(scores.nll),
                     value(scores.ece));
}

std::string pairs_json(const Verdict& verdict) {
  std::string list;
  for (const Pair& pair : verdict.pairs) list += (list.empty() ? "\n  " : ",\n  ") + pair_json(pair);
  return "[" + list + "]";
}

}  // namespace wengert::examples::ensemble
