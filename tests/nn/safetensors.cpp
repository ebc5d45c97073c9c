// Safetensors: round trips, and files that are not what they say.
#include "nn/safetensors.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "tests/support/error_text.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/two_blobs.hpp"

using namespace wengert;
using testing::fails_with;
using testing::TemporaryFolder;

namespace {

namespace fs = std::filesystem;

// A file with that header before those data.
std::string with_header(const std::string& header, const std::string& data) {
  const std::uint64_t length = header.size();
  return std::string(reinterpret_cast<const char*>(&length), 8) + header + data;
}

}  // namespace

TEST_CASE("tensors come back with their names, shapes, dtypes and bits") {
  const TemporaryFolder folder;
  const std::vector<nn::NamedTensor> saved{{"a", Tensor::from({0.1, -2.}, {1, 2})},
                                           {"b.c", Tensor::from({1e300}, {1}, DType::f64)},
                                           {"labels", Tensor::from({1, -7, 3}, {3})},
                                           {"nothing", Tensor::zeros({0, 4})},
                                           {"scalar", Tensor::full({}, 5)}};
  nn::save_tensors(folder / "t", saved);
  const auto loaded = nn::load_tensors(folder / "t");
  REQUIRE(loaded.size() == saved.size());
  for (const nn::NamedTensor& one : saved) {
    const Tensor other = nn::find_tensor("t", loaded, one.name);
    CHECK(other.shape() == one.tensor.shape());
    CHECK(other.dtype() == one.tensor.dtype());
    CHECK(other.to_vector<double>() == one.tensor.to_vector<double>());
  }
  CHECK(fails_with([&] { nn::find_tensor("t", loaded, "x"); }, "t:", "'x'"));
}

TEST_CASE("a file's texts come back, and what is no text is left out") {
  const TemporaryFolder folder;
  const nn::Metadata texts{{"lr", "0.1"}, {"quote", "\"\n"}, {"empty", ""}};
  folder.write("t", nn::file_bytes({{"x", Tensor::from({1, 2}, {2})}}, texts));
  const nn::TensorFile file = nn::load_file(folder / "t");
  CHECK(file.metadata == texts);
  REQUIRE(file.tensors.size() == 1);
  CHECK(file.tensors[0].tensor.to_vector<int>() == std::vector{1, 2});
  folder.write("n", with_header(R"({"__metadata__": {"a": 1, "b": "two"}})", ""));
  CHECK(nn::load_file(folder / "n").metadata == nn::Metadata{{"b", "two"}});
  folder.write("l", with_header(R"({"__metadata__": ["a"]})", ""));
  CHECK(nn::load_file(folder / "l").metadata.empty());
}

TEST_CASE("a model saves and loads, another model's file is refused and changes nothing") {
  const TemporaryFolder folder;
  const testing::Net a, b;
  a.save(folder / "a");
  const auto before = b.detach().flat().to_vector();
  nn::save_tensors(folder / "other", {{"fc1.weight", Tensor::zeros({4, 3})}});
  CHECK(fails_with([&] { b.load(folder / "other"); }, "other", "'fc1.weight'", "(4, 3)", "(4, 2)"));
  nn::save_tensors(folder / "fewer", {{"fc1.weight", Tensor::zeros({4, 2})}});
  CHECK(fails_with([&] { b.load(folder / "fewer"); }, "fewer", "'fc1.bias'"));
  CHECK(b.detach().flat().to_vector() == before);
  b.load(folder / "a");
  CHECK(b.detach().flat().to_vector() == a.detach().flat().to_vector());
}

TEST_CASE("truncated and lying files name file, byte and what was expected") {
  const TemporaryFolder folder;
  const auto raw = [&](const std::string& bytes) { return folder.write("file", bytes); };
  const auto with = [&](const std::string& header, const std::string& data) { return raw(with_header(header, data)); };
  const auto refuses = [&](const fs::path& path, const auto&... parts) {
    return fails_with([&] { nn::load_tensors(path); }, path.string(), parts...);
  };
  const std::string good = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
  CHECK(nn::load_tensors(with(good, "12345678")).size() == 1);
  CHECK(refuses(folder / "absent", "No such file"));
  CHECK(refuses(folder.path(), "is not a file"));
  CHECK(refuses(raw("1234"), "4 bytes", "8", "byte 0"));
  CHECK(refuses(raw(std::string(8, '\xff')), "byte 0", "length"));
  CHECK(refuses(with("nonsense", ""), "byte 8", "JSON"));
  CHECK(refuses(with(good, "1234567"), "truncated"));
  CHECK(refuses(with(good, "123456789"), "too long"));
  CHECK(refuses(with(R"({"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}})", "1234"), "F16", "'a'"));
  CHECK(refuses(with(R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})", "12345678"), "12 bytes", "[0, 8]"));
  CHECK(refuses(with(R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,8]}})", "12345678"), "whole numbers"));
  CHECK(refuses(with(R"({"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}})", "12345678"),
                "can hold"));
  CHECK(refuses(with(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", "12345678"), "'a'", "expected"));
  CHECK(refuses(with(R"({"a":3})", ""), "'a'", "object"));
  const std::string deep(1'000'000, '[');
  CHECK(refuses(
      with(R"({"a":{"dtype":)" + deep + std::string(deep.size(), ']') + R"(,"shape":[],"data_offsets":[0,0]}})", ""),
      "'a'", "a string"));
}

TEST_CASE("a file is written whole or not at all") {
  const TemporaryFolder folder;
  CHECK(fails_with([&] { nn::save_tensors(folder / "no/file", {}); }, "no/file", "cannot be written"));
  fs::create_directory(folder / "taken");
  CHECK(fails_with([&] { nn::save_tensors(folder / "taken", {}); }, "taken", "cannot be written"));
  CHECK(fs::is_directory(folder / "taken"));
  for (const auto& entry : fs::directory_iterator(folder.path()))
    CHECK(entry.path().filename() == "taken");  // no remains
}
