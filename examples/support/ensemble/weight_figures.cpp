#include <fmt/format.h>

#include <limits>

#include "examples/support/bars.hpp"
#include "examples/support/ensemble/sections.hpp"
#include "examples/support/html.hpp"

namespace wengert::examples::ensemble {
namespace {

std::string cell(const Pair& pair, const char* what, const std::optional<double>& value, int digits = 4) {
  return table_cell(fmt::format("pair.{}.{}.{}", pair.a, pair.b, what),
                    value ? fmt::format("{:.{}f}", *value, digits) : "-");
}

std::string weight_table(const Verdict& verdict) {
  std::string rows;
  for (const Pair& pair : verdict.pairs) {
    const ParameterPair& parameters = pair.parameters;
    rows +=
        table_row(fmt::format("{} and {}", pair.a, pair.b),
                  cell(pair, "parameter_cosine", parameters.parameter_cosine) +
                      cell(pair, "aligned_parameter_cosine", parameters.aligned_parameter_cosine) +
                      cell(pair, "parameter_l1", parameters.parameter_l1, 2) +
                      cell(pair, "aligned_l1", parameters.aligned_l1, 2) + cell(pair, "hidden_cka", pair.hidden_cka));
  }
  return table("How alike the weights of each pair are",
               "<th scope=\"col\">Pair</th><th scope=\"col\">Cosine</th><th scope=\"col\">aligned</th><th "
               "scope=\"col\">sum |A - B|</th><th scope=\"col\">aligned</th><th scope=\"col\">Hidden CKA</th>",
               rows);
}

std::string likeness_bars(const Verdict& verdict) {
  constexpr double absent = std::numeric_limits<double>::quiet_NaN();
  std::vector<BarGroup> groups;
  for (const Pair& pair : verdict.pairs) {
    const ParameterPair& parameters = pair.parameters;
    groups.push_back({fmt::format("{} and {}", pair.a, pair.b),
                      {{parameters.parameter_cosine.value_or(absent),
                        parameters.aligned_parameter_cosine.value_or(absent), pair.hidden_cka.value_or(absent)}}});
  }
  const ChartTexts texts{
      "likeness", "Likeness of weights and hidden layers",
      "For each pair the parameters' cosine, the same after alignment, and the hidden layers' linear CKA.", "", ""};
  const Svg chart = bar_chart(texts, {{"cosine", "fit"}, {"aligned", "a"}, {"CKA", "b"}}, groups);
  return figure(chart.element(),
                "1 is alike. A cosine near 0 before alignment says little: units in another order are enough for it.");
}

}  // namespace

std::string weight_figures(const Verdict& verdict, const std::string& hidden_rows) {
  return likeness_bars(verdict) + figure(weight_table(verdict),
                                         "Of all weights and biases as one list: their cosine and the sum of |A - B|, "
                                         "as they are, and after b's hidden "
                                         "units were put into a's order and to a's scale. Hidden CKA: linear CKA of "
                                         "the last hidden layers (Kornblith "
                                         "et al. 2019) over " +
                                             hidden_rows + ".");
}

}  // namespace wengert::examples::ensemble
