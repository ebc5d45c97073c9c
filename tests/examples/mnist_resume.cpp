// Runs of mnist that end early, and are taken up again.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <string>

#include "nn/safetensors.hpp"
#include "tests/examples/running.hpp"

using namespace wengert;
using namespace wengert::tests;

namespace {

const std::string program = "'" WENGERT_PROGRAMS "/mnist' ";
// An option of every kind of state: a schedule, a push, snapshots, which continue the optimiser's moments.
const std::string options =
    "--quiet --dataset synthetic --train-limit 200 --test-limit 20 --batch 16 --hidden 8 --epochs 6 --ensemble 3 "
    "--diversity snapshot-ce ";

Outcome mnist(const TemporaryFolder& folder, const std::string& arguments) { return run(folder, program + arguments); }

// All that a run leaves but its times.
std::string left_by(const TemporaryFolder& folder, const std::string& saved, const Outcome& outcome) {
  std::string all = outcome.out;
  for (const char* k : {"0", "1", "2"}) all += read(folder / saved + "/member-" + k + ".safetensors");
  return all;
}

}  // namespace

TEST_CASE("mnist: killed at 20 random moments and resumed, a run ends in the same bits as one left alone") {
  const TemporaryFolder folder;
  const auto begin = std::chrono::steady_clock::now();
  const std::string alone = left_by(folder, "alone", mnist(folder, options + "--save alone"));
  const std::chrono::duration<double> takes = std::chrono::steady_clock::now() - begin;
  const auto seed = std::random_device()();
  CAPTURE(seed);
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> moment(0, takes.count());

  int kills = 0, finished = 0;
  std::string saved, from;
  while (kills < 20 || !from.empty()) {
    if (from.empty()) {
      saved = "run-" + std::to_string(finished);
      from = "--save ";
    }
    const std::string kill = kills < 20 ? "timeout -s KILL " + std::to_string(moment(random)) + " " : "";
    const Outcome outcome = run(folder, kill + program + options + from + saved);
    if (outcome.code == 137) {
      ++kills;
      if (std::ranges::count(folder.names(), saved) > 0) from = "--resume ";
    } else {
      REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
      REQUIRE(left_by(folder, saved, outcome) == alone);
      ++finished;
      from.clear();
    }
  }
  CHECK(finished > 0);
}

TEST_CASE("mnist: a finished run, resumed, says the same again, and brings its members into another folder") {
  const TemporaryFolder folder;
  const Outcome first = mnist(folder, options + "--save a");
  const std::string wanted = left_by(folder, "a", first);
  CHECK(left_by(folder, "a", mnist(folder, options + "--resume a")) == wanted);
  CHECK(left_by(folder, "b", mnist(folder, options + "--resume a --save b")) == wanted);
}

TEST_CASE("mnist: a state of other options, or no state at all, is refused by name") {
  const TemporaryFolder folder;
  REQUIRE(mnist(folder, options + "--save a").code == 0);
  for (const std::string option : {"--lr 0.002", "--epochs 7", "--hidden 9", "--seed 1", "--diversity snapshot",
                                   "--train-limit 199", "--optimizer sgd"}) {
    CAPTURE(option);
    const Outcome outcome = mnist(folder, options + option + " --resume a");
    CHECK(outcome.code == 1);
    CHECK(outcome.err.find(option.substr(0, option.find(' ') + 1)) != std::string::npos);
    CHECK(lines(outcome.err).size() == 1);
  }
  nn::save_tensors(folder / "a/state.safetensors", {});
  CHECK(mnist(folder, options + "--resume a").err.find("no state") != std::string::npos);
  folder.write("a/state.safetensors", "cut");
  CHECK(mnist(folder, options + "--resume a").code == 1);
}

TEST_CASE("mnist: Ctrl-C ends it with 130 and leaves the last epoch's state") {
  const TemporaryFolder folder;
  const std::string endless =
      "--quiet --dataset synthetic --train-limit 100 --test-limit 20 --hidden 8 --epochs 1000000 ";
  const Outcome outcome = run(folder, "timeout --preserve-status --signal=INT 1 " + program + endless + "--save a");
  CHECK(outcome.code == 130);
  CHECK(outcome.err == "mnist: interrupted\n");
  CHECK(outcome.out.empty());
  const std::string file = folder / "a/state.safetensors";
  CHECK(nn::find_tensor(file, nn::load_tensors(file), "next").to_vector<int>()[1] > 0);
}

TEST_CASE("mnist: a full disk is an error in one line, and leaves the state before") {
  const TemporaryFolder folder;
  const std::string limited = "trap '' XFSZ; ulimit -f 16; ";  // blocks of 512 or 1024 bytes; a state has 80 kB
  const Outcome outcome = run(folder, limited + program + options + "--save a");
  CHECK(outcome.code == 1);
  CHECK(outcome.err.starts_with("mnist: cannot write "));
  CHECK(outcome.err.find("a/state.safetensors: File too large") != std::string::npos);
  CHECK(lines(outcome.err).size() == 1);
  const Outcome resumed = mnist(folder, options + "--resume a");
  CHECK_MESSAGE(resumed.code == 0, resumed.err);
}
