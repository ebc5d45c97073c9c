// The shared memory of the block that a worker runs.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace simt::detail {

/// Of a block on any device: CUDA C++ Programming Guide, "Compute Capabilities".
inline constexpr std::size_t largest_static_shared = std::size_t{48} << 10;

class Arena {
 public:
  Arena();
  ~Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  /// Another block begins, with so much dynamic shared memory, and at most so much in all: all variables are gone.
  void clear(std::size_t dynamic_bytes, std::size_t most_bytes);
  /// The variable of this site, or nullptr if the block has none yet.
  void* find(const void* site) const {
    for (const Variable& variable : variables_)
      if (variable.site == site) return variable.address;
    return nullptr;
  }
  /// Makes it, filled with NaNs. Where it does not fit, `why` says so and the result is nullptr.
  void* make(const void* site, std::size_t bytes, std::size_t alignment, const char* name, std::string& why);
  void* make_dynamic(std::size_t alignment, const char* name);

 private:
  struct Variable {
    const void* site;
    void* address;
  };
  void* place(const void* site, std::size_t bytes, std::size_t alignment, const char* name);

  std::byte* memory_;
  std::size_t end_ = 0;  // of what is in use, gaps included
  std::size_t static_bytes_ = 0, dynamic_bytes_ = 0, most_bytes_ = 0;
  std::vector<Variable> variables_;
};

}  // namespace simt::detail
