#include "examples/support/ensemble/sentences.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace wengert::examples::ensemble {
namespace {

std::string percent(double fraction) { return fmt::format("{:.2f} %", 100 * fraction); }
std::string points(double fraction) { return fmt::format("{:.2f} points", 100 * fraction); }

// The least and the largest of some numbers that every pair has, or may lack.
class Range {
 public:
  void add(std::optional<double> value) {
    if (!value || !std::isfinite(*value)) return;
    least_ = std::min(least_, *value);
    most_ = std::max(most_, *value);
  }
  bool empty() const { return least_ > most_; }
  double least() const { return least_; }
  double most() const { return most_; }
  std::string text(int digits) const {
    const std::string low = fmt::format("{:.{}f}", least_, digits), high = fmt::format("{:.{}f}", most_, digits);
    return low == high ? low : fmt::format("{} to {}", low, high);
  }

 private:
  double least_ = std::numeric_limits<double>::infinity(), most_ = -std::numeric_limits<double>::infinity();
};

std::string single(const Verdict& verdict) {
  const double accuracy = verdict.members[0].accuracy;
  return fmt::format(
      "It gets {} of {} images right, with a standard error of {}. There is no other member to compare it with.",
      percent(accuracy), verdict.vote.count(), points(accuracy_sigma(accuracy, verdict.vote.count())));
}

// The members answer the same images, which makes their difference surer than two standard errors would have it: McNemar's
// test below takes that into account, this remark need not.
std::string how_good_members_are(const std::vector<Member>& members, const Verdict& verdict) {
  Range range;
  for (const MemberScores& scores : verdict.members) range.add(scores.accuracy);
  const double sigma = accuracy_sigma(range.most(), verdict.vote.count());
  const double spread = range.most() - range.least();
  return fmt::format(
      "The best member is {}, with {} of {} images right; one standard error of that is {}. From the worst member to "
      "the best "
      "there are {}, {}.",
      members[verdict.against_best.best].name, percent(range.most()), verdict.vote.count(), points(sigma),
      points(spread),
      spread > 2 * std::sqrt(2.) * sigma ? "more than chance alone would give" : "which may well be chance");
}

std::string whether_the_ensemble_helped(const std::vector<Member>& members, const Verdict& verdict) {
  const AgainstBest& against = verdict.against_best;
  const MemberScores& best = verdict.members[against.best];
  const double gain = verdict.ensemble.accuracy - best.accuracy;
  std::string text =
      fmt::format("Voting by mean probability they get {}, {} {} than {}. ", percent(verdict.ensemble.accuracy),
                  points(std::abs(gain)), gain < 0 ? "less" : "more", members[against.best].name);
  text += fmt::format("The vote alone is right about {} images, that member alone about {}: ", against.only_ensemble,
                      against.only_best);
  if (against.only_ensemble + against.only_best == 0) return text + "nothing that a test could weigh.";
  text += fmt::format(
      "if neither were better, so uneven a split would come with probability {:.2g} (McNemar's exact test), ",
      against.p);
  if (against.p >= 0.05) return text + "so that on these images the difference may be chance.";
  return text + fmt::format("so that the {} is hardly chance.", gain < 0 ? "loss" : "gain");
}

std::string what_the_chances_are_worth(const Verdict& verdict) {
  Range range;
  for (const MemberScores& scores : verdict.members) range.add(scores.nll);
  if (range.empty()) return "";
  const EnsembleScores& vote = verdict.ensemble;
  return fmt::format("The members' NLL is {}, the vote's {:.4f}, {}; its calibration error (ECE) is {:.4f}.",
                     range.text(4), vote.nll,
                     vote.nll < range.least() ? "below all of them" : "not below the best of them", vote.ece);
}

std::string copies(const std::vector<Member>& members, const Pair& pair) {
  if (pair.relation == Relation::different) return "";
  return fmt::format("{} and {}: {}. In a vote that is one member, counted twice.", members[pair.a].name,
                     members[pair.b].name, in_words(pair.relation));
}

std::string how_different_answers_are(const Verdict& verdict) {
  Range apart, kappa;
  for (const Pair& pair : verdict.pairs) {
    if (pair.relation != Relation::different) continue;
    apart.add(100 * (1 - pair.answers.agreement));
    kappa.add(pair.answers.kappa);
  }
  if (apart.empty()) return "";
  std::string text =
      fmt::format("Pairs that are different functions answer {} % of the images differently", apart.text(2));
  if (!kappa.empty()) {
    text += fmt::format(
        "; the kappa of their being right is {}, 1 meaning that they fail on the same images and 0 that one's failures "
        "say "
        "nothing about the other's",
        kappa.text(2));
  }
  return text + ".";
}

std::string how_different_weights_are(const Verdict& verdict) {
  Range before, after, cka;
  for (const Pair& pair : verdict.pairs) {
    if (pair.relation != Relation::different) continue;
    before.add(pair.parameters.parameter_cosine);
    after.add(pair.parameters.aligned_parameter_cosine);
    cka.add(pair.hidden_cka);
  }
  if (before.empty() || after.empty()) return "";
  std::string text = fmt::format(
      "As lists of numbers their parameters have a cosine of {}. With hidden units in one order and on one scale it is "
      "{}",
      before.text(3), after.text(3));
  if (!cka.empty()) text += fmt::format(", and the hidden layers' linear CKA is {}", cka.text(3));
  return text + ". Only the last two are blind to how the units happen to be numbered.";
}

}  // namespace

std::vector<std::string> in_sentences(const std::vector<Member>& members, const Verdict& verdict) {
  if (members.size() == 1) return {single(verdict)};
  std::vector<std::string> paragraphs = {
      how_good_members_are(members, verdict) + " " + whether_the_ensemble_helped(members, verdict),
      what_the_chances_are_worth(verdict)};
  for (const Pair& pair : verdict.pairs) paragraphs.push_back(copies(members, pair));
  paragraphs.push_back(how_different_answers_are(verdict));
  paragraphs.push_back(how_different_weights_are(verdict));
  std::erase(paragraphs, "");
  return paragraphs;
}

}  // namespace wengert::examples::ensemble
