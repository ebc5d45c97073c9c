// What two_blobs says of its models, on the console and on its pages.
#include <doctest/doctest.h>

#include <cmath>
#include <sstream>

#include "nn/safetensors.hpp"
#include "tests/examples/running.hpp"
#include "tests/support/text.hpp"

using namespace wengert;
using namespace wengert::tests;
using wengert::testing::count;

TEST_CASE("two_blobs: the last two lines, also the only ones under --quiet") {
  const std::vector<std::string> quiet = lines(run_two_blobs("--epochs 300 --quiet").out);
  REQUIRE(quiet.size() == 2);
  CHECK(quiet[0].starts_with("A: bce 0."));
  CHECK(quiet[1].starts_with("B: bce 0."));
  CHECK(quiet[1].find(" similarity ") != std::string::npos);
  const std::vector<std::string> all = lines(run_two_blobs("--epochs 300").out);
  CHECK(std::equal(quiet.begin(), quiet.end(), all.end() - 2));
  CHECK(lines(run_two_blobs("--epochs 300 --quiet --similarity none").out)[1].ends_with(" similarity 0"));
}

TEST_CASE("two_blobs: --audit prints each term's gradients before and after, and changes no number") {
  const std::string options = "--epochs 300";
  const std::string out = run_two_blobs("--audit " + options).out, plain = run_two_blobs(options).out;
  INFO(out);
  for (const char* part : {"Gradients on B before the first step:\ngradient of  bce ", "cos(bce, push)",
                           "\nfc1.weight ", "\nand after the last:\n", "\nall  "}) {
    CAPTURE(part);
    CHECK(out.find(part) != std::string::npos);
  }
  const std::vector<std::string> all = lines(out), other = lines(plain);
  CHECK(std::equal(other.end() - 2, other.end(), all.end() - 2));
  CHECK(run_two_blobs("--audit --similarity none " + options).out.find("push") == std::string::npos);
}

TEST_CASE("two_blobs: --lint names the forum script's mistake, and finds none without it") {
  for (const char* const how : {"", "--eager "}) {
    CAPTURE(how);
    const Outcome sound = run_two_blobs(how + std::string("--lint --epochs 10"));
    CHECK(sound.code == 0);
    CHECK(sound.err.empty());
    const Outcome forum = run_two_blobs(how + std::string("--lint --epochs 10 --no-zero-grad"));
    CHECK(forum.code == 0);
    CHECK(forum.err.starts_with("lint: 03_two_blobs.cpp:"));
    CHECK(forum.err.find("added up over two steps of the optimiser and not zeroed in between") != std::string::npos);
    CHECK(lines(forum.err).size() == 1);
  }
}

TEST_CASE("two_blobs: --lint is silent about the pages' own demonstrations") {
  for (const std::string how : {"", "--eager --audit ", "--similarity none "}) {
    CAPTURE(how);
    const Outcome sound = run_two_blobs("--lint --epochs 10 --tape tape.html --report page.html " + how);
    CHECK(sound.code == 0);
    CHECK(said(sound).empty());
  }
  const Outcome forum = run_two_blobs("--lint --epochs 10 --no-zero-grad --tape tape.html --report page.html");
  CHECK(lines(said(forum)).size() == 1);
  CHECK(forum.err.starts_with("lint: 03_two_blobs.cpp:"));
}

TEST_CASE("two_blobs: the console and the page say whether each model learned, and the formula with its numbers") {
  const auto text = [](const std::string& arguments) {
    const TemporaryFolder folder;
    const Outcome outcome = run_example(folder, "two_blobs", arguments + " --report page.html");
    REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
    return std::pair(squeezed(outcome.out), squeezed(read(folder / "page.html")));
  };
  struct Case {
    std::string arguments;
    std::vector<std::string> said, not_said;
  };
  const std::string per_tensor = "the sum over the parameter tensors of 1 / sum|A - B|", gained = " learned the points";
  for (const Case& one : {
           Case{"--epochs 5000",
                {"A learned the points", "B learned the points", per_tensor, "moved away"},
                {"no epoch"}},
           Case{"--epochs 0", {"No epoch was trained", per_tensor}, {gained, "gained", "moved away", "rained for"}},
           Case{"--epochs 20 --lr 0", {"A gained no point", "B gained no point", "stayed at"}, {gained, "moved"}},
           Case{"--epochs 5000 --strength 100", {"B answers exactly 0 or 1", "saturated", "rose from"}, {"B learned"}},
           Case{"--epochs 20 --strength -1", {"pulls B towards A"}, {"pushes B away"}},
           Case{"--epochs 20 --strength 0", {"does nothing at strength 0"}, {"pushes B away"}},
           Case{"--epochs 20 --per model", {"1 / sum|A - B|, with one sum over all parameters"}, {"tensors of"}},
           Case{"--epochs 20 --eps 0.5", {"tensors of 1 / (sum|A - B| + eps)", " + 0.5)"}, {}},
           Case{"--epochs 1 --similarity none", {"bce alone", "1 epoch of"}, {"sum|A - B|, ", "similarity of B"}},
       }) {
    const std::string& arguments = one.arguments;
    CAPTURE(arguments);
    const std::pair<std::string, std::string> texts = text(arguments);
    const std::string &console = texts.first, &page = texts.second;
    CAPTURE(console);
    for (const std::string& part : one.said) {
      CAPTURE(part);
      CHECK(console.find(part) != std::string::npos);
    }
    for (const std::string& part : one.not_said) {
      CAPTURE(part);
      CHECK(console.find(part) == std::string::npos);
    }
    if (arguments.starts_with("--epochs 0")) CHECK(page.find("A, not trained") != std::string::npos);
    for (const std::string part : {"learned the points", "gained no point"}) {
      CAPTURE(part);
      CHECK((page.find(part) != std::string::npos) == (console.find(part) != std::string::npos));
    }
  }
}

TEST_CASE("two_blobs: the quotients that are printed add up to the similarity") {
  for (const std::string options : {"", " --per model", " --eps 0.5"}) {
    CAPTURE(options);
    const std::string out = run_two_blobs("--epochs 200" + options).out;
    std::string quotients = out.substr(out.find("here 1 / ") + 5);
    quotients = quotients.substr(0, quotients.find(".\n"));
    const Outcome sum = run(TemporaryFolder(), "awk 'BEGIN { print " + quotients + " }'");
    const double similarity = std::stod(out.substr(out.rfind(' ')));
    CHECK(std::stod(sum.out) == doctest::Approx(similarity).epsilon(0.01));
  }
}

TEST_CASE("two_blobs: --audit calls parameters alike before and after, also beside --report and --tape") {
  const std::string out = run_two_blobs("--epochs 20 --audit --report page.html --tape tape.html").out;
  CHECK(count(out, "\nfc1.weight ") == 2);
  CHECK(out.find("B.fc1") == std::string::npos);
}

TEST_CASE("two_blobs: large parameters stay apart in the table") {
  const std::string out = run_two_blobs("--epochs 2000 --no-zero-grad --lr 5").out;
  for (const std::string& line : lines(out)) {
    if (!line.starts_with("fc")) continue;
    CAPTURE(line);
    std::istringstream words(line);
    std::string word;
    for (words >> word; words >> word;) CHECK(word.find('.') == word.rfind('.'));
  }
}

TEST_CASE("two_blobs: a point that is certainly wrong holds bce at the clamp, and that is said") {
  const TemporaryFolder folder;
  REQUIRE(run_example(folder, "two_blobs", "--quiet --epochs 0 --save start").code == 0);
  const std::vector<nn::NamedTensor> tensors = nn::load_tensors(folder / "start");
  nn::find_tensor("start", tensors, "A.fc2.bias")
      .assign({1000});  // sigmoid gives 1 everywhere: 10 of 20 points are wrong
  nn::save_tensors(folder / "certain", tensors);
  const Outcome outcome = run_example(folder, "two_blobs", "--no-zero-grad --epochs 50 --init certain");
  CHECK(outcome.code == 0);
  CHECK(outcome.out.find("A is certain and wrong about 10 of 20 points") != std::string::npos);
  CHECK(outcome.out.find("A: bce 50\n") != std::string::npos);
  CHECK(outcome.out.find("never zeroed") != std::string::npos);
}

TEST_CASE("two_blobs: the report is one page that needs nothing else, the picture an SVG file") {
  const TemporaryFolder folder;
  const char* const arguments = "--quiet --epochs 50 --report page.html --picture planes.svg";
  REQUIRE(run_example(folder, "two_blobs", arguments).code == 0);
  const std::string page = read(folder / "page.html");
  CHECK(page.starts_with("<!DOCTYPE html>"));
  CHECK(page.ends_with("</html>\n"));
  for (const char* from_outside : {"src=", "href=", "url(", "@import", "<script"}) {
    CAPTURE(from_outside);
    CHECK(page.find(from_outside) == std::string::npos);
  }
  CHECK(page.find("A.detach()") != std::string::npos);
  CHECK(read(folder / "planes.svg").starts_with("<svg "));
  for (const char* other : {"--epochs 0", "--epochs 2 --similarity none", "--epochs 2 --no-zero-grad --per model"}) {
    CAPTURE(other);
    CHECK(run_example(folder, "two_blobs", other + std::string(" --quiet --report page.html")).code == 0);
  }
}

TEST_CASE("two_blobs: what is said of points and terms is said of this run's") {
  const TemporaryFolder folder;
  REQUIRE(run_example(folder, "two_blobs", "--quiet --epochs 0 --save start").code == 0);
  const std::vector<nn::NamedTensor> tensors = nn::load_tensors(folder / "start");
  nn::find_tensor("start", tensors, "B.fc1.bias").assign({NAN, 0, 0, 0});
  nn::save_tensors(folder / "nan", tensors);
  const Outcome nan = run_example(folder, "two_blobs", "--epochs 0 --init nan --report page.html");
  CHECK(nan.out.find("came closer") == std::string::npos);
  CHECK(nan.out.find("-nan") == std::string::npos);
  CHECK(read(folder / "page.html").find("Ten points around") == std::string::npos);
  CHECK(run_two_blobs("--epochs 0 --no-zero-grad").out.find("each step") == std::string::npos);

  REQUIRE(run_example(folder, "two_blobs", "--epochs 0 --similarity none --tape tape.html").code == 0);
  const std::string tape = read(folder / "tape.html");
  for (const char* untrue : {"pushed away", "After the last step", "strength"}) {
    CAPTURE(untrue);
    CHECK(tape.find(untrue) == std::string::npos);
  }
}
