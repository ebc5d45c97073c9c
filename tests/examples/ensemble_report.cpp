// What is printed and drawn about an ensemble.
#include <doctest/doctest.h>

#include <algorithm>

#include "autograd/ops/layout.hpp"
#include "autograd/ops/random.hpp"
#include "examples/support/ensemble/disputed.hpp"
#include "examples/support/ensemble/printing.hpp"
#include "examples/support/ensemble/report.hpp"
#include "examples/support/heat_map.hpp"
#include "examples/support/picture.hpp"
#include "tests/support/text.hpp"

using namespace wengert;
using wengert::testing::count;
using namespace wengert::examples;
using namespace wengert::examples::ensemble;

namespace {

// Two images of two by two pixels, of class 0.
data::Samples two_images() { return {2, 2, {255, 0, 0, 0, 255, 255, 255, 255}, {0, 0}}; }

Member saying(const std::string& name, const std::vector<double>& logits) {
  const std::vector<Layer> layers = {{randn({5, 4}), randn({5})}, {randn({2, 5}), randn({2})}};
  return {name, Tensor::from(logits, {2, 2}), rand({2, 5}), layers, {{0.5, 0.7}, {0.6, 0.5}}};
}

Story story() { return {"A & B", {"They are <two>."}, {"A remark."}, {{"Epochs", "2"}}, "both test images"}; }

}  // namespace

TEST_CASE("picture: a character for two pixels, and bars for runs") {
  const std::vector<std::uint8_t> pixels = {255, 0, 255, 0, 0, 120, 255, 255, 255};
  const Picture picture{3, 3, pixels};
  CHECK(as_characters(picture) == std::vector<std::string>{"= *", "==="});
  const std::string drawing = as_drawing(picture, "id", "title").element();
  CHECK(drawing.find("M0 2h3v1h-3z") != std::string::npos);
  CHECK(drawing.find("opacity=\"0.5\"") != std::string::npos);  // 120 of 255
  CHECK(count(drawing, "<path") == 2);
}

TEST_CASE("heat map: what is absent is not drawn, and one value has the full shade") {
  const std::string map =
      heat_map({"id", "title", "description", "x", "y"}, {"A", "B"}, {{{}, 0.5}, {0.5, {}}}).element();
  CHECK(count(map, "50.00 %") == 2);
  CHECK(count(map, "class=\"heat\"") == 2);
}

TEST_CASE("disputed images: the ones on which members are surest come first") {
  seed(1);
  const data::Samples test = two_images();
  const Verdict verdict = judge({saying("A", {1, 0, 9, 0}), saying("B", {0, 1, 0, 9})}, test.labels);
  CHECK(disputed(verdict) == std::vector<std::int64_t>{1, 0});
  const Verdict agreed = judge({saying("A", {1, 0, 9, 0}), saying("B", {2, 1, 9, 0})}, test.labels);
  CHECK(disputed(agreed).empty());
}

TEST_CASE("the verdict on the terminal: what each member says of an image, in lines that fit") {
  seed(2);
  const data::Samples test = two_images();
  const std::vector<Member> members = {saying("A", {1, 0, 9, 0}), saying("B", {0, 1, 0, 9})};
  const Verdict verdict = judge(members, test.labels);
  const std::string text = verdict_text(members, verdict) + disputed_text(members, verdict, test, 2);
  for (const char* expected :
       {"0, 1: different functions", "image 1, class 0", "A: 0 (100 %)", "B: 1 (100 %) wrong", "soft vote"}) {
    CAPTURE(expected);
    CHECK(text.find(expected) != std::string::npos);
  }
  std::size_t begin = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
    CHECK(end - begin <= 80);
    begin = end + 1;
  }
  CHECK(begin == text.size());
  CHECK(count(disputed_text(members, verdict, test, 1), "image") == 1);
}

TEST_CASE("the verdict in words: a copy is named, and a vote that nothing sets apart") {
  seed(3);
  Member a = saying("A", {1, 0, 9, 0}), b = a;
  b.name = "B";
  const auto rolled = [](const Tensor& x, int axis) { return cat({slice(x, axis, 4, 5), slice(x, axis, 0, 4)}, axis); };
  b.layers = {{rolled(a.layers[0].weight, 0), rolled(a.layers[0].bias, 0)},
              {rolled(a.layers[1].weight, 1), a.layers[1].bias}};
  const std::string text = verdict_text({a, b}, judge({a, b}, two_images().labels));
  CHECK(text.find("A and B: same function, hidden units permuted.") != std::string::npos);
  CHECK(text.find("nothing that a test could weigh") != std::string::npos);
}

TEST_CASE("the verdict's page: whole, escaped, without anything from outside, for one member too") {
  seed(4);
  const data::Samples test = two_images();
  const std::vector<Member> members = {saying("<A>", {1, 0, 9, 0}), saying("B", {0, 1, 0, 9}),
                                       saying("C", {0, 1, 0, 9})};
  for (std::size_t n = 1; n <= 3; ++n) {
    const std::vector<Member> some(members.begin(), members.begin() + static_cast<std::ptrdiff_t>(n));
    const std::string page = report_page(story(), some, judge(some, test.labels), test);
    CHECK(page.starts_with("<!DOCTYPE html>"));
    CHECK(page.ends_with("</html>\n"));
    for (const char* not_there : {"src=", "href=", "url(", "@import", "<script", "<A>", "<two>", "inf", "nan"}) {
      CAPTURE(not_there);
      CHECK(page.find(not_there) == std::string::npos);
    }
    CHECK(page.find("A remark.") != std::string::npos);
    CHECK(count(page, "<figcaption>image ") == (n == 1 ? 0 : 2));
  }
}
