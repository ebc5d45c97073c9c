// The proof that a frozen model did not move, or else what moved and who moved it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "autograd/var.hpp"

namespace wengert {

/// A hash of parameters, taken when it is made: after freeze(), say. verify() compares.
///
///     A.freeze();
///     const FreezeCertificate frozen(A.parameters());
///     train(B);
///     frozen.verify();
///
/// It reads bits: 0 and -0 differ, and so does a NaN that came another way about. It copies no parameter, and notices a
/// write through a raw pointer too.
class FreezeCertificate {
 public:
  /// Errors: no parameters; inside a capture.
  [[nodiscard("it proves nothing until verify() is called: give it a name")]] explicit FreezeCertificate(
      const std::vector<Var>& parameters);

  /// Of names, shapes, dtypes and bits, in order, by FNV-1a (64 bits): the same on every machine and device. It finds
  /// accidents; it is no proof against those who want to deceive.
  std::uint64_t hash() const { return hash_; }

  struct Moved {
    std::string parameter;
    std::string by;  ///< what the engine knows of who wrote: "sgd, the last of 3 writes since"
  };
  /// The parameters whose bits are not what they were.
  std::vector<Moved> moved() const;
  /// Throws if there are any; names each, and what moved it.
  void verify() const;

 private:
  // What a parameter lies in: its own storage first, then the buffers that it is a part of.
  struct WriteCount {
    Ref<Storage> storage;
    std::uint64_t writes, part_writes;
  };
  struct Entry {
    std::string name;
    Tensor value;
    std::uint64_t hash;
    std::vector<WriteCount> write_counts;
  };
  static std::string writer_of(const Entry& entry);

  std::vector<Entry> entries_;
  std::uint64_t hash_;
};

}  // namespace wengert
