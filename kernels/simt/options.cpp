#include "kernels/simt/options.hpp"

#include <charconv>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "kernels/simt/error.hpp"

namespace simt {
namespace {

// How one variable of the environment is read: `set` takes its text, or returns false.
template <class Set>
void read(const char* name, const char* takes, const Set& set) {
  const char* const text = std::getenv(name);
  if (text && !set(std::string_view(text))) throw Error(std::string(name) + "=" + text + ": takes " + takes);
}

template <class Number>
bool parse(std::string_view text, Number least, Number greatest, Number& number) {
  Number value{};
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || stop != text.data() + text.size() || value < least || value > greatest) return false;
  number = value;
  return true;
}

bool parse_order(std::string_view text, Options& options) {
  if (text == "forward") {
    options.order = Order::forward;
  } else if (text == "reverse") {
    options.order = Order::reverse;
  } else if (text.substr(0, 8) == "shuffled") {
    options.order = Order::shuffled;
    text.remove_prefix(8);
    return text.empty() || (text[0] == ':' && parse<std::uint64_t>(text.substr(1), 0, ~std::uint64_t{0}, options.seed));
  } else {
    return false;
  }
  return true;
}

}  // namespace

Options detail::options_from_environment() {
  Options options;
  read("SIMT_ORDER", "forward, reverse, shuffled or shuffled:SEED",
       [&](std::string_view text) { return parse_order(text, options); });
  read("SIMT_WORKERS", "1 to 16", [&](std::string_view text) { return parse(text, 1, 16, options.workers); });
  read("SIMT_STACK_KB", "16 to 65536",
       [&](std::string_view text) { return parse(text, 16, 65536, options.stack_kib); });
  read("SIMT_TIMEOUT", "a number of seconds, or 0 for none",
       [&](std::string_view text) { return parse(text, 0.0, 1e9, options.timeout); });
  read("SIMT_SHARED_BYTES", "16384 to 232448",
       [&](std::string_view text) { return parse(text, 16384, 232448, options.shared_bytes); });
  read("SIMT_FIBERS", "native or ucontext", [&](std::string_view text) {
    options.fibers = text == "ucontext" ? Fibers::ucontext : Fibers::native;
    return text == "ucontext" || text == "native";
  });
  return options;
}

Options& options() {
  static Options instance = detail::options_from_environment();
  return instance;
}

}  // namespace simt
