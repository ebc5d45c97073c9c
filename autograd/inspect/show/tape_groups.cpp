#include "autograd/inspect/show/tape_groups.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace wengert {
namespace {

std::string module_of(const Tape::Row& row) {
  if (!row.node || !row.node->is_leaf) return "";
  const std::string name = row.name();
  const std::size_t dot = name.rfind('.');
  return dot == std::string::npos ? "" : name.substr(0, dot);
}

// Each row begins as a place of its own; the places of modules come after these. Between places run the tape's edges.
class Grouping {
 public:
  explicit Grouping(const Tape& tape) : tape_(tape), place_(tape.rows().size()), later_(place_.size()) {
    for (std::size_t k = 0; k < place_.size(); ++k) place_[k] = k;
    for (const Tape::Row& row : tape.rows()) {
      if (row.node && !row.node->is_leaf && !row.behind_cut) enter(row);
      for (const std::size_t input : row_inputs(row)) connect(place(input), place(row.number));
    }
    gather_parameters();
  }

  std::vector<TapeGroup> groups() const {
    std::vector<TapeGroup> result(names_.size());
    for (std::size_t k = 0; k < names_.size(); ++k) result[k].name = names_[k];
    for (const Tape::Row& row : tape_.rows()) {
      if (is_module(place(row.number))) result[place(row.number) - place_.size()].rows.push_back(row.number);
    }
    std::erase_if(result, [](const TapeGroup& group) { return group.rows.size() < 2; });
    return result;
  }

 private:
  std::size_t& place(std::size_t number) { return place_[number - 1]; }
  std::size_t place(std::size_t number) const { return place_[number - 1]; }
  bool is_module(std::size_t place) const { return place >= place_.size(); }
  void connect(std::size_t from, std::size_t to) {
    if (from != to) later_[from].insert(to);
  }

  std::vector<std::size_t> row_inputs(const Tape::Row& row) const {
    std::vector<std::size_t> numbers;
    for (const Tape::Input& input : tape_.inputs(row)) {
      if (input.number > 0) numbers.push_back(input.number);
    }
    return numbers;
  }

  void enter(const Tape::Row& op) {
    const std::vector<std::size_t> inputs = row_inputs(op);
    const std::string module = common_module(inputs);
    if (module.empty()) return follow(op, inputs);
    const std::size_t at = place_for(module, inputs);
    place(op.number) = at;
    for (const std::size_t input : inputs) {  // a parameter goes with the first op that takes it
      const Tape::Row& row = tape_.row(input);
      if (row.node && row.node->is_leaf && tape_.readers(row).front() == op.number) place(input) = at;
    }
  }

  // Of all parameters among them; empty if there is none, or none that is alone.
  std::string common_module(const std::vector<std::size_t>& inputs) const {
    std::string module;
    for (const std::size_t input : inputs) {
      const Tape::Row& row = tape_.row(input);
      if (!row.node || !row.node->is_leaf) continue;
      const std::string own = module_of(row);
      if (own.empty() || (!module.empty() && own != module)) return "";
      module = own;
    }
    return module;
  }

  void follow(const Tape::Row& op, const std::vector<std::size_t>& inputs) {
    if (inputs.size() != 1 || !op.name().empty()) return;
    const Tape::Row& before = tape_.row(inputs[0]);
    const bool one_to_one = before.shape() == op.shape() && tape_.readers(before).size() == 1;
    if (one_to_one && is_module(place(before.number)) && !before.node->is_leaf) place(op.number) = place(before.number);
  }

  // The module's latest place, or a new one if that would close a circle: what it leads to leads back to the op.
  std::size_t place_for(const std::string& module, const std::vector<std::size_t>& inputs) {
    std::size_t& uses = uses_[module];
    if (uses > 0) {
      const std::size_t latest = latest_[module];
      const auto leads_back = [&](std::size_t input) {
        return place(input) != latest && reaches(latest, place(input));
      };
      if (std::ranges::none_of(inputs, leads_back)) return latest;
    }
    ++uses;
    return latest_[module] = add(uses == 1 ? module : module + " (" + std::to_string(uses) + ")");
  }

  std::size_t add(const std::string& name) {
    names_.push_back(name);
    later_.emplace_back();
    return later_.size() - 1;
  }

  bool reaches(std::size_t from, std::size_t to) const {
    std::set<std::size_t> seen{from};
    std::vector<std::size_t> waiting{from};
    while (!waiting.empty()) {
      const std::size_t at = waiting.back();
      waiting.pop_back();
      if (at == to) return true;
      for (const std::size_t next : later_[at]) {
        if (seen.insert(next).second) waiting.push_back(next);
      }
    }
    return false;
  }

  // Parameters that no op of their module takes, for instance behind a cut: nothing leads to them, so no circle.
  void gather_parameters() {
    std::map<std::string, std::size_t> places;
    for (const Tape::Row& row : tape_.rows()) {
      const std::string module = module_of(row);
      if (module.empty() || is_module(place(row.number))) continue;
      const auto [found, is_new] = places.try_emplace(module, 0);
      if (is_new) found->second = add(uses_.contains(module) ? module + " (parameters)" : module);
      place(row.number) = found->second;
    }
  }

  const Tape& tape_;
  std::vector<std::size_t> place_;            // of each row
  std::vector<std::set<std::size_t>> later_;  // of each place, those that read it
  std::vector<std::string> names_;            // of the modules' places
  std::map<std::string, std::size_t> uses_, latest_;
};

}  // namespace

std::vector<TapeGroup> groups_of(const Tape& tape) { return Grouping(tape).groups(); }

}  // namespace wengert
