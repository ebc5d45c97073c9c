// Tag: what an observer attaches to a value that has no history.
#pragma once

#include "kernels/base/refcount.hpp"

namespace wengert {

/// Copies, views and clones of a Tensor keep it. The core never reads it.
struct Tag {
  Tag() = default;
  virtual ~Tag() = default;
  Tag(const Tag&) = delete;
  Tag& operator=(const Tag&) = delete;

  RefCount references;
};

inline void destroy(Tag* tag) { delete tag; }

}  // namespace wengert
