// Runs of mnist that end early, and are taken up again.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

#include "nn/safetensors.hpp"
#include "tests/examples/running.hpp"
#include "tests/support/idx_files.hpp"

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
  CHECK(lines(said(outcome)) ==
        std::vector<std::string>{
            "mnist: interrupted; to continue, give --resume a and no --save beside the other options"});
  CHECK(written(outcome) == std::vector<std::string>{"a/state.safetensors"});
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
  CHECK(lines(said(outcome)).size() == 1);
  CHECK(std::ranges::count_if(run(folder, "ls a").out, [](char c) { return c == '\n'; }) == 1);  // no temporary file
  const Outcome resumed = mnist(folder, options + "--resume a");
  CHECK_MESSAGE(resumed.code == 0, resumed.err);
}

namespace {

// One run of `longer`, against one of `shorter` that is resumed with `longer`.
void check_extended(const std::string& common, const std::string& shorter, const std::string& longer, int members) {
  CAPTURE(common);
  CAPTURE(shorter);
  CAPTURE(longer);
  const TemporaryFolder folder;
  const std::string all =
      "--quiet --dataset synthetic --train-limit 100 --test-limit 20 --batch 16 --hidden 8 " + common;
  const Outcome wanted = mnist(folder, all + longer + " --save one");
  REQUIRE_MESSAGE(wanted.code == 0, wanted.err);
  REQUIRE(mnist(folder, all + shorter + " --save two").code == 0);
  const Outcome resumed = mnist(folder, all + longer + " --resume two");
  REQUIRE_MESSAGE(resumed.code == 0, resumed.err);
  CHECK(resumed.out == wanted.out);
  for (int k = 0; k < members; ++k) {
    const std::string file = "/member-" + std::to_string(k) + ".safetensors";
    CHECK(read(folder / "two" + file) == read(folder / "one" + file));
  }
}

}  // namespace

TEST_CASE("mnist: a run resumed with more members or epochs ends in the bits of one that had them from the beginning") {
  for (const std::string name : {"none", "inverse-l1", "ncl", "snapshot", "snapshot-ce"}) {
    check_extended("--epochs 2 --diversity " + name + " ", "--ensemble 2", "--ensemble 4", 4);
  }
  for (const std::string how : {"", "--optimizer sgd --lr 0.1 ", "--schedule cyclic "}) {
    check_extended(how, "--epochs 2", "--epochs 5", 1);
    check_extended(how, "--epochs 1", "--epochs 3 --ensemble 2", 2);
  }
  check_extended("--schedule cosine --epochs 2 ", "--ensemble 1", "--ensemble 2", 2);
}

TEST_CASE("mnist: where the bits would be others, more epochs or fewer members are refused with the reason") {
  const TemporaryFolder folder;
  const std::string tiny = "--quiet --dataset synthetic --train-limit 60 --test-limit 20 --batch 16 --hidden 8 ";
  const auto refused = [&](const std::string& how, const std::string& before, const std::string& after,
                           const std::string& reason) {
    CAPTURE(how);
    REQUIRE(mnist(folder, tiny + how + before + " --save run --overwrite").code == 0);
    const Outcome outcome = mnist(folder, tiny + how + after + " --resume run");
    CHECK(outcome.code == 1);
    CHECK(lines(outcome.err).size() == 1);
    CHECK_MESSAGE(outcome.err.find(reason) != std::string::npos, outcome.err);
  };
  refused("--schedule cosine ", "--epochs 2", "--epochs 3", "learning rate");
  refused("--diversity snapshot ", "--epochs 2 --ensemble 2", "--epochs 3 --ensemble 2", "learning rate");
  refused("", "--epochs 2 --ensemble 2", "--epochs 3 --ensemble 2", "optimiser");
  refused("", "--epochs 3", "--epochs 2", "3 epochs already");
  refused("--epochs 1 ", "--ensemble 3", "--ensemble 2", "3 members");
}

TEST_CASE("mnist: Ctrl-C without --save says that nothing was kept") {
  const Outcome outcome =
      run(TemporaryFolder(), "timeout --preserve-status --signal=INT 1 " + program +
                                 "--quiet --dataset synthetic --train-limit 100 --test-limit 20 --epochs 1000000");
  CHECK(outcome.code == 130);
  CHECK(outcome.err.find("nothing was kept; with --save DIR") != std::string::npos);
  CHECK(lines(outcome.err).size() == 1);
}

TEST_CASE("mnist: --overwrite keeps the earlier run until the new one has begun") {
  const TemporaryFolder folder;
  const std::string tiny = "--quiet --dataset synthetic --train-limit 60 --test-limit 20 --hidden 4 --epochs 1 ";
  REQUIRE(mnist(folder, tiny + "--ensemble 2 --save run").code == 0);
  REQUIRE(mnist(folder, tiny + "--ensemble 2 --save other").code == 0);
  REQUIRE(run(folder, "rm other/member-0.safetensors").code == 0);
  folder.write("wrong", "no weights");
  const std::string before = run(folder, "cat run/*").out;
  for (const std::string how : {"--init wrong", "--init $'caf\\xe9'", "--ensemble 3 --resume other"}) {
    CAPTURE(how);
    CHECK(mnist(folder, tiny + how + " --save run --overwrite").code == 1);
    CHECK(run(folder, "cat run/*").out == before);
  }
  CHECK(mnist(folder, tiny + "--save run --overwrite").code == 0);
  CHECK(std::filesystem::exists(folder / "run/member-0.safetensors"));
  CHECK(!std::filesystem::exists(folder / "run/member-1.safetensors"));
}

namespace {

// 40 training and 20 test images of noise.
void write_data_set(const TemporaryFolder& folder, unsigned seed) {
  std::mt19937 random(seed);
  for (const auto& [kind, count] : {std::pair("train", 40U), std::pair("t10k", 20U)}) {
    std::string pixels(std::size_t{count} * 28 * 28, ' '), labels(count, ' ');
    for (char& pixel : pixels) pixel = static_cast<char>(random() & 255U);
    for (char& label : labels) label = static_cast<char>(random() % 10);
    folder.write(kind + std::string("-images-idx3-ubyte"), testing::idx_file({count, 28, 28}, pixels));
    folder.write(kind + std::string("-labels-idx1-ubyte"), testing::idx_file({count}, labels));
  }
}

}  // namespace

TEST_CASE("mnist: a run on other images is not continued") {
  const TemporaryFolder folder;
  write_data_set(folder, 1);
  const std::string tiny = "--quiet --hidden 4 --epochs 2 --data . ";
  REQUIRE(mnist(folder, tiny + "--save run").code == 0);
  CHECK(mnist(folder, tiny + "--ensemble 2 --resume run").code == 0);
  write_data_set(folder, 2);
  const Outcome outcome = mnist(folder, tiny + "--ensemble 3 --resume run");
  CHECK(outcome.code == 1);
  CHECK(outcome.err.find("run/state.safetensors: this is the state of a run on other images") != std::string::npos);
}

TEST_CASE("mnist: a state or a member that does not fit is refused by file and tensor") {
  const TemporaryFolder folder;
  const std::string tiny = "--quiet --dataset synthetic --train-limit 60 --test-limit 20 --hidden 4 --epochs 2 ";
  REQUIRE(mnist(folder, tiny + "--save run").code == 0);
  const std::string state = folder / "run/state.safetensors", member = folder / "run/member-0.safetensors";
  const auto refused = [&](const std::string& file, const std::string& name, const Tensor& other) {
    CAPTURE(name);
    const std::string kept = read(file);
    nn::TensorFile content = nn::load_file(file);
    for (nn::NamedTensor& named : content.tensors) {
      if (named.name == name) named.tensor = other;
    }
    std::ofstream(file) << nn::file_bytes(content.tensors, content.metadata);
    const Outcome outcome = mnist(folder, tiny + "--ensemble 2 --resume run");
    CHECK(outcome.code == 1);
    CHECK_MESSAGE(outcome.err.find(".safetensors: ") != std::string::npos, outcome.err);
    CHECK_MESSAGE(outcome.err.find("'" + name + "'") != std::string::npos, outcome.err);
    std::ofstream(file) << kept;
  };
  refused(state, "next", Tensor::from({1.F, 0.F}, {2}));
  refused(state, "next", Tensor::from({0, 2}, {2}));
  refused(state, "next", Tensor::from({1, 1, 1}, {3}));
  refused(state, "histories", Tensor::zeros({7}, DType::f64));
  refused(state, "histories", Tensor::zeros({0, 6}, DType::f64));
  refused(state, "histories", Tensor::full({2, 6}, -0.5, DType::f64));
  const std::string weight = nn::load_tensors(member)[0].name;
  refused(member, weight, Tensor::zeros({5, 784}));
  refused(member, weight, Tensor::zeros({4, 784}, DType::f64));
  CHECK(mnist(folder, tiny + "--ensemble 2 --resume run").code == 0);
}

TEST_CASE("mnist: SIGTERM ends it as Ctrl-C does, and leaves no temporary file") {
  const TemporaryFolder folder;
  const std::string endless =
      "--quiet --dataset synthetic --train-limit 20 --test-limit 1 --hidden 2 --epochs 1000000 ";
  for (int k = 0; k < 5; ++k) {
    const Outcome outcome = run(folder, "timeout --preserve-status 0." + std::to_string(3 + k) + " " + program +
                                            endless + "--overwrite --save a");
    CHECK(outcome.code == 143);
    CHECK(outcome.err.starts_with("mnist: interrupted; "));
    CHECK(run(folder, "ls a").out == "state.safetensors\n");
  }
}

TEST_CASE("mnist: weights that are no numbers end it with an error, without any training too") {
  const TemporaryFolder folder;
  const std::string tiny = "--quiet --dataset synthetic --train-limit 60 --test-limit 20 --hidden 4 --epochs 0 ";
  REQUIRE(mnist(folder, tiny + "--save run").code == 0);
  const std::vector<nn::NamedTensor> tensors = nn::load_tensors(folder / "run/member-0.safetensors");
  tensors[0].tensor.assign(Tensor::full(tensors[0].tensor.shape(), NAN));
  nn::save_tensors(folder / "nan", tensors);
  const Outcome outcome = mnist(folder, tiny + "--init nan --json nan.json");
  CHECK(outcome.code == 1);
  CHECK(outcome.err.find("member 0 answers with no number") != std::string::npos);
  CHECK(read(folder / "nan.json").find("\"error\": \"member 0") != std::string::npos);
}
