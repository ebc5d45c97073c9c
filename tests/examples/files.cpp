// What programs do with the files that they are given: names of one file, devices, full disks, and what is said at the end.
#include <doctest/doctest.h>

#include <cstdint>
#include <filesystem>
#include <iostream>
#include <limits>
#include <string>
#include <vector>

#include "examples/support/file_uses.hpp"
#include "examples/support/files.hpp"
#include "examples/support/numbers.hpp"
#include "examples/support/program.hpp"
#include "tests/examples/running.hpp"

using namespace wengert::examples;
using namespace wengert::tests;

namespace {

using Names = std::vector<std::string>;

const std::string two_blobs = "'" WENGERT_PROGRAMS "/two_blobs' --quiet --epochs 2 ";

bool have_dev_full() {
  if (std::filesystem::exists("/dev/full")) return true;
  std::cout << "[skipped] there is no /dev/full here\n";
  return false;
}

}  // namespace

TEST_CASE("parse_number: base 10, the whole text, the whole range") {
  CHECK(parse_number<std::int64_t>("010") == 10);
  CHECK(parse_number<std::int64_t>("+7") == 7);
  CHECK(parse_number<std::int64_t>("-9223372036854775808") == std::numeric_limits<std::int64_t>::min());
  CHECK(parse_number<std::int64_t>("9223372036854775807") == std::numeric_limits<std::int64_t>::max());
  for (const char* text :
       {"", "+", "+-1", "++1", "0x10", "1e3", "1.0", "1_0", "1'0", " 1", "1 ", "9223372036854775808"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_number<std::int64_t>(text));
  }
  CHECK(parse_number<double>("1e-3") == 0.001);
  CHECK(parse_number<double>("-.5") == -0.5);
  for (const char* text : {"", ".", "0x1p3", "1e999", "1e-999", "1,5", "1.5f", "1_0"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_number<double>(text));
  }
}

TEST_CASE(
    "two outputs, or an output and an input, are one file by whichever names: wrong usage, and nothing is written") {
  const TemporaryFolder folder;
  REQUIRE(run(folder,
              "mkdir d && echo a >there && ln there hard && ln -s there soft && ln -s nowhere dangling && ln -s d "
              "link && ln -s . here")
              .code == 0);
  const std::string absolute = folder.path() + "/";
  struct Pair {
    std::string a, b;
  };
  for (const Pair& pair :
       {Pair{"new", "new"}, Pair{"new", "./new"}, Pair{"new", "d/../new"}, Pair{"new", "here/new"},
        Pair{"new", absolute + "new"}, Pair{"d/new", "link/new"}, Pair{"there", "hard"}, Pair{"there", "soft"},
        Pair{"hard", "soft"}, Pair{"dangling", "nowhere"}, Pair{"new", "new/x"}, Pair{"new/x/y", "new"},
        Pair{"/dev/stdout", "/dev/fd/1"}, Pair{"/dev/stdout", "/dev/stdout"}}) {
    const std::string &a = pair.a, &b = pair.b;
    CAPTURE(a);
    CAPTURE(b);
    for (const std::string& options : {"--save " + a + " --report " + b, "--log " + a + " --picture " + b,
                                       "--tape " + a + " --save " + b, "--init " + a + " --save " + b}) {
      const Outcome outcome = run(folder, two_blobs + options);
      CHECK(outcome.code == 2);
      CHECK(outcome.out.empty());
      CHECK(lines(outcome.err).size() == 1);
    }
  }
  CHECK(read(folder / "there") == "a\n");
  CHECK(folder.names().size() == 7);
  CHECK(run(folder, two_blobs + "--save one --report two --log d/three --picture /dev/null --tape /dev/null").code ==
        0);
}

TEST_CASE("standard output that is redirected into an output's own file is refused, unless it is meant") {
  const TemporaryFolder folder;
  CHECK(run(folder, two_blobs + "--report out >out").code == 2);
  CHECK(run(folder, two_blobs + "--report ./err 2>err; code=$?; cat err >&2; exit $code").code == 2);
  const Outcome meant = run(folder, two_blobs + "--log /dev/stdout >out");
  CHECK(meant.code == 0);
  const std::vector<std::string> all = lines(read(folder / "out"));
  REQUIRE(all.size() == 1 + 4 + 2);
  CHECK(all[0] == "model,epoch,bce,similarity");
  CHECK(all[5].starts_with("A: bce "));
}

TEST_CASE("pipes and devices take output as it is, and the last two lines stay the last") {
  const TemporaryFolder folder;
  const Outcome piped = run(folder, two_blobs + "--log /dev/stdout | cat");
  const std::vector<std::string> all = lines(piped.out);
  REQUIRE(all.size() == 1 + 4 + 2);
  CHECK(all[0] == "model,epoch,bce,similarity");
  CHECK(all[6].starts_with("B: bce "));
  const Outcome named = run(folder, "mkfifo pipe; cat pipe >copy & " + two_blobs + "--save pipe; wait");
  CHECK(named.code == 0);
  CHECK(written(named) == Names{"pipe"});
  REQUIRE(run(folder, two_blobs + "--save whole").code == 0);
  CHECK(read(folder / "copy") == read(folder / "whole"));
  CHECK(run(folder, two_blobs + "--log /dev/stderr").err.starts_with("model,epoch,"));
  CHECK(run(folder, two_blobs + "--report /dev/null").code == 0);
  CHECK(std::filesystem::is_character_file("/dev/null"));
}

TEST_CASE("a full device is exit code 1 and one line, whatever is printed to it") {
  if (!have_dev_full()) return;
  for (const std::string name : {"two_blobs", "mnist", "which_similarity", "detach", "scalar_graph"}) {
    for (const std::string arguments : {"--help", "--version"}) {
      CAPTURE(name);
      CAPTURE(arguments);
      const Outcome outcome =
          run(TemporaryFolder(), "'" WENGERT_PROGRAMS "/" + name + "' " + arguments + " >/dev/full");
      CHECK(outcome.code == 1);
      CHECK(outcome.err.starts_with(name + ": standard output could not be written"));
      CHECK(lines(outcome.err).size() == 1);
    }
  }
  for (const std::string arguments :
       {"detach'", "scalar_graph'", "two_blobs' --quiet --epochs 1", "two_blobs' --epochs 1"}) {
    CAPTURE(arguments);
    const Outcome outcome = run(TemporaryFolder(), "'" WENGERT_PROGRAMS "/" + arguments + " >/dev/full");
    CHECK(outcome.code == 1);
    CHECK(lines(outcome.err).size() == 1);
  }
  CHECK(run(TemporaryFolder(), two_blobs + "--save /dev/full").code == 1);
  // What cannot be said is no reason to crash.
  CHECK(run(TemporaryFolder(), two_blobs + "--save saved 2>/dev/full").code == 0);
  CHECK(run(TemporaryFolder(), two_blobs + "--unknown 2>/dev/full").code == 2);
}

TEST_CASE("a disk that is full leaves the old file, and no temporary one") {
  for (const std::string limit : {"ulimit -f 0; ", "trap '' XFSZ; ulimit -f 0; "}) {
    for (const std::string option : {"--save", "--log", "--report", "--picture", "--tape"}) {
      CAPTURE(limit);
      CAPTURE(option);
      const TemporaryFolder folder;
      folder.write("file", "old");
      // Through pipes, since the limit holds for the files that the test catches output in too.
      const Outcome outcome = run(folder, "{ { " + limit + two_blobs + option + " file; echo $?; } 2>&1; } | cat");
      CHECK(outcome.out.starts_with("two_blobs: cannot write "));
      CHECK(outcome.out.ends_with("\n1\n"));
      CHECK(lines(outcome.out).size() == 2);
      CHECK(read(folder / "file") == "old");
      CHECK(folder.names() == Names{"file"});
    }
  }
}

TEST_CASE("programs end by naming the files that they wrote, as they were given, each once") {
  const TemporaryFolder folder;
  const std::string all = "--save ./s --log l --picture p --tape t --report r";
  const Outcome outcome = run(folder, two_blobs + all);
  CHECK(written(outcome) == Names{"./s", "l", "p", "t", "r"});
  CHECK(said(outcome).empty());
  CHECK(run(folder, two_blobs).err.empty());
  CHECK(written(run_example(folder, "detach", "--page page.html")) == Names{"page.html"});
  const Outcome failed = run_example(folder, "two_blobs", "--quiet --lr 1e38 --report r --save never");
  CHECK(failed.code == 1);
  CHECK(written(failed) == Names{"r"});
  const Outcome mnist =
      run_example(folder, "mnist",
                  "--quiet --dataset synthetic --train-limit 20 --test-limit 10 --hidden 4 --epochs 3 "
                  "--ensemble 2 --save run --json run/j --report r");
  CHECK(written(mnist) ==
        Names{"run/state.safetensors", "run/member-0.safetensors", "run/member-1.safetensors", "run/j", "r"});
}

TEST_CASE("a link to a file that is not there yet is followed, and long names are written") {
  const TemporaryFolder folder;
  REQUIRE(run(folder, "ln -s target link").code == 0);
  write_file(folder / "link", "content");
  CHECK(read(folder / "target") == "content");
  CHECK(std::filesystem::is_symlink(folder / "link"));
  const std::string longest(255, 'n');
  write_file(folder / longest, "content");
  CHECK(read(folder / longest) == "content");
}

TEST_CASE("an input folder's files are no outputs, other files in it may be") {
  const auto owns = [](std::string_view name) { return name == "state"; };
  const TemporaryFolder folder;
  folder.write("state", "");
  REQUIRE(run(folder, "ln state elsewhere").code == 0);
  const auto apart = [&](const std::string& file) {
    require_apart({{"--save", folder.path(), true, owns}, {"--json", folder / file, true}});
  };
  CHECK_THROWS_AS(apart("state"), WrongUsage);
  CHECK_THROWS_AS(apart("./state"), WrongUsage);
  CHECK_THROWS_AS(apart("elsewhere"), WrongUsage);
  CHECK_THROWS_AS(apart("."), WrongUsage);
  CHECK_NOTHROW(apart("result.json"));
}
