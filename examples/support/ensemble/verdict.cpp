#include "examples/support/ensemble/verdict.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/base/error.hpp"

namespace wengert::examples::ensemble {
namespace {

template <class T>
void require_equal(const Member& member, const Member& first, const char* what, const T& got, const T& expected) {
  if (!(got == expected)) {
    fail("judge: the ", what, " of ", member.name, " has shape ", got, ", that of ", first.name, " ", expected,
         "; members are compared image by image and weight by weight");
  }
}

void check(const Member& member, const Member& first, Labels labels) {
  require_equal(member, first, "answer", member.logits.shape(), first.logits.shape());
  if (member.hidden.shape()[0] != first.hidden.shape()[0] || member.layers.size() != first.layers.size()) {
    fail("judge: ", member.name, " and ", first.name, " have other numbers of hidden rows or of layers");
  }
  for (std::size_t k = 0; k < first.layers.size(); ++k) {
    require_equal(member, first, "weight", member.layers[k].weight.shape(), first.layers[k].weight.shape());
    require_equal(member, first, "bias", member.layers[k].bias.shape(), first.layers[k].bias.shape());
  }
  const Shape& shape = member.logits.shape();
  if (shape.rank() != 2 || shape[0] != std::ssize(labels)) {
    fail("judge: logits (images, classes) are needed for ", labels.size(), " labels, and ", member.name, " has ",
         shape);
  }
  for (const std::uint8_t label : labels) {
    if (label >= shape[1]) fail("judge: label ", int{label}, " is none of ", shape[1], " classes");
  }
}

AgainstBest against_best(const Verdict& verdict, Labels labels) {
  AgainstBest result;
  const auto best = std::ranges::max_element(verdict.members, {}, &MemberScores::accuracy);
  result.best = static_cast<std::size_t>(best - verdict.members.begin());
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const bool by_ensemble = verdict.vote.predicted[i] == labels[i];
    const bool by_best = verdict.answers[result.best].predicted[i] == labels[i];
    result.only_ensemble += by_ensemble && !by_best ? 1 : 0;
    result.only_best += by_best && !by_ensemble ? 1 : 0;
  }
  result.p = mcnemar(result.only_ensemble, result.only_best);
  return result;
}

}  // namespace

Verdict judge(const std::vector<Member>& members, Labels labels) {
  if (members.empty()) fail("judge: takes at least one member");
  Verdict verdict;
  for (const Member& member : members) {
    check(member, members[0], labels);
    const Answers& own = verdict.answers.emplace_back(answers(member.logits));
    verdict.members.push_back({accuracy(own, labels), nll(own, labels)});
  }
  verdict.vote = soft_vote(verdict.answers);
  verdict.ensemble = {accuracy(verdict.vote, labels), nll(verdict.vote, labels), ece(verdict.vote, labels)};
  verdict.against_best = against_best(verdict, labels);
  for (std::size_t a = 0; a < members.size(); ++a) {
    for (std::size_t b = a + 1; b < members.size(); ++b) {
      verdict.pairs.push_back(compare(members[a], members[b], verdict.answers[a], verdict.answers[b], labels));
      verdict.pairs.back().a = a;
      verdict.pairs.back().b = b;
    }
  }
  return verdict;
}

double mcnemar(std::int64_t only_a, std::int64_t only_b) {
  const auto n = static_cast<double>(only_a + only_b);
  const auto fewer = static_cast<double>(std::min(only_a, only_b));
  double tail = 0;
  for (double k = 0; k <= fewer; ++k) {
    tail += std::exp(std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1) - n * std::log(2.));
  }
  return std::min(1., 2 * tail);
}

double accuracy_sigma(double accuracy, std::int64_t images) {
  return std::sqrt(accuracy * (1 - accuracy) / static_cast<double>(images));
}

}  // namespace wengert::examples::ensemble
