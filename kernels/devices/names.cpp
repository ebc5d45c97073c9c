#include "kernels/devices/names.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "kernels/base/error.hpp"
#include "kernels/devices/library.hpp"

namespace wengert {
namespace {

using Type = Device::Type;

constexpr std::array<std::string_view, 3> fixed{"cpu", "simt", "cuda"};  // in the order of Device::Type
// Filled from the front and never freed.
constinit std::array<std::atomic<const std::string*>, kernels::most_device_types - fixed.size()> further{};

// The number of a further device. One that has none yet gets the next, if it is to be added.
std::optional<Type> further_type(std::string_view name, bool add) {
  for (std::size_t i = 0; i < further.size(); ++i) {
    const std::string* there = further[i].load(std::memory_order_acquire);
    if (!there) {
      if (!add) return {};
      auto fresh = std::make_unique<const std::string>(name);
      if (further[i].compare_exchange_strong(there, fresh.get(), std::memory_order_acq_rel)) there = fresh.release();
    }
    if (*there == name) return static_cast<Type>(fixed.size() + i);
  }
  if (!add) return {};
  fail("device '", name, "': one process can name ", kernels::most_device_types, " types of devices");
}

std::optional<Type> type_of(std::string_view name) {
  for (std::size_t i = 0; i < fixed.size(); ++i) {
    if (fixed[i] == name) return static_cast<Type>(i);
  }
  if (const auto known = further_type(name, false)) return known;  // loaded, it stays, whatever becomes of its file
  if (kernels::library::exists(name)) return further_type(name, true);
  return {};
}

// cpu and simt are one device each, and have no number.
bool is_numbered(Type type) { return type != Type::cpu && type != Type::simt; }

[[noreturn]] void refuse(std::string_view name) {
  std::vector<std::string> known{"cpu", "simt", "cuda", "cuda:N"};
  for (std::string& other : kernels::library::names()) {
    if (std::ranges::find(fixed, other) == fixed.end()) known.push_back(std::move(other));
  }
  std::string list = known.front();
  for (std::size_t i = 1; i < known.size(); ++i) list += (i + 1 < known.size() ? ", " : " and ") + known[i];
  fail("unknown device '", name, "': the devices are ", list);
}

}  // namespace

std::string_view kernels::name_of(Type type) {
  const auto number = static_cast<std::size_t>(type);
  if (number < fixed.size()) return fixed[number];
  if (number >= kernels::most_device_types) return "unnamed";
  const std::string* const name = further[number - fixed.size()].load(std::memory_order_acquire);
  return name ? std::string_view(*name) : "unnamed";  // in a library, which has names of its own
}

Device Device::parse(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::optional<Type> type = type_of(text.substr(0, colon));
  if (!type) refuse(text);
  if (colon == std::string_view::npos) return {*type, 0};
  std::uint8_t index = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, bad] = std::from_chars(text.data() + colon + 1, end, index);
  if (!is_numbered(*type) || bad != std::errc{} || stop != end) refuse(text);
  return {*type, index};
}

std::ostream& operator<<(std::ostream& out, Device device) {
  out << kernels::name_of(device.type);
  if (is_numbered(device.type)) out << ':' << int{device.index};
  return out;
}

}  // namespace wengert
