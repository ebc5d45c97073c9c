#include "nn/lone_layers.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>

namespace wengert::nn {
namespace {

using Parts = std::vector<std::string_view>;

Parts parts_of(std::string_view name) {
  Parts parts;
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t end = std::min(name.find('.', begin), name.size());
    parts.push_back(name.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

bool is_number(std::string_view part) {
  return !part.empty() && std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
}

// Each name without its lone layers. They are dropped from all names that share them, so different names stay different.
std::vector<std::string> shortened(const std::vector<std::string>& names) {
  struct Group {
    std::size_t names = 0, with_number = 0;  // that begin so, and those of them that go on with a number
  };
  std::map<Parts, Group> groups;
  for (const std::string& name : names) {
    Parts begin;
    for (const std::string_view part : parts_of(name)) {
      Group& group = groups[begin];
      ++group.names;
      if (is_number(part)) ++group.with_number;
      begin.push_back(part);
    }
  }
  std::vector<std::string> result;
  for (const std::string& name : names) {
    std::string shorter;
    Parts begin;
    for (const std::string_view part : parts_of(name)) {
      const std::size_t siblings = groups[begin].names;
      begin.push_back(part);
      const auto group = groups.find(begin);
      const bool lone = part == "0" && group != groups.end() && group->second.names == siblings &&
                        group->second.with_number == siblings;
      if (!lone) shorter.append(shorter.empty() ? "" : ".").append(part);
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
  if (own.size() != others.size()) return;
  const std::vector<std::string> own_short = shortened(own), others_short = shortened(others);
  std::map<std::string, std::string> name_of;
  for (std::size_t k = 0; k < own.size(); ++k) name_of[own_short[k]] = own[k];
  if (!std::ranges::all_of(others_short, [&](const std::string& name) { return name_of.contains(name); })) return;
  for (std::size_t k = 0; k < tensors.size(); ++k) tensors[k].name = name_of[others_short[k]];
}

}  // namespace wengert::nn
