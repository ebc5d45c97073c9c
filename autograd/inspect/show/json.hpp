// Writing JSON: text and numbers are put into its form here, and nowhere else.
#pragma once

#include <string>
#include <string_view>

#include "autograd/tensor.hpp"

namespace wengert {

/// A string in quotes. '<' is written \u003c, so that the text may stand in a <script> of a page; what is not UTF-8
/// becomes U+FFFD.
std::string json_string(std::string_view text);

/// The shortest form that reads back to the same number; what JSON has no number for is a string: "nan", "inf", "-inf".
std::string json_number(double value);

/// The numbers of a tensor in row-major order, each in the shortest form that reads back to the same float.
std::string json_numbers(const Tensor& x);

/// The text with every byte that is not part of a UTF-8 character replaced by U+FFFD.
std::string valid_utf8(std::string_view text);

}  // namespace wengert
