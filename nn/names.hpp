// Names of parameters, as files can hold them.
#pragma once

#include <string>

namespace wengert::nn {

/// In a safetensors file this is no tensor but the texts.
inline constexpr const char* metadata_name = "__metadata__";

/// Throws an Error that begins with `what` if no tensor in a file can have this name: it is empty, reserved, or not
/// UTF-8.
void require_name(const char* what, const std::string& name);

/// The same of any text that is not UTF-8; `kind` says what it is.
void require_utf8(const char* what, const char* kind, const std::string& text);

}  // namespace wengert::nn
