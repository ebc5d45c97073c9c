// JSON, written by hand: a few lines, so that those who link the engine need no library for it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace wengert {

/// The text as a JSON string, quotes included: quotes, backslashes and control characters escaped.
std::string json_string(std::string_view text);

/// The number in the shortest form that reads back to the same double. JSON has none that are not finite: those are the
/// strings "nan", "inf" and "-inf", and an absent one is null.
std::string json_number(std::optional<double> number);

}  // namespace wengert
