#include "nn/data/byte_reader.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>

namespace wengert::data {
namespace {

// What deflate can make of one byte at most: a match of 258 bytes takes 2 bits (zlib's technical notes).
constexpr std::uint64_t deflate_ratio = 1032;

}  // namespace

// The file, and what unpacks it.
struct ByteReader::Source {
  nn::InputFile& in;
  bool packed = false, member_ended = false;
  z_stream stream{};
  std::array<std::uint8_t, 1 << 16> buffer;

  explicit Source(nn::InputFile& file) : in(file) {}
  ~Source() {
    if (packed) inflateEnd(&stream);
  }

  // True if there is packed data to go on with.
  bool refill() {
    if (stream.avail_in == 0) {
      stream.avail_in = static_cast<uInt>(in.read(buffer.data(), buffer.size()));
      stream.next_in = buffer.data();
    }
    return stream.avail_in > 0;
  }
  // True if there is packed data behind zeros, with which files on tapes and in blocks are filled up.
  bool skip_padding() {
    while (refill() && *stream.next_in == 0) {
      ++stream.next_in;
      --stream.avail_in;
    }
    return stream.avail_in > 0;
  }
};

ByteReader::ByteReader(const std::filesystem::path& path) : file_(path), source_(std::make_unique<Source>(file_)) {
  std::array<std::uint8_t, 2> start{};
  file_.read(start.data(), start.size());
  file_.rewind();
  if (start != std::array<std::uint8_t, 2>{0x1f, 0x8b}) return;
  Source& source = *source_;
  constexpr int gzip_alone = 16 + MAX_WBITS;
  if (inflateInit2(&source.stream, gzip_alone) != Z_OK) refuse("there is no memory to unpack it");
  source.packed = true;
}

ByteReader::~ByteReader() = default;

std::uint64_t ByteReader::most() const { return source_->packed ? file_.size() * deflate_ratio : file_.size(); }

void ByteReader::read(std::uint8_t* to, std::uint64_t count) {
  const std::uint64_t got = read_some(to, count);
  position_ += got;
  if (got < count) {
    refuse("ends at byte ", position_, ", where ", count - got, " bytes more were expected: it is truncated");
  }
}

void ByteReader::expect_end() {
  std::uint8_t more = 0;
  if (read_some(&more, 1) > 0) refuse("is too long: it should end at byte ", position_);
}

// Fewer than `count` only at the end of the file.
std::uint64_t ByteReader::read_some(std::uint8_t* to, std::uint64_t count) {
  Source& source = *source_;
  if (!source.packed) return file_.read(to, count);
  z_stream& stream = source.stream;
  std::uint64_t got = 0;
  while (got < count) {
    if (source.member_ended && !source.skip_padding()) break;
    if (!source.refill()) {
      refuse("ends inside its gzip data, after ", position_ + got, " unpacked bytes: it is truncated");
    }
    if (source.member_ended) {  // a gzip file may consist of several, each of which begins with this byte
      if (*stream.next_in != 0x1f) refuse("is too long: after its gzip data come other bytes");
      inflateReset(&stream);
      source.member_ended = false;
    }
    const auto room = static_cast<uInt>(std::min<std::uint64_t>(count - got, std::numeric_limits<uInt>::max()));
    stream.next_out = to + got;
    stream.avail_out = room;
    const int result = inflate(&stream, Z_NO_FLUSH);
    got += room - stream.avail_out;
    if (result == Z_STREAM_END) {
      source.member_ended = true;
    } else if (result != Z_OK) {
      refuse("its gzip data are damaged after ", position_ + got,
             " unpacked bytes: ", stream.msg ? stream.msg : zError(result));
    }
  }
  return got;
}

}  // namespace wengert::data
