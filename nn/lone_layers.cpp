#include "nn/lone_layers.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>

namespace wengert::nn {
namespace {

std::size_t end_of_part(std::string_view name, std::size_t begin) {
  return std::min(name.find('.', begin), name.size());
}

// Each name without its lone layers, which are no names' ends. Different names stay different.
std::vector<std::string> shortened(const std::vector<std::string>& names) {
  std::map<std::string_view, std::size_t> begun;  // how many names begin with these parts
  for (const std::string_view name : names) {
    for (std::size_t at = 0; at < name.size(); ++at) ++begun[name.substr(0, at = end_of_part(name, at))];
  }
  std::vector<std::string> result;
  for (const std::string_view name : names) {
    std::string shorter;
    std::string_view before;
    for (std::size_t at = 0; at < name.size(); ++at) {
      const std::size_t end = end_of_part(name, at);
      const std::string_view part = name.substr(at, end - at), parent = name.substr(0, at == 0 ? 0 : at - 1);
      const bool lone =
          part == "0" && before == "0" && end < name.size() && begun[name.substr(0, end)] == begun[parent];
      if (!lone) shorter.append(shorter.empty() ? "" : ".").append(part);
      before = part;
      at = end;
    }
    result.push_back(shorter);
  }
  return result;
}

}  // namespace

void use_names_of(const std::vector<NamedParameter>& parameters, std::vector<NamedTensor>& tensors) {
  std::vector<std::string> own, others;
  for (const auto& [name, parameter] : parameters) own.push_back(name);
  for (const auto& [name, tensor] : tensors) others.push_back(name);
  const std::vector<std::string> own_short = shortened(own), others_short = shortened(others);
  std::map<std::string, std::string> name_of;
  for (std::size_t k = 0; k < own.size(); ++k) name_of[own_short[k]] = own[k];
  const auto known = [&](const std::string& name) { return name_of.contains(name); };
  if (own.size() != others.size() || !std::ranges::all_of(others_short, known)) return;
  for (std::size_t k = 0; k < tensors.size(); ++k) tensors[k].name = name_of[others_short[k]];
}

}  // namespace wengert::nn
