// Files that are read.
#pragma once

#include <cstdint>
#include <filesystem>

#include "kernels/base/error.hpp"

namespace wengert::nn {

/// A file that is read from its beginning. All errors begin with its path.
class InputFile {
 public:
  /// Errors: it cannot be opened, with the system's reason; it has no length, as a folder or a pipe has none.
  explicit InputFile(std::filesystem::path path);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  std::uint64_t size() const { return size_; }  ///< bytes
  /// The next `count` bytes, or as many as there still are. Error: the system's reason.
  std::uint64_t read(void* to, std::uint64_t count);
  /// Reading begins again.
  void rewind();

  template <class... Parts>
  [[noreturn]] void refuse(const Parts&... parts) const {
    fail(path_.string(), ": ", parts...);
  }

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace wengert::nn
