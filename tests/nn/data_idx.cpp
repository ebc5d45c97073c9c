// IDX files, plain and gzip: what they hold, and what is refused.
#include "nn/data/idx.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>

#include "tests/support/error_text.hpp"
#include "tests/support/idx_files.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace wengert;
using testing::gzip;
using testing::idx_file;
using testing::TemporaryFolder;

namespace {

using Bytes = std::vector<std::uint8_t>;
using Sizes = std::vector<std::int64_t>;

const std::string images = idx_file({2, 1, 3}, "abcdef"), labels = idx_file({4}, {0, 9, 1, 1});

// Bytes that cannot be packed.
std::string noise(std::size_t count) {
  std::string bytes(count, '\0');
  std::uint32_t state = 1;
  for (char& c : bytes) c = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  return bytes;
}

struct Case {
  TemporaryFolder folder;

  data::Idx read(const std::string& bytes, int axes = 3) const {
    return data::read_idx(folder.write("file", bytes), axes);
  }
  // Whether the file is refused with its name and these parts.
  template <class... Parts>
  bool refuses(const std::string& bytes, const Parts&... parts) const {
    return refuses_axes(3, bytes, parts...);
  }
  template <class... Parts>
  bool refuses_axes(int axes, const std::string& bytes, const Parts&... parts) const {
    const std::string said = testing::error_of([&] { read(bytes, axes); });
    CAPTURE(said);
    const bool all = said.starts_with(folder / "file: ") && ((said.find(parts) != std::string::npos) && ...);
    CHECK(all);
    return all;
  }
};

}  // namespace

TEST_CASE("IDX: sizes and bytes, plain and gzip") {
  const Case file;
  for (const auto& packed : {false, true}) {
    CAPTURE(packed);
    const data::Idx three = file.read(packed ? gzip(images) : images, 3);
    CHECK(three.shape == Sizes{2, 1, 3});
    CHECK(three.bytes == Bytes{'a', 'b', 'c', 'd', 'e', 'f'});
    const data::Idx one = file.read(packed ? gzip(labels) : labels, 1);
    CHECK(one.shape == Sizes{4});
    CHECK(one.bytes == Bytes{0, 9, 1, 1});
  }
  CHECK(file.read(gzip(images.substr(0, 9)) + gzip(images.substr(9))).bytes.size() == 6);  // two members
}

TEST_CASE("IDX: a large file comes through gzip whole") {
  const std::string pixels = noise(3'000'000);
  const data::Idx read = Case().read(gzip(idx_file({300, 100, 100}, pixels)));
  CHECK(std::string(read.bytes.begin(), read.bytes.end()) == pixels);
}

TEST_CASE("IDX: no file, and headers that are wrong") {
  const Case file;
  CHECK(testing::fails_with([] { data::read_idx("/nowhere/file", 1); }, "/nowhere/file", "No such file"));
  CHECK(testing::fails_with([&] { data::read_idx(file.folder.path(), 1); }, file.folder.path(), "is not a file"));
  CHECK(file.refuses("", "byte 0", "truncated"));
  CHECK(file.refuses(images.substr(0, 3), "ends at byte 3", "truncated"));
  CHECK(file.refuses("P5 28 28 255", "0 0 8", "80 53 32"));
  CHECK(file.refuses(std::string("\0\0\x0d\x03", 4), "unsigned bytes", "0 0 13"));
  CHECK(file.refuses(labels, "byte 3", "images", "1 (labels)"));
  CHECK(file.refuses_axes(1, images, "byte 3", "labels", "3 (images)"));
  CHECK(file.refuses(idx_file({1, 1}, "a"), "byte 3", "2 (neither"));
  CHECK(file.refuses(images.substr(0, 10), "ends at byte 10", "truncated"));
  CHECK(file.refuses(idx_file({2, 0, 3}, ""), "byte 8", "0", "at least 1"));
}

TEST_CASE("IDX: sizes that are not those of the file") {
  const Case file;
  for (const bool packed : {false, true}) {
    const auto stored = [&](const std::string& bytes) { return packed ? gzip(bytes) : bytes; };
    CHECK(file.refuses(stored(images.substr(0, images.size() - 1)), "truncated"));
    CHECK(file.refuses(stored(images + "x"), "too long", "byte 22"));
    CHECK(file.refuses(stored(idx_file({60000, 28, 28}, "abc")), "(60000, 28, 28)", "wrong"));
    CHECK(file.refuses(stored(idx_file({~0u, ~0u, ~0u}, "abc")), "byte 4", "wrong"));
  }
}

TEST_CASE("IDX: gzip that is cut anywhere, or has a wrong byte") {
  const Case file;
  const std::string whole = gzip(images);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CAPTURE(length);
    CHECK(file.refuses(whole.substr(0, length), "truncated"));
  }
  CHECK(file.refuses(whole + "x", "too long"));
  CHECK(file.refuses(whole + whole, "too long"));
  CHECK(file.refuses(whole + "\x1f\x8b", "truncated"));
  constexpr std::size_t header = 10, trailer = 8;
  int refused = 0;
  for (std::size_t at = header; at < whole.size(); ++at) {
    CAPTURE(at);
    std::string wrong = whole;
    wrong[at] = static_cast<char>(wrong[at] ^ 0x10);
    Bytes read;
    const std::string said = testing::error_of([&] { read = file.read(wrong).bytes; });
    refused += said != "no error";
    CHECK((said != "no error" || (read == file.read(whole).bytes && at < whole.size() - trailer)));
  }
  CHECK(refused >= static_cast<int>(whole.size() - header) - 1);  // one bit may be padding
  std::string checksum = whole;
  checksum[whole.size() - 8] = static_cast<char>(checksum[whole.size() - 8] ^ 1);
  CHECK(file.refuses(checksum, "damaged after 22 unpacked bytes", "data check"));
}

TEST_CASE("IDX: zeros behind gzip data are skipped, as gzip does, and other bytes are not") {
  const Case file;
  const std::string whole = gzip(images);
  for (const std::size_t zeros : {1, 511, 100'000}) {
    CAPTURE(zeros);
    const std::string padding(zeros, '\0');
    CHECK(file.read(whole + padding).bytes == file.read(whole).bytes);
    CHECK(file.read(gzip(images.substr(0, 9)) + padding + gzip(images.substr(9))).bytes.size() == 6);
    CHECK(file.refuses(whole + padding + "x", "other bytes"));
    CHECK(file.refuses(whole + padding + whole, "too long"));
  }
  CHECK(file.refuses(images + std::string(1, '\0'), "too long", "byte 22"));  // no gzip
}

TEST_CASE("IDX: a gzip bomb fills no memory") {
  const auto peak = [] {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;  // KiB
  };
  const Case file;
  std::string bomb = gzip(idx_file({1, 28, 28}, std::string(784, '\0')));
  const std::string zeros = gzip(std::string(1'000'000, '\0'));
  for (int i = 0; i < 400; ++i) bomb += zeros;
  REQUIRE(bomb.size() < 1'000'000);
  const std::string liar = gzip(idx_file({400'000, 28, 28}, noise(500'000)));
  const auto before = peak();
  CHECK(file.refuses(bomb, "too long", "byte 800"));
  CHECK(file.refuses(liar, "truncated"));
  CHECK(file.refuses(gzip(idx_file({400'000, 28, 28}, std::string(1'000'000, '\0'))), "wrong"));
  CHECK(peak() - before < 100'000);
}
