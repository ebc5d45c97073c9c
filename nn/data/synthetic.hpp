// Handwritten digits that nobody wrote: a data set for where there is none.
#pragma once

#include <cstdint>

#include "nn/data/dataset.hpp"

namespace wengert::data {

struct SyntheticOptions {
  std::int64_t train = 10000, test = 2000;
  std::uint64_t seed = 0;
};

/// 28x28 images. Each is one of the ways to write its digit (glyphs.hpp), bent, turned, slanted, stretched and shifted at
/// random, drawn by a pen of random width, with noise. All classes are equally likely. Image i of a half depends on
/// the seed, the half and i alone, and has the same bits on every machine. Error: a half of no image, or of
/// more than ten millions.
Dataset synthetic(const SyntheticOptions& = {});

}  // namespace wengert::data
