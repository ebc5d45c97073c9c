#include "nn/data/synthetic.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "kernels/base/error.hpp"
#include "kernels/base/math.hpp"
#include "kernels/ops/random/philox.hpp"
#include "nn/data/glyphs.hpp"

namespace wengert::data {
namespace {

namespace math = kernels::math;

constexpr int side = 28;
constexpr std::size_t image_size = side * side;
constexpr std::int64_t most = 10'000'000;  // 7.84 GB

// The random numbers of one image.
class Dice {
 public:
  Dice(std::uint64_t seed, std::uint32_t half, std::int64_t image)
      : key_{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)},
        counter_{0, static_cast<std::uint32_t>(image), static_cast<std::uint32_t>(image >> 32), half} {}

  double uniform(double low, double high) { return low + (high - low) * (word() * 0x1p-32); }
  int below(int n) { return static_cast<int>(uniform(0, n)); }
  // Mean 0, variance 1: four uniform numbers' sum, which has no tails that would need a cut.
  double bell() {
    return (word() * 0x1p-32 + word() * 0x1p-32 + word() * 0x1p-32 + word() * 0x1p-32 - 2) * std::sqrt(3.0);
  }

 private:
  std::uint32_t word() {
    if (used_ == 4) {
      words_ = kernels::philox(counter_, key_);
      ++counter_[0];
      used_ = 0;
    }
    return words_[used_++];
  }

  std::array<std::uint32_t, 2> key_;
  std::array<std::uint32_t, 4> counter_, words_{};
  std::size_t used_ = 4;
};

// How one hand writes: from the glyph's box to the image.
class Hand {
 public:
  explicit Hand(Dice& dice)
      : bend_{dice.bell() * 0.05, dice.bell() * 0.05},
        phase_{dice.uniform(0, 1), dice.uniform(0, 1)},
        slant_(dice.bell() * 0.18 + 0.2),
        width_(dice.uniform(12, 20)),
        height_(dice.uniform(17, 21)),
        shift_{dice.bell() * 0.6, dice.bell() * 0.6} {
    // Angles are in turns; half a turn more keeps this one between 0 and 1.
    const math::CosSin rotation = math::cos_sin_turns(0.5 + dice.bell() * 0.025);
    cosine_ = -rotation.cos;
    sine_ = -rotation.sin;
  }

  Point operator()(Point p) const {
    const auto wave = [](double turns) { return math::cos_sin_turns(turns - std::floor(turns)).sin; };
    p = {p.x + bend_.x * wave(p.y * 0.8 + phase_.x), p.y + bend_.y * wave(p.x * 0.8 + phase_.y)};
    const double x = (p.x - 0.5 - slant_ * (p.y - 0.5)) * width_, y = (p.y - 0.5) * height_;
    return {side / 2.0 + shift_.x + cosine_ * x - sine_ * y, side / 2.0 + shift_.y + sine_ * x + cosine_ * y};
  }

 private:
  Point bend_, phase_;
  double slant_, width_, height_;
  Point shift_;
  double cosine_, sine_;
};

using Ink = std::array<double, image_size>;

// A line from a to b by a round pen; the edge fades over one pixel.
void draw_line(Ink& ink, Point a, Point b, double radius) {
  const double reach = radius + 0.5, dx = b.x - a.x, dy = b.y - a.y, square = std::max(dx * dx + dy * dy, 1e-12);
  const auto pixels = [&](double from, double to) {
    return std::pair(std::clamp(static_cast<int>(std::floor(from - reach)), 0, side),
                     std::clamp(static_cast<int>(std::ceil(to + reach)), 0, side));
  };
  const auto [left, right] = pixels(std::min(a.x, b.x), std::max(a.x, b.x));
  const auto [top, bottom] = pixels(std::min(a.y, b.y), std::max(a.y, b.y));
  for (int row = top; row < bottom; ++row) {
    for (int column = left; column < right; ++column) {
      const double x = column + 0.5 - a.x, y = row + 0.5 - a.y;
      const double along = std::clamp((x * dx + y * dy) / square, 0.0, 1.0);
      const double off_x = x - along * dx, off_y = y - along * dy;
      const double cover = std::clamp(reach - std::sqrt(off_x * off_x + off_y * off_y), 0.0, 1.0);
      double& here = ink[static_cast<std::size_t>(row) * side + static_cast<std::size_t>(column)];
      here = std::max(here, cover);
    }
  }
}

// Between b and c of the curve of Catmull and Rom through a, b, c, d.
Point between(Point a, Point b, Point c, Point d, double t) {
  const auto curve = [t](double p, double q, double r, double s) {
    return q + t / 2 * (r - p + t * (2 * p - 5 * q + 4 * r - s + t * (3 * (q - r) + s - p)));
  };
  return {curve(a.x, b.x, c.x, d.x), curve(a.y, b.y, c.y, d.y)};
}

void draw_stroke(Ink& ink, const Stroke& points, double radius) {
  constexpr int pieces = 6;
  const auto at = [&](std::size_t i) { return points[std::min(i, points.size() - 1)]; };
  Point pen = points.front();
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    for (int piece = 1; piece <= pieces; ++piece) {
      const Point next = between(at(i == 0 ? 0 : i - 1), at(i), at(i + 1), at(i + 2), double(piece) / pieces);
      draw_line(ink, pen, next, radius);
      pen = next;
    }
  }
}

void draw_digit(int digit, Dice& dice, std::uint8_t* pixels) {
  const std::span<const Glyph> ways = glyphs(digit);
  const Glyph& glyph = ways[static_cast<std::size_t>(dice.below(static_cast<int>(ways.size())))];
  const Hand hand(dice);
  const double radius = dice.uniform(0.7, 1.6), tremor = 0.03, noise = 0.06;
  Ink ink{};
  for (Stroke stroke : glyph) {
    for (Point& point : stroke) {
      point = hand({point.x + dice.bell() * tremor, point.y + dice.bell() * tremor});
    }
    draw_stroke(ink, stroke, radius);
  }
  for (const double cover : ink) {
    *pixels++ = static_cast<std::uint8_t>(255 * std::clamp(cover + noise * dice.bell(), 0.0, 1.0));
  }
}

Samples draw_half(std::int64_t count, std::uint32_t half, std::uint64_t seed) {
  if (count < 1) fail("synthetic: at least one image is needed, got ", count);
  if (count > most) fail("synthetic: ", most, " images are drawn at most, not ", count);
  Samples result{side, side, std::vector<std::uint8_t>(static_cast<std::size_t>(count) * image_size), {}};
  for (std::int64_t image = 0; image < count; ++image) {
    Dice dice(seed, half, image);
    const int digit = dice.below(10);
    draw_digit(digit, dice, result.pixels.data() + static_cast<std::size_t>(image) * image_size);
    result.labels.push_back(static_cast<std::uint8_t>(digit));
  }
  return result;
}

}  // namespace

Dataset synthetic(const SyntheticOptions& options) {
  return {draw_half(options.train, 0, options.seed), draw_half(options.test, 1, options.seed)};
}

}  // namespace wengert::data
