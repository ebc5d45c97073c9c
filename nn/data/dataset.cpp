#include "nn/data/dataset.hpp"

#include <algorithm>
#include <system_error>

#include "kernels/base/error.hpp"
#include "nn/data/idx.hpp"
#include "nn/data/synthetic.hpp"

namespace wengert::data {
namespace {

using Path = std::filesystem::path;

constexpr std::uint8_t classes = 10;

// A data set that lies in files: where it is looked for, and how it gets there.
struct Files {
  Path folder;
  const char* way_to_get;
};

// The file of that name, "train-images-idx3-ubyte", or as many sites have it, "train-images.idx3-ubyte"; plain or with .gz.
// A folder of such a name, into which some archives are unpacked, is not meant.
Path find_file(const Files& files, const std::string& name) {
  std::string dotted = name;
  dotted[name.find("-idx")] = '.';
  for (const std::string& spelled : {name, dotted}) {
    for (const char* end : {"", ".gz"}) {
      Path file = files.folder / (spelled + end);
      std::error_code ignored;
      if (exists(file, ignored) && !is_directory(file, ignored)) return file;
    }
  }
  fail((files.folder / name).string(), ": neither this file is there nor ", dotted,
       ", plain or with .gz: ", files.way_to_get,
       " gets the data set, --data names another folder, and --dataset synthetic needs no files");
}

// The training or test half.
Samples read_half(const Files& files, const std::string& half) {
  const Path image_file = find_file(files, half + "-images-idx3-ubyte"),
             label_file = find_file(files, half + "-labels-idx1-ubyte");
  Idx images = read_idx(image_file, 3), labels = read_idx(label_file, 1);
  if (images.shape[0] != labels.shape[0]) {
    fail(image_file.string(), ": byte 4: ", images.shape[0], " images, but ", label_file.string(), " has ",
         labels.shape[0], " labels");
  }
  const auto wrong = std::ranges::find_if(labels.bytes, [](std::uint8_t label) { return label >= classes; });
  if (wrong != labels.bytes.end()) {
    constexpr std::ptrdiff_t header = 8;
    fail(label_file.string(), ": byte ", header + (wrong - labels.bytes.begin()), ": the label is ", int{*wrong},
         "; 0 to 9 was expected");
  }
  return {images.shape[1], images.shape[2], std::move(images.bytes), std::move(labels.bytes)};
}

Dataset read_files(const Files& files) {
  Dataset result{read_half(files, "train"), read_half(files, "t10k")};
  const Samples &train = result.train, &test = result.test;
  if (train.rows != test.rows || train.columns != test.columns) {
    fail(files.folder.string(), ": the training images are ", train.rows, "x", train.columns, ", the test images ",
         test.rows, "x", test.columns);
  }
  return result;
}

}  // namespace

Path usual_folder(const std::string& name) {
  if (name == "mnist") return "data/mnist";
  if (name == "fashion") return "/usr/share/datasets/fashion-mnist";
  return {};
}

Dataset load(const std::string& name, const Path& folder) {
  const Path& where = folder.empty() ? usual_folder(name) : folder;
  if (name == "mnist") return read_files({where, "./run fetch-mnist"});
  if (name == "fashion") return read_files({where, "apt-get install dataset-fashion-mnist"});
  if (name != "synthetic") fail("there is no data set '", name, "'; there are mnist, fashion and synthetic");
  if (!folder.empty()) fail("the data set synthetic is drawn, not read: it takes no folder, got ", folder.string());
  return synthetic();
}

void check(const Samples& samples) {
  const auto images = static_cast<std::size_t>(samples.count()), pixels = samples.pixels.size();
  const auto rows = static_cast<std::size_t>(samples.rows), columns = static_cast<std::size_t>(samples.columns);
  // Without a product, which might be too large.
  const bool fits = samples.rows > 0 && samples.columns > 0 && images > 0 && pixels % images == 0 &&
                    pixels / images % rows == 0 && pixels / images / rows == columns;
  if (!fits && !(images == 0 && pixels == 0)) {
    fail("samples: ", images, " labels and ", samples.rows, "x", samples.columns, " pixels an image do not go with ",
         pixels, " pixels");
  }
}

Samples first(const Samples& samples, std::int64_t count) {
  check(samples);
  if (count < 1 || count > samples.count()) {
    fail("the first ", count, " of ", samples.count(), " samples: 1 to ", samples.count(), " can be had");
  }
  return {samples.rows,
          samples.columns,
          {samples.pixels.begin(), samples.pixels.begin() + count * samples.image_size()},
          {samples.labels.begin(), samples.labels.begin() + count}};
}

}  // namespace wengert::data
