#include <fmt/format.h>

#include "examples/support/bars.hpp"
#include "examples/support/html.hpp"
#include "examples/support/two_blobs/sections.hpp"

namespace wengert::examples {
namespace {

// Each in the shortest form that reads back to it.
std::string all_in_full(const std::vector<float>& values) {
  std::string text;
  for (const float value : values) text.append(text.empty() ? "" : " ").append(in_full(value));
  return text;
}

}  // namespace

std::string parameter_figure(const Trained& a, const Trained& b) {
  const std::vector<nn::NamedParameter> of_a = a.model.named_parameters(), of_b = b.model.named_parameters();
  std::vector<BarGroup> groups;
  std::string rows;
  for (std::size_t k = 0; k < of_a.size(); ++k) {
    const std::string& name = of_a[k].name;
    const std::vector<float> values_a = of_a[k].parameter.to_vector(), values_b = of_b[k].parameter.to_vector();
    BarGroup group{name, {}};
    for (std::size_t i = 0; i < values_a.size(); ++i) group.places.push_back({values_a[i], values_b[i]});
    groups.push_back(std::move(group));
    rows += table_row(name,
                      table_cell("A." + name, all_in_full(values_a)) + table_cell("B." + name, all_in_full(values_b)));
  }
  const ChartTexts texts{"parameters", "The parameters of A and B",
                         "A bar for each number of each parameter, A's beside B's, up and down from 0.", "", "value"};
  const Svg chart = bar_chart(texts, {{"A", "a"}, {"B", "b"}}, groups);
  const char* const head = "<th scope=\"col\">Parameter</th><th scope=\"col\">A</th><th scope=\"col\">B</th>";
  return figure(scrolled("Parameters as bars", chart.element()),
                "Each pair of bars is one number of a parameter, A's beside B's, in the order in which they lie in "
                "memory.") +
         details("The numbers", table("Parameters", head, rows));
}

}  // namespace wengert::examples
