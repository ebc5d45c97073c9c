// Data sets: what lies in folders, and what is drawn.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <numeric>

#include "autograd/backward.hpp"
#include "autograd/ops/random.hpp"
#include "autograd/ops/reduce.hpp"
#include "losses/cross_entropy.hpp"
#include "nn/activation.hpp"
#include "nn/data/batches.hpp"
#include "nn/data/dataset.hpp"
#include "nn/data/synthetic.hpp"
#include "nn/linear.hpp"
#include "nn/optim/adam.hpp"
#include "nn/sequential.hpp"
#include "tests/support/error_text.hpp"
#include "tests/support/idx_files.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace wengert;
using testing::fails_with;
using testing::gzip;
using testing::idx_file;
using testing::TemporaryFolder;

namespace {

// A tiny data set: three training images of 2x2 pixels and two for the test.
void write_set(const TemporaryFolder& folder) {
  folder.write("train-images-idx3-ubyte", idx_file({3, 2, 2}, "abcdefghijkl"));
  folder.write("train-labels-idx1-ubyte", idx_file({3}, {7, 0, 9}));
  folder.write("t10k-images-idx3-ubyte.gz", gzip(idx_file({2, 2, 2}, "mnopqrst")));
  folder.write("t10k-labels-idx1-ubyte.gz", gzip(idx_file({2}, {1, 2})));
}

std::array<int, 10> histogram(const data::Samples& samples) {
  std::array<int, 10> counts{};
  for (const std::uint8_t label : samples.labels) ++counts[label];
  return counts;
}

double mean(const data::Samples& samples) {
  return std::accumulate(samples.pixels.begin(), samples.pixels.end(), 0.0) /
         static_cast<double>(samples.pixels.size());
}

}  // namespace

TEST_CASE("a data set's four files, plain or gzip") {
  const TemporaryFolder folder;
  write_set(folder);
  folder.write("train-labels-idx1-ubyte.gz", "not looked at, since the plain file is there");
  for (const char* name : {"mnist", "fashion"}) {
    const auto [train, test] = data::load(name, folder.path());
    CHECK(train.rows == 2);
    CHECK(train.columns == 2);
    CHECK(train.count() == 3);
    CHECK(train.pixels[11] == 'l');
    CHECK(train.labels == std::vector<std::uint8_t>{7, 0, 9});
    CHECK(test.count() == 2);
    CHECK(test.pixels[0] == 'm');
    CHECK(test.labels == std::vector<std::uint8_t>{1, 2});
  }
}

TEST_CASE("a data set's files with a dot in their names, as many sites have them, and folders of the names") {
  const TemporaryFolder folder;
  folder.write("train-images.idx3-ubyte", idx_file({3, 2, 2}, "abcdefghijkl"));
  folder.write("train-labels.idx1-ubyte.gz", gzip(idx_file({3}, {7, 0, 9})));
  folder.write("t10k-images.idx3-ubyte.gz", gzip(idx_file({2, 2, 2}, "mnopqrst")));
  folder.write("t10k-labels-idx1-ubyte", idx_file({2}, {1, 2}));
  folder.write("t10k-labels.idx1-ubyte", "not looked at, since the file with a dash is there");
  std::filesystem::create_directory(folder / "train-images-idx3-ubyte");
  for (const char* name : {"mnist", "fashion"}) {
    const auto [train, test] = data::load(name, folder.path());
    CHECK(train.pixels[11] == 'l');
    CHECK(train.labels == std::vector<std::uint8_t>{7, 0, 9});
    CHECK(test.pixels[0] == 'm');
    CHECK(test.labels == std::vector<std::uint8_t>{1, 2});
  }
  std::filesystem::remove(folder / "train-images.idx3-ubyte");
  CHECK(fails_with([&] { data::load("mnist", folder.path()); }, folder / "train-images-idx3-ubyte",
                   "train-images.idx3-ubyte", ".gz"));
}

TEST_CASE("a data set that is not there says how to get it") {
  const TemporaryFolder folder;
  const auto load = [&](const char* name) { return [&folder, name] { data::load(name, folder.path()); }; };
  CHECK(fails_with(load("mnist"), folder / "train-images-idx3-ubyte", "./run fetch-mnist", "--data", "synthetic"));
  CHECK(fails_with(load("fashion"), folder / "train-images-idx3-ubyte", "apt-get install dataset-fashion-mnist"));
  CHECK(fails_with(load("emnist"), "'emnist'", "mnist", "fashion", "synthetic"));
  CHECK(fails_with(load("synthetic"), "synthetic", folder.path()));
  write_set(folder);
  std::filesystem::remove(folder / "t10k-labels-idx1-ubyte.gz");
  CHECK(fails_with(load("mnist"), "t10k-labels-idx1-ubyte", "./run fetch-mnist"));
}

TEST_CASE("files that do not belong together") {
  const TemporaryFolder folder;
  const auto refuses = [&](const std::string& name, const std::string& bytes, const auto&... parts) {
    write_set(folder);
    folder.write(name, bytes);
    const std::string said = testing::error_of([&] { data::load("mnist", folder.path()); });
    CAPTURE(said);
    const bool all = ((said.find(parts) != std::string::npos) && ...);
    CHECK(all);
  };
  const std::string train_images = "train-images-idx3-ubyte", train_labels = "train-labels-idx1-ubyte";
  refuses(train_labels, idx_file({2}, {7, 0}), train_images, "3 images", train_labels, "2 labels");
  refuses(train_labels, idx_file({3}, {7, 0, 10}), train_labels, "byte 10", "label is 10", "0 to 9");
  refuses(train_labels, idx_file({3, 2, 2}, "abcdefghijkl"), train_labels, "byte 3", "3 (images)");
  refuses(train_images, idx_file({3}, {7, 0, 9}), train_images, "byte 3", "1 (labels)");
  refuses(train_images, idx_file({3, 2, 3}, "abcdefghijklmnopqr"), folder.path(), "2x3", "2x2");
  refuses("t10k-images-idx3-ubyte", "", "t10k-images-idx3-ubyte", "truncated");
}

TEST_CASE("the first samples of a set") {
  const TemporaryFolder folder;
  write_set(folder);
  const data::Samples train = data::load("mnist", folder.path()).train, two = data::first(train, 2);
  CHECK(two.count() == 2);
  CHECK(two.rows == 2);
  CHECK(two.labels == std::vector<std::uint8_t>{7, 0});
  CHECK(two.pixels.size() == 8);
  CHECK(fails_with([&] { data::first(train, 4); }, "first 4", "1 to 3"));
  CHECK(fails_with([&] { data::first(train, 0); }, "first 0", "1 to 3"));
}

TEST_CASE("samples whose pixels do not go with their labels and sizes are refused") {
  const auto refused = [](const data::Samples& samples) {
    return fails_with([&] { data::first(samples, 1); }, "samples", "labels") &&
           fails_with([&] { data::Batches(samples, 1); }, "samples", "labels");
  };
  CHECK(refused({2, 2, {1, 2, 3, 4}, {0, 1}}));
  CHECK(refused({2, 2, {}, {0}}));
  CHECK(refused({0, 0, {}, {0}}));
  CHECK(refused({-2, -2, {1, 2, 3, 4}, {0}}));
  CHECK(refused({std::int64_t{1} << 62, 4, {}, {0}}));
  CHECK(fails_with([] { data::first({}, 1); }, "first 1", "0 samples"));
  CHECK(fails_with([] { data::synthetic({.train = std::int64_t{1} << 60}); }, "synthetic", "at most"));
}

TEST_CASE("MNIST itself") {
  const char* folder = std::getenv("WENGERT_MNIST_DIR");
  if (!folder) {
    std::cout << "[skipped] WENGERT_MNIST_DIR does not say where MNIST is\n";
    return;
  }
  const auto [train, test] = data::load("mnist", folder);
  CHECK(train.rows == 28);
  CHECK(train.columns == 28);
  // How often each digit occurs, as published with the data, and the mean that everyone subtracts.
  CHECK(histogram(train) == std::array{5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949});
  CHECK(histogram(test) == std::array{980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009});
  CHECK(mean(train) / 255 == doctest::Approx(0.1307).epsilon(0.001));
}

TEST_CASE("Fashion-MNIST where Debian puts it") {
  if (!std::filesystem::exists("/usr/share/datasets/fashion-mnist")) {
    std::cout << "[skipped] Debian's package dataset-fashion-mnist is not installed\n";
    return;
  }
  const auto [train, test] = data::load("fashion");
  CHECK(train.rows == 28);
  CHECK(train.columns == 28);
  for (const int count : histogram(train)) CHECK(count == 6000);
  for (const int count : histogram(test)) CHECK(count == 1000);
}

TEST_CASE("synthetic digits: each image depends on seed, half and number alone") {
  const auto few = data::synthetic({.train = 20, .test = 10, .seed = 3}),
             more = data::synthetic({.train = 50, .test = 30, .seed = 3}),
             others = data::synthetic({.train = 20, .test = 10, .seed = 4});
  CHECK(few.train.pixels == data::first(more.train, 20).pixels);
  CHECK(few.train.labels == data::first(more.train, 20).labels);
  CHECK(few.test.pixels == data::first(more.test, 10).pixels);
  CHECK(few.test.pixels != data::first(few.train, 10).pixels);
  CHECK(few.train.pixels != others.train.pixels);
  CHECK(fails_with([] { data::synthetic({.test = 0}); }, "at least one", "0"));
}

TEST_CASE("synthetic digits: the same bits on every machine") {
  std::uint64_t hash = 14695981039346656037u;  // FNV-1a
  for (const std::uint8_t pixel : data::synthetic({.train = 100, .test = 1}).train.pixels)
    hash = (hash ^ pixel) * 1099511628211u;
  CHECK(hash == 8533779390379630840u);
}

TEST_CASE("synthetic digits: all classes, ink on paper, a margin around") {
  const data::Samples train = data::load("synthetic").train;
  CHECK(train.count() == 10000);
  for (const int count : histogram(train)) {
    CHECK(count > 850);  // five standard deviations from 1000
    CHECK(count < 1150);
  }
  CHECK(mean(train) / 255 > 0.08);
  CHECK(mean(train) / 255 < 0.25);
  int dark_corners = 0;
  for (std::size_t image = 0; image < 10000; ++image) dark_corners += train.pixels[image * 784] > 128;
  CHECK(dark_corners == 0);
}

TEST_CASE("synthetic digits: a small network learns them, and not all of them") {
  const auto [train, test] = data::synthetic({.train = 5000, .test = 1000});
  seed(1);
  const nn::Sequential net(nn::Linear(784, 64), nn::ReLU(), nn::Linear(64, 10));
  optim::Adam adam(net.parameters(), {.lr = 0.003});
  data::Batches batches(train, 50, 1), all(test, 1000);
  for (std::uint64_t epoch = 0; epoch < 4; ++epoch) {
    for (const data::Batch& batch : batches.epoch(epoch)) {
      adam.zero_grad();
      backward(losses::cross_entropy(net(batch.images.clone()), batch.labels.clone()));
      adam.step();
    }
  }
  int right = 0;
  for (const data::Batch& batch : all.epoch(0)) {
    const auto guesses = argmax(net(batch.images), 1).to_vector<int>(), labels = batch.labels.to_vector<int>();
    for (std::size_t i = 0; i < labels.size(); ++i) right += guesses[i] == labels[i];
  }
  MESSAGE(right << " of 1000 right");
  CHECK(right > 900);
  CHECK(right < 1000);
}
