// Safetensors: round trips, and files that are not what they say.
#include "nn/safetensors.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "autograd/capture.hpp"
#include "nn/linear.hpp"
#include "nn/sequential.hpp"
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
  folder.write("d", with_header(R"({"__metadata__": {"dtype": "a"}, "__metadata__": ["b"]})", ""));
  CHECK(nn::load_file(folder / "d").metadata == nn::Metadata{{"dtype", "a"}});
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

TEST_CASE("tensors without elements are written and read, whatever their other sizes") {
  const TemporaryFolder folder;
  const nn::Linear a(1000, 0), b(1000, 0);
  a.save(folder / "a");
  b.load(folder / "a");
  folder.write("b", with_header(R"({"x":{"dtype":"F32","shape":[0,768],"data_offsets":[0,0]},)"
                                R"("y":{"dtype":"F64","shape":[2],"data_offsets":[0,16]},)"
                                R"("z":{"dtype":"I32","shape":[3000000000,0,7],"data_offsets":[16,16]}})",
                                "0123456789abcdef"));
  const auto loaded = nn::load_tensors(folder / "b");
  REQUIRE(loaded.size() == 3);
  CHECK(nn::find_tensor("b", loaded, "x").shape() == Shape{0, 768});
  CHECK(nn::find_tensor("b", loaded, "y").shape() == Shape{2});
  CHECK(nn::find_tensor("b", loaded, "z").shape() == Shape{3000000000, 0, 7});
  const nn::Module none, other;
  none.save(folder / "none");
  other.load(folder / "none");
  CHECK(fails_with([&] { other.load(folder / "a"); }, "'bias'", "no parameter of this model"));
}

TEST_CASE("names and texts that a file cannot hold are refused when it is written") {
  const Tensor x = Tensor::ones({1});
  const auto refuses = [](const std::vector<nn::NamedTensor>& tensors, const nn::Metadata& texts,
                          const auto&... parts) {
    return fails_with([&] { nn::file_bytes(tensors, texts); }, "save", parts...);
  };
  CHECK(refuses({{"__metadata__", x}}, {}, "'__metadata__'", "reserved"));
  CHECK(refuses({{"", x}}, {}, "empty"));
  CHECK(refuses({{"caf\xe9", x}}, {}, "caf", "UTF-8"));
  CHECK(refuses({{"\xed\xa0\x80", x}}, {}, "UTF-8"));
  CHECK(refuses({{"a", x}, {"b", x}, {"a", x}}, {}, "two tensors", "'a'"));
  CHECK(refuses({{"a", Tensor()}}, {}, "'a'", "undefined"));
  CHECK(refuses({}, {{"\x80", "text"}}, "UTF-8"));
  CHECK(refuses({}, {{"name", "\xc3"}}, "UTF-8"));
  const TemporaryFolder folder;
  CHECK(fails_with([&] { nn::save_tensors(folder / "file", {{"\xff", x}}); }, "UTF-8"));
  CHECK_FALSE(fs::exists(folder / "file"));
  const std::vector<nn::NamedTensor> odd{{"a.b", x}, {"é\n\"\\", x}, {std::string("a\0b", 3), x}};
  nn::save_tensors(folder / "odd", odd);
  for (const nn::NamedTensor& named : odd) nn::find_tensor("odd", nn::load_tensors(folder / "odd"), named.name);
}

TEST_CASE("a lone Sequential in a Sequential may be missing from a file's names, or be there in addition") {
  const TemporaryFolder folder;
  const nn::Linear layer(2, 3);
  const nn::Sequential plain(nn::Linear(2, 3));
  nn::Sequential nested, twice;
  nested.append(nn::Sequential(nn::Linear(2, 3)));
  twice.append(std::move(nn::Sequential().append(nn::Sequential(nn::Linear(2, 3)))));
  const auto write = [&](const char* weight, const char* bias) {
    nn::save_tensors(folder / "file", {{weight, layer.weight.detach()}, {bias, layer.bias.detach()}});
  };
  const auto reads = [&](const nn::Module& model) {
    model.detach().flat().assign(Tensor::zeros({9}));
    model.load(folder / "file");
    return model.detach().flat().to_vector() == layer.detach().flat().to_vector();
  };
  write("0.weight", "0.bias");  // as commit 9fa7a22 named Sequential(Sequential(Linear(2, 3)))
  CHECK(reads(plain));
  CHECK(reads(nested));
  CHECK(reads(twice));
  write("0.0.weight", "0.0.bias");  // as PyTorch does
  CHECK(reads(nested));
  CHECK(reads(plain));
  CHECK(reads(twice));
  write("0.weight", "1.bias");  // no lone layer
  CHECK(fails_with([&] { nested.load(folder / "file"); }, "no tensor '0.0.weight'"));
  write("1.0.weight", "1.0.bias");
  CHECK(fails_with([&] { plain.load(folder / "file"); }, "no tensor '0.weight'"));
  write("0.0.weight", "0.bias");
  CHECK(fails_with([&] { plain.load(folder / "file"); }, "no tensor '0.weight'"));
  write("weight", "bias");
  CHECK(fails_with([&] { plain.load(folder / "file"); }, "no tensor '0.weight'"));
  write("0.weight", "0.bias");
  CHECK(fails_with([&] { layer.load(folder / "file"); }, "no tensor 'weight'"));
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
  CHECK(refuses(with(R"({"a":{"dtype":"F32","shape":[4294967296,4294967296,0],"data_offsets":[0,0]}})", ""), "'a'",
                "can hold"));
  CHECK(refuses(with(R"({"a":{"dtype":"F32","shape":[0,9223372036854775808],"data_offsets":[0,0]}})", ""), "can hold"));
  CHECK(refuses(with(good.substr(0, good.size() - 1) + "," + good.substr(1), "12345678"), "two tensors", "'a'"));
  const std::string deep(1'000'000, '[');
  CHECK(refuses(
      with(R"({"a":{"dtype":)" + deep + std::string(deep.size(), ']') + R"(,"shape":[],"data_offsets":[0,0]}})", ""),
      "'a'", "a string"));
}

TEST_CASE("a file is written whole or not at all") {
  const TemporaryFolder folder;
  CHECK(fails_with([&] { nn::save_tensors(folder / "no/file", {}); }, "cannot write", "no/file"));
  fs::create_directory(folder / "taken");
  CHECK(fails_with([&] { nn::save_tensors(folder / "taken", {}); }, "cannot write", "taken"));
  CHECK(fs::is_directory(folder / "taken"));
  for (const auto& entry : fs::directory_iterator(folder.path()))
    CHECK(entry.path().filename() == "taken");  // no remains
}

TEST_CASE("files are written and read outside of captures alone") {
  const TemporaryFolder folder;
  const nn::Linear layer(2, 1);
  layer.save(folder / "layer");
  CHECK(fails_with([&] { capture([&] { layer.save(folder / "other"); }); }, "save", "capture"));
  CHECK(fails_with([&] { capture([&] { layer.load(folder / "layer"); }); }, "load", "capture"));
  CHECK(folder.names() == std::vector<std::string>{"layer"});
}

TEST_CASE("a path that no file can have is an Error") {
  const TemporaryFolder folder;
  fs::create_symlink("itself", folder / "itself");
  for (const std::string& path : {std::string(), std::string(5000, 'n'), folder / std::string(300, 'n'),
                                  folder / "itself", (folder / "a").append(1, '\0').append("b")}) {
    CAPTURE(path);
    CHECK(fails_with([&] { nn::save_tensors(path, {}); }, "cannot write"));
  }
}

TEST_CASE("a header of huge sizes beside 0, or with text behind a zero byte, is refused by file") {
  const TemporaryFolder folder;
  const std::string huge = R"({"a": {"dtype": "F32", "shape": [0, 2305843009213693952], "data_offsets": [0, 0]}})";
  folder.write("huge", with_header(huge, ""));
  CHECK(fails_with([&] { nn::load_file(folder / "huge"); }, folder / "huge", "'a'"));
  folder.write("zero", with_header(std::string("{}") + '\0' + "junk{{{", ""));
  CHECK(fails_with([&] { nn::load_file(folder / "zero"); }, folder / "zero", "JSON"));
}
