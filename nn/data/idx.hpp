// IDX files, the format that MNIST comes in: http://yann.lecun.com/exdb/mnist
//
//   4 bytes         0, 0, 8 (unsigned bytes), the number of axes: 1 for labels, 3 for images (count, rows, columns)
//   4 for each      the axis's size, big-endian
//   the rest        the bytes, row-major
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace wengert::data {

struct Idx {
  std::vector<std::int64_t> shape;
  std::vector<std::uint8_t> bytes;
};

/// Reads a file of unsigned bytes with that many axes, plain or gzip. Errors name the file, the byte, and what was
/// expected there: another magic number or number of axes; an axis of size 0; more bytes than the file can hold or
/// than 1 GiB; too few bytes or too many; damaged gzip data.
Idx read_idx(const std::filesystem::path& file, int axes);

}  // namespace wengert::data
