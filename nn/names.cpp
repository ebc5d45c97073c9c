#include "nn/names.hpp"

#include "autograd/inspect/show/json.hpp"
#include "kernels/base/error.hpp"

namespace wengert::nn {

void require_name(const char* what, const std::string& name) {
  if (name.empty()) fail(what, ": a name must not be empty");
  if (name == metadata_name) fail(what, ": '", name, "' is reserved for the texts in a safetensors file");
  require_utf8(what, "name", name);
}

void require_utf8(const char* what, const char* kind, const std::string& text) {
  const std::string valid = valid_utf8(text);
  if (valid != text) fail(what, ": the ", kind, " '", valid, "' is not UTF-8");
}

}  // namespace wengert::nn
