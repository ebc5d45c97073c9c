// Images and their classes, for training and for the test.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace wengert::data {

/// Images of one size, each with its class.
struct Samples {
  std::int64_t rows = 0, columns = 0;
  std::vector<std::uint8_t> pixels;  ///< count x rows x columns, row-major: 0 is paper, 255 ink
  std::vector<std::uint8_t> labels;  ///< 0 to 9

  std::int64_t count() const { return static_cast<std::int64_t>(labels.size()); }
  std::int64_t image_size() const { return rows * columns; }
};

struct Dataset {
  Samples train, test;
};

/// "mnist", "fashion" or "synthetic" (see synthetic.hpp).
///
/// The first two are read from the folder: train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and
/// t10k-labels-idx1-ubyte, or with a dot before idx (the dash is looked for first), each plain or gzip with .gz at its
/// name's end (where there are both, the plain one). With no
/// folder given MNIST is looked for in data/mnist, and Fashion-MNIST where Debian's package puts it. Errors: another
/// name; a folder with synthetic; a file that is absent, with how to get it; what read_idx refuses; images and labels of
/// different counts; a label above 9; training and test images of different sizes.
Dataset load(const std::string& name, const std::filesystem::path& folder = {});

/// Where load looks for the data set if no folder is given; empty for one that lies in no files.
std::filesystem::path usual_folder(const std::string& name);

/// Throws an Error unless each label has its image: rows x columns pixels.
void check(const Samples&);

/// The first `count` of the samples. Errors: there are fewer; count is below 1; those of check.
Samples first(const Samples&, std::int64_t count);

}  // namespace wengert::data
