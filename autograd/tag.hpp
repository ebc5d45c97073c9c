// What an observer leaves on a value without history.
#pragma once

#include "kernels/base/refcount.hpp"

namespace wengert {

/// It goes along with copies, views and clones of a Tensor. The core never reads it.
struct Tag {
  Tag() = default;
  virtual ~Tag() = default;
  Tag(const Tag&) = delete;
  Tag& operator=(const Tag&) = delete;

  RefCount references;
};

inline void destroy(Tag* tag) { delete tag; }

}  // namespace wengert
