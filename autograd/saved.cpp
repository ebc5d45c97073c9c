#include "autograd/saved.hpp"

#include <string>

namespace wengert {

void Saved::check() const {
  if (!value_.defined()) return;
  const std::uint64_t now = value_.storage()->version();
  if (now == version_) return;
  const std::string* const name = value_.storage()->name.get();
  fail("backward of ", role_, ": the value it saved", name ? ", '" + *name + "'," : "", " of shape ", value_.shape(),
       " was changed in place since: it was at version ", version_, " and is at ", now,
       ". Change it after backward, or compute with a clone()");
}

}  // namespace wengert
