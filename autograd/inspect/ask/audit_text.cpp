#include <array>
#include <ostream>

#include "autograd/inspect/ask/audit.hpp"
#include "autograd/inspect/numbers.hpp"
#include "autograd/inspect/show/columns.hpp"
#include "autograd/inspect/show/json.hpp"

namespace wengert {
namespace {

std::string text_of(std::optional<double> number) { return number ? four_digits(*number) : "-"; }
std::string json_of(std::optional<double> number) { return number ? json_number(*number) : "null"; }

std::vector<std::string> cells_of(const Audit::Row& row) {
  std::vector<std::string> cells{row.parameter};
  for (const Audit::Pull& pull : row.pulls) {
    cells.push_back(text_of(pull.norm));
    cells.push_back(pull.share ? four_digits(*pull.share * 100) + " %" : "-");
  }
  for (const std::optional<double>& cosine : row.cosines) cells.push_back(text_of(cosine));
  return cells;
}

const char* name_of(Audit::Problem problem) {
  switch (problem) {
    case Audit::Problem::not_reached:
      return "not_reached";
    case Audit::Problem::not_finite:
      return "not_finite";
    case Audit::Problem::no_effect:
      return "no_effect";
    case Audit::Problem::opposes:
      return "opposes";
  }
  return "";
}

// [f(items[0]), f(items[1]), ...]
template <class Items, class F>
std::string json_list(const Items& items, const F& f) {
  std::string text = "[";
  for (const auto& item : items) text.append(text.size() > 1 ? ", " : "").append(f(item));
  return text + "]";
}

std::string json_of(const Audit::Row& row) {
  return "{\"parameter\": " + json_string(row.parameter) + ", \"numel\": " + std::to_string(row.numel) +
         ", \"norms\": " + json_list(row.pulls, [](const Audit::Pull& pull) { return json_of(pull.norm); }) +
         ", \"shares\": " + json_list(row.pulls, [](const Audit::Pull& pull) { return json_of(pull.share); }) +
         ", \"cosines\": " + json_list(row.cosines, [](std::optional<double> cosine) { return json_of(cosine); }) + "}";
}

std::string json_of(const Audit::Warning& warning) {
  return "{\"problem\": " + json_string(name_of(warning.problem)) +
         ", \"parameter\": " + (warning.parameter.empty() ? "null" : json_string(warning.parameter)) +
         ", \"text\": " + json_string(warning.text) + "}";
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Audit& audit) {
  std::vector<std::vector<std::string>> table{{"gradient of"}};
  for (const std::string& term : audit.terms) {
    table[0].push_back(term);
    table[0].push_back("share");
  }
  for (const Audit::Pair& pair : audit.pairs) {
    table[0].push_back("cos(" + audit.terms[pair.first] + ", " + audit.terms[pair.second] + ")");
  }
  for (const Audit::Row& row : audit.parameters) table.push_back(cells_of(row));
  table.push_back(cells_of(audit.all));
  write_columns(out, table);
  for (const Audit::Warning& warning : audit.warnings) out << "warning: " << warning.text << '\n';
  return out;
}

std::string to_json(const Audit& audit) {
  const auto place = [](std::size_t term) { return std::to_string(term); };
  const auto pair = [&](const Audit::Pair& p) { return json_list(std::array{p.first, p.second}, place); };
  const auto row = [](const Audit::Row& r) { return json_of(r); };
  const auto warning = [](const Audit::Warning& w) { return json_of(w); };
  return "{\"terms\": " + json_list(audit.terms, json_string) + ", \"pairs\": " + json_list(audit.pairs, pair) +
         ", \"parameters\": " + json_list(audit.parameters, row) + ", \"all\": " + json_of(audit.all) +
         ", \"warnings\": " + json_list(audit.warnings, warning) + "}";
}

}  // namespace wengert
