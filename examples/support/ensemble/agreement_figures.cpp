#include <fmt/format.h>

#include "examples/support/ensemble/sections.hpp"
#include "examples/support/heat_map.hpp"
#include "examples/support/html.hpp"

namespace wengert::examples::ensemble {
namespace {

using Matrix = std::vector<std::vector<std::optional<double>>>;

// What a pair says of (a, b) and of (b, a).
template <class Forward, class Backward>
Matrix matrix(const Verdict& verdict, Forward forward, Backward backward) {
  const std::size_t n = verdict.members.size();
  Matrix values(n, std::vector<std::optional<double>>(n));
  for (const Pair& pair : verdict.pairs) {
    values[pair.a][pair.b] = forward(pair.answers);
    values[pair.b][pair.a] = backward(pair.answers);
  }
  return values;
}

std::string heat_maps(const std::vector<Member>& members, const Verdict& verdict) {
  std::vector<std::string> names;
  for (const Member& member : members) names.push_back(member.name);
  const auto agreement = [](const AnswerPair& pair) { return pair.agreement; };
  const ChartTexts same{"agreement", "Agreement", "How often two members give the same answer.", "", ""};
  const ChartTexts given{"given", "Accuracy given another's answer",
                         "How often the member of the column is right where the member of the row is.", "is right",
                         "where"};
  return side_by_side(
      figure(heat_map(same, names, matrix(verdict, agreement, agreement)).element(),
             "How often two members give the same answer, right or wrong. The shades go from the least to the most.") +
      figure(heat_map(given, names,
                      matrix(
                          verdict, [](const AnswerPair& pair) { return pair.b_accuracy_given_a; },
                          [](const AnswerPair& pair) { return pair.a_accuracy_given_b; }))
                 .element(),
             "How often the member above is right where the member on the left is."));
}

std::string cell(const Pair& pair, const char* what, const std::optional<double>& value) {
  return table_cell(fmt::format("pair.{}.{}.{}", pair.a, pair.b, what), value ? fmt::format("{:.4f}", *value) : "-");
}

std::string pair_table(const Verdict& verdict) {
  std::string rows;
  for (const Pair& pair : verdict.pairs) {
    const AnswerPair& answers = pair.answers;
    rows += table_row(fmt::format("{} and {}", pair.a, pair.b),
                      cell(pair, "agreement", answers.agreement) + cell(pair, "disagreement", answers.disagreement) +
                          cell(pair, "q", answers.q) + cell(pair, "kappa", answers.kappa) +
                          cell(pair, "double_fault", answers.double_fault) +
                          cell(pair, "b_accuracy_given_a", answers.b_accuracy_given_a) +
                          table_cell(fmt::format("pair.{}.{}.relation", pair.a, pair.b), in_words(pair.relation)));
  }
  return table(
      "How alike the answers of each pair are",
      "<th scope=\"col\">Pair</th><th scope=\"col\">Agreement</th><th scope=\"col\">Disagreement</th><th "
      "scope=\"col\">Q</th><th scope=\"col\">Kappa</th><th scope=\"col\">Double fault</th><th scope=\"col\">b given "
      "a</th><th scope=\"col\">Verdict</th>",
      rows);
}

}  // namespace

std::string agreement_figures(const std::vector<Member>& members, const Verdict& verdict) {
  return heat_maps(members, verdict) +
         figure(
             pair_table(verdict),
             "Of a pair (a, b). Agreement: the same answer, right or wrong. Disagreement: exactly one is right. Double "
             "fault: both are wrong. Q and kappa are 1 for members that are right about the same images, and about 0 "
             "for "
             "members whose errors have nothing to do with each other (Kuncheva and Whitaker 2003). b given a: how "
             "often b "
             "is right where a is.");
}

}  // namespace wengert::examples::ensemble
