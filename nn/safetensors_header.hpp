// The JSON at the head of a safetensors file, as text and as what it says; nothing is judged here but its form.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "nn/safetensors.hpp"

namespace wengert::nn {

/// What the header says of one tensor. What is absent, or has another form, has no value.
struct HeaderEntry {
  std::string name;
  std::optional<std::string> dtype;
  std::optional<std::vector<std::uint64_t>> shape, data_offsets;
};

struct Header {
  std::vector<HeaderEntry> entries;  ///< in the text's order
  Metadata metadata;                 ///< without what is no text
};

/// No value where the text is no JSON object.
std::optional<Header> parse_header(const std::string& text);

/// Tensors in the order of their names.
std::string header_text(const Header& header);

}  // namespace wengert::nn
