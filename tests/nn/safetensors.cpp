// Safetensors: round trips, and files that are not what they say.
#include "nn/safetensors.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <fstream>

#include "tests/support/error_text.hpp"
#include "tests/support/two_blobs.hpp"

using namespace wengert;
using testing::fails_with;

namespace {

namespace fs = std::filesystem;

// A folder of its own, gone at the end.
struct Folder {
  fs::path path = fs::temp_directory_path() / ("wengert-safetensors-" + std::to_string(::getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  fs::path write(const std::string& header, const std::string& data) const {
    const std::uint64_t length = header.size();
    return raw(std::string(reinterpret_cast<const char*>(&length), 8) + header + data);
  }
  fs::path raw(const std::string& bytes) const {
    std::ofstream(path / "file", std::ios::binary) << bytes;
    return path / "file";
  }
};

}  // namespace

TEST_CASE("tensors come back with their names, shapes, dtypes and bits") {
  const Folder folder;
  const std::vector<nn::NamedTensor> saved{{"a", Tensor::from({0.1, -2.}, {1, 2})},
                                           {"b.c", Tensor::from({1e300}, {1}, DType::f64)},
                                           {"labels", Tensor::from({1, -7, 3}, {3})},
                                           {"nothing", Tensor::zeros({0, 4})},
                                           {"scalar", Tensor::full({}, 5)}};
  nn::save_tensors(folder.path / "t", saved);
  const auto loaded = nn::load_tensors(folder.path / "t");
  REQUIRE(loaded.size() == saved.size());
  for (const nn::NamedTensor& one : saved) {
    const Tensor other = nn::find_tensor("t", loaded, one.name);
    CHECK(other.shape() == one.tensor.shape());
    CHECK(other.dtype() == one.tensor.dtype());
    CHECK(other.to_vector<double>() == one.tensor.to_vector<double>());
  }
  CHECK(fails_with([&] { nn::find_tensor("t", loaded, "x"); }, "t:", "'x'"));
}

TEST_CASE("a model saves and loads, another model's file is refused and changes nothing") {
  const Folder folder;
  const testing::Net a, b;
  a.save(folder.path / "a");
  const auto before = b.detach().flat().to_vector();
  nn::save_tensors(folder.path / "other", {{"fc1.weight", Tensor::zeros({4, 3})}});
  CHECK(fails_with([&] { b.load(folder.path / "other"); }, "other", "'fc1.weight'", "(4, 3)", "(4, 2)"));
  nn::save_tensors(folder.path / "fewer", {{"fc1.weight", Tensor::zeros({4, 2})}});
  CHECK(fails_with([&] { b.load(folder.path / "fewer"); }, "fewer", "'fc1.bias'"));
  CHECK(b.detach().flat().to_vector() == before);
  b.load(folder.path / "a");
  CHECK(b.detach().flat().to_vector() == a.detach().flat().to_vector());
}

TEST_CASE("truncated and lying files name file, byte and what was expected") {
  const Folder folder;
  const auto refuses = [&](const fs::path& path, const auto&... parts) {
    return fails_with([&] { nn::load_tensors(path); }, path.string(), parts...);
  };
  const std::string good = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
  CHECK(nn::load_tensors(folder.write(good, "12345678")).size() == 1);
  CHECK(refuses(folder.path / "absent", "No such file"));
  CHECK(refuses(folder.path, "is not a file"));
  CHECK(refuses(folder.raw("1234"), "4 bytes", "8", "byte 0"));
  CHECK(refuses(folder.raw(std::string(8, '\xff')), "byte 0", "length"));
  CHECK(refuses(folder.write("nonsense", ""), "byte 8", "JSON"));
  CHECK(refuses(folder.write(good, "1234567"), "truncated"));
  CHECK(refuses(folder.write(good, "123456789"), "too long"));
  CHECK(refuses(folder.write(R"({"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}})", "1234"), "F16", "'a'"));
  CHECK(refuses(folder.write(R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})", "12345678"), "12 bytes",
                "[0, 8]"));
  CHECK(
      refuses(folder.write(R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,8]}})", "12345678"), "whole numbers"));
  CHECK(
      refuses(folder.write(R"({"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}})", "12345678"),
              "can hold"));
  CHECK(refuses(folder.write(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", "12345678"), "'a'",
                "expected"));
  CHECK(refuses(folder.write(R"({"a":3})", ""), "'a'", "object"));
}

TEST_CASE("a file is written whole or not at all") {
  const Folder folder;
  CHECK(fails_with([&] { nn::save_tensors(folder.path / "no" / "file", {}); }, "no/file", "cannot be written"));
  fs::create_directory(folder.path / "taken");
  CHECK(fails_with([&] { nn::save_tensors(folder.path / "taken", {}); }, "taken", "cannot be written"));
  CHECK(fs::is_directory(folder.path / "taken"));
  for (const auto& entry : fs::directory_iterator(folder.path))
    CHECK(entry.path().filename() == "taken");  // no remains
}
