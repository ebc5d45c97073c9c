#include "nn/data/idx.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "autograd/shape.hpp"
#include "nn/data/byte_reader.hpp"

namespace wengert::data {
namespace {

constexpr std::uint64_t largest = std::uint64_t{1} << 30;  // twenty times MNIST; what says that it is larger lies

using Word = std::array<std::uint8_t, 4>;

Word read_word(ByteReader& reader) {
  Word word{};
  reader.read(word.data(), word.size());
  return word;
}

const char* kind(int axes) { return axes == 1 ? "labels" : axes == 3 ? "images" : "neither labels nor images"; }

void check_magic(ByteReader& reader, int axes) {
  const Word magic = read_word(reader);
  if (magic[0] != 0 || magic[1] != 0 || magic[2] != 8) {
    reader.refuse("bytes 0 to 2 of an IDX file of unsigned bytes are 0 0 8, these are ", int{magic[0]}, " ",
                  int{magic[1]}, " ", int{magic[2]});
  }
  if (magic[3] != axes) {
    reader.refuse("byte 3: a file of ", axes, axes == 1 ? " axis (" : " axes (", kind(axes),
                  ") was expected, this has ", int{magic[3]}, " (", kind(magic[3]), ")");
  }
}

std::int64_t read_size(ByteReader& reader) {
  const std::uint64_t at = reader.position();
  const Word word = read_word(reader);
  const std::int64_t size =
      std::int64_t{word[0]} << 24 | std::int64_t{word[1]} << 16 | std::int64_t{word[2]} << 8 | std::int64_t{word[3]};
  if (size == 0) reader.refuse("byte ", at, ": an axis's size is 0; at least 1 was expected");
  return size;
}

// The product of the sizes, each below 2^32, if it can be true.
std::uint64_t checked_count(const ByteReader& reader, const std::vector<std::int64_t>& shape) {
  const std::uint64_t most = std::min(reader.most(), largest);
  std::uint64_t count = 1;
  for (const std::int64_t size : shape) {
    count *= static_cast<std::uint64_t>(size);
    if (count > most) {
      reader.refuse("byte 4: ", text_of(shape), " are more than the ", most, " bytes that ",
                    most == largest ? "are read at most: the sizes are wrong"
                                    : "this file can hold: it is truncated, or the sizes are wrong");
    }
  }
  return count;
}

}  // namespace

Idx read_idx(const std::filesystem::path& file, int axes) {
  ByteReader reader(file);
  check_magic(reader, axes);
  Idx result;
  for (int axis = 0; axis < axes; ++axis) result.shape.push_back(read_size(reader));
  const std::uint64_t count = checked_count(reader, result.shape);

  // Piece by piece: memory that is reserved costs nothing until bytes have come to fill it.
  result.bytes.reserve(count);
  while (result.bytes.size() < count) {
    const std::uint64_t begin = result.bytes.size(), piece = std::min<std::uint64_t>(count - begin, 1 << 20);
    result.bytes.resize(begin + piece);
    reader.read(result.bytes.data() + begin, piece);
  }
  reader.expect_end();
  return result;
}

}  // namespace wengert::data
