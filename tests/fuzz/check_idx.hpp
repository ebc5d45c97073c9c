// What must hold of read_idx, whatever the file.
#pragma once

#include <cstdlib>
#include <string>

#include "kernels/base/error.hpp"
#include "nn/data/idx.hpp"

namespace wengert::fuzz {

/// Ends the program unless the file is read as what it announces, or refused with an Error that names it.
inline void check_idx(const std::filesystem::path& file) {
  for (const int axes : {1, 3}) {
    try {
      const data::Idx idx = data::read_idx(file, axes);
      std::size_t count = 1;
      for (const std::int64_t size : idx.shape) count *= static_cast<std::size_t>(size);
      if (idx.shape.size() != static_cast<std::size_t>(axes) || idx.bytes.size() != count) std::abort();
    } catch (const Error& error) {
      if (!std::string(error.what()).starts_with(file.string() + ": ")) std::abort();
    }
  }
}

}  // namespace wengert::fuzz
