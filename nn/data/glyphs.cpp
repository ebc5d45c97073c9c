#include "nn/data/glyphs.hpp"

#include <array>
#include <string>

#include "kernels/base/text_stream.hpp"

namespace wengert::data {
namespace {

// A digit, and one way to write it: points "x y" in hundredths of the box, "|" where the pen is lifted.
struct Written {
  std::size_t digit;
  const char* strokes;
};

constexpr Written written[] = {
    {0, "55 4  28 20  17 50  27 83  50 96  75 80  83 50  72 18  50 5"},
    {0, "60 8  30 18  20 60  42 95  72 75  78 35  55 7  42 12"},
    {1, "52 4  48 96"},
    {1, "50 4  50 96"},
    {1, "32 25  52 5 | 52 5  50 95"},
    {1, "32 22  52 5 | 52 5  50 94 | 28 94  74 94"},
    {2, "20 26  32 9  56 5  75 21  68 45  44 70  18 93 | 18 93  84 92"},
    {2, "20 24  42 5  70 14  70 42  46 72  24 92  16 80  34 77  60 92  86 86"},
    {3, "20 16  46 4  73 18  65 40  40 48 | 40 48  70 54  79 75  54 95  18 86"},
    {3, "20 8  76 8 | 76 8  42 42 | 42 42  74 53  77 78  50 95  18 86"},
    {4, "28 8  17 54 | 17 54  85 50 | 68 12  63 96"},
    {4, "64 5  14 64 | 14 64  88 62 | 64 5  62 96"},
    {5, "78 7  30 9 | 30 9  26 45 | 26 45  55 40  78 60  70 84  44 95  18 85"},
    {5, "80 6  36 10  30 42  58 46  76 66  60 90  22 92"},
    {6, "68 5  38 30  23 62  32 90  60 94  76 73  60 54  36 60  25 74"},
    {6, "46 4  28 40  26 78  50 96  74 80  64 58  40 60  28 76"},
    {7, "18 10  82 8 | 82 8  55 50  40 96"},
    {7, "18 10  80 8 | 80 8  58 48  42 96 | 32 50  74 48"},
    {8, "72 18  50 5  28 20  40 42  68 62  73 85  48 96  25 82  38 56  65 36  72 18"},
    {9, "74 24  50 5  25 22  32 46  56 46  74 24 | 74 24  70 60  58 96"},
    {9, "74 24  50 5  25 22  32 48  58 46  74 22 | 74 22  76 64  60 92  30 90"},
};

Glyph parse(const std::string& strokes) {
  Glyph glyph;
  TextReader in(strokes);
  for (std::string stroke; std::getline(in, stroke, '|');) {
    glyph.emplace_back();
    TextReader points(stroke);
    for (Point p; points >> p.x >> p.y;) glyph.back().push_back({p.x / 100, p.y / 100});
  }
  return glyph;
}

}  // namespace

std::span<const Glyph> glyphs(int digit) {
  static const auto all = [] {
    std::array<std::vector<Glyph>, 10> result;
    for (const Written& way : written) result[way.digit].push_back(parse(way.strokes));
    return result;
  }();
  return all[static_cast<std::size_t>(digit)];
}

}  // namespace wengert::data
