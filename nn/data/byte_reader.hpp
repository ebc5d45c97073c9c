// The bytes of a file, one after another, unpacked where it is gzip.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "nn/files/input_file.hpp"

namespace wengert::data {

/// Reads a file from its beginning. Gzip (RFC 1952) is told by the file's first two bytes, not by its name, and its
/// checksums are compared. Zeros behind the packed data are skipped, as gzip does; other bytes there are errors. Only what is asked for is unpacked, so that a small file cannot fill the memory.
///
/// All errors name the file, and the byte of its (unpacked) contents.
class ByteReader {
 public:
  /// Errors: the file cannot be opened, or is none that can be read.
  explicit ByteReader(const std::filesystem::path& path);
  ~ByteReader();
  ByteReader(const ByteReader&) = delete;
  ByteReader& operator=(const ByteReader&) = delete;

  /// The next `count` bytes. Errors: the file ends before; its packed data are damaged; the system cannot read it.
  void read(std::uint8_t* to, std::uint64_t count);
  /// Errors: there are more bytes, or the checksum of what was read is wrong.
  void expect_end();

  /// How many bytes have been read.
  std::uint64_t position() const { return position_; }
  /// More than this the whole file cannot hold.
  std::uint64_t most() const;

  template <class... Parts>
  [[noreturn]] void refuse(const Parts&... parts) const {
    file_.refuse(parts...);
  }

 private:
  struct Source;
  std::uint64_t read_some(std::uint8_t* to, std::uint64_t count);

  nn::InputFile file_;
  std::unique_ptr<Source> source_;
  std::uint64_t position_ = 0;
};

}  // namespace wengert::data
