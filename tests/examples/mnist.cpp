// mnist as its users meet it, on drawn digits.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "nn/safetensors.hpp"
#include "tests/examples/running.hpp"

using namespace wengert;
using namespace wengert::tests;

namespace {

const std::string tiny = "--quiet --dataset synthetic --train-limit 60 --test-limit 20 --batch 16 --hidden 8 ";

Outcome run_mnist(const TemporaryFolder& folder, const std::string& arguments) {
  return run_example(folder, "mnist", arguments);
}

bool one_line_from_mnist(const std::string& err) { return err.starts_with("mnist: ") && lines(err).size() == 1; }

void check_error(const Outcome& outcome, int code, const std::vector<std::string>& expected = {}) {
  CHECK(outcome.code == code);
  CHECK(outcome.out.empty());
  CHECK_MESSAGE(one_line_from_mnist(outcome.err), outcome.err);
  for (const std::string& part : expected) CHECK_MESSAGE(outcome.err.find(part) != std::string::npos, outcome.err);
}

std::string member(const TemporaryFolder& folder, const std::string& saved, int k) {
  return read(folder / saved + "/member-" + std::to_string(k) + ".safetensors");
}

}  // namespace

TEST_CASE("mnist: --help shows the defaults, of every diversity too") {
  const Outcome help = run_mnist(TemporaryFolder(), "--help");
  CHECK(help.code == 0);
  CHECK(help.err.empty());
  for (const std::string expected :
       {"--epochs N=5", "--batch N=128", "--hidden N=256", "--layers N=1", "--lr X=0.001", "snapshot-ce}=none",
        "synthetic}=mnist", "--ensemble N=1", "--device NAME=cpu", "inverse-l1 1", "snapshot-ce 0."}) {
    CAPTURE(expected);
    CHECK(help.out.find(expected) != std::string::npos);
  }
  CHECK(run_mnist(TemporaryFolder(), "--version").out.starts_with("mnist "));
}

TEST_CASE("mnist: wrong usage is exit code 2 and one line") {
  for (const std::string arguments : {"--dataset emnist",
                                      "--epochs -1",
                                      "--batch 0",
                                      "--hidden 0",
                                      "--layers 0",
                                      "--optimizer lion",
                                      "--lr nan",
                                      "--schedule step",
                                      "--diversity l2",
                                      "--per layer",
                                      "--strength inf",
                                      "--ensemble 0",
                                      "--train-limit 0",
                                      "--threads 0",
                                      "--device gpu",
                                      "--loss mae",
                                      "--save ''",
                                      "--unknown",
                                      "surplus",
                                      "--diversity snapshot --schedule cosine",
                                      "--diversity snapshot-ce --schedule constant",
                                      "--dataset synthetic --data ."}) {
    CAPTURE(arguments);
    check_error(run_mnist(TemporaryFolder(), arguments), 2);
  }
}

TEST_CASE("mnist: an error is exit code 1 and one line, before any training") {
  const TemporaryFolder folder;
  REQUIRE(run_mnist(folder, tiny + "--epochs 0 --save other --hidden 9").code == 0);
  for (const std::string arguments :
       {"--json /nowhere/x", "--report /", "--save /dev/null/x", "--resume /nowhere", "--init /nowhere/x",
        "--init other/member-0.safetensors", "--device cuda:255", "--dataset mnist --data /nowhere"}) {
    CAPTURE(arguments);
    check_error(run_mnist(folder, tiny + arguments), 1);
  }
  check_error(run_mnist(folder, "--data ."), 1, {"train-images-idx3-ubyte", "./run fetch-mnist", "synthetic"});
}

TEST_CASE("mnist: what is printed, and the JSON by the names others rely on") {
  const TemporaryFolder folder;
  const std::string arguments = tiny + "--epochs 2 --ensemble 3 --json run.json --report run.html";
  const Outcome quiet = run_mnist(folder, arguments);
  REQUIRE_MESSAGE(quiet.code == 0, quiet.err);
  CHECK(quiet.err.empty());
  const std::vector<std::string> last = lines(quiet.out);
  REQUIRE(last.size() == 4);
  CHECK(last[0].starts_with("member 0: accuracy "));
  CHECK(last[3].starts_with("ensemble: accuracy "));

  const std::string json = read(folder / "run.json");
  for (const std::string name :
       {"\"config\": {\"dataset\": \"synthetic\", \"data\": null,", "\"train_limit\": 60", "\"members\": [",
        "\"test_accuracy\": ", "\"test_nll\": ", "\"train_seconds\": ", "\"ensemble\": {\"accuracy\": ", "\"ece\": ",
        "\"pairs\": [", "\"a\": 1, \"b\": 2,", "\"b_accuracy_given_a\": "}) {
    CAPTURE(name);
    CHECK(json.find(name) != std::string::npos);
  }
  CHECK(read(folder / "run.html").ends_with("</html>\n"));

  const std::string loud = run_mnist(folder, arguments.substr(std::string("--quiet ").size())).out;
  CHECK(loud.starts_with("member 0: epoch 1 of 2: loss "));
  CHECK(loud.ends_with(quiet.out));
}

TEST_CASE("mnist: the number of threads changes nothing") {
  const TemporaryFolder folder;
  const std::string arguments = tiny + "--ensemble 2 --diversity hidden-cka ";
  CHECK(run_mnist(folder, arguments).out == run_mnist(folder, arguments + "--threads 3").out);
}

TEST_CASE("mnist: every diversity moves member 1 away from where it would be, and leaves member 0 alone") {
  const TemporaryFolder folder;
  const std::string arguments = tiny + "--epochs 1 --ensemble 3 ";
  REQUIRE(run_mnist(folder, arguments + "--save none").code == 0);
  for (const std::string name : {"inverse-l1", "cosine", "correlation", "inverse-ce", "negative-ce", "hidden-cka",
                                 "hidden-cosine", "ncl", "snapshot", "snapshot-ce"}) {
    CAPTURE(name);
    const Outcome outcome = run_mnist(folder, arguments + "--diversity " + name + " --save " + name);
    REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
    const bool one_rate = !name.starts_with("snapshot");
    CHECK((member(folder, name, 0) == member(folder, "none", 0)) == one_rate);
    CHECK(member(folder, name, 1) != member(folder, "none", 1));
    CHECK(member(folder, name, 2) != member(folder, "none", 2));
  }
  CHECK(member(folder, "snapshot", 0) == member(folder, "snapshot-ce", 0));
  CHECK(member(folder, "snapshot", 1) != member(folder, "snapshot-ce", 1));
}

TEST_CASE("mnist: a snapshot begins where the one before ended, other members do not") {
  const TemporaryFolder folder;
  for (const std::string name : {"none", "snapshot"}) {
    REQUIRE(run_mnist(folder, tiny + "--lr 0 --epochs 1 --ensemble 2 --diversity " + name + " --save " + name).code ==
            0);
    CHECK((member(folder, name, 0) == member(folder, name, 1)) == (name == "snapshot"));
  }
}

TEST_CASE("mnist: member k of a run is member 0 of one with the seed k more") {
  const TemporaryFolder folder;
  REQUIRE(run_mnist(folder, tiny + "--epochs 1 --ensemble 2 --seed 5 --save two").code == 0);
  REQUIRE(run_mnist(folder, tiny + "--epochs 1 --seed 6 --save one").code == 0);
  CHECK(member(folder, "two", 1) == member(folder, "one", 0));
}

TEST_CASE("mnist: a term without effect is named as such, one with an effect is not") {
  const TemporaryFolder folder;
  const std::string arguments = tiny.substr(std::string("--quiet ").size()) + "--epochs 1 --ensemble 2 --diversity ";
  CHECK(run_mnist(folder, arguments + "inverse-l1 --strength 1e-6").out.find("no effect") != std::string::npos);
  CHECK(run_mnist(folder, arguments + "inverse-ce --strength 1").out.find("no effect") == std::string::npos);
}

TEST_CASE("mnist: divergence names the member, the batch and the step that gave it") {
  check_error(run_mnist(TemporaryFolder(), tiny + "--lr 1e38 --optimizer sgd"), 1,
              {"member 0, epoch 1, batch 2: linear (network.hpp:", "--lr"});
}

TEST_CASE("mnist: on the simulator the CUDA kernels give the CPU's weights, but for rounding") {
  const TemporaryFolder folder;
  const std::string arguments = tiny + "--epochs 1 --ensemble 2 --diversity inverse-ce --save ";
  REQUIRE(run_mnist(folder, arguments + "cpu").code == 0);
  const Outcome outcome = run_mnist(folder, arguments + "simt --device simt");
  REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
  for (const std::string k : {"0", "1"}) {
    const auto wanted = nn::load_tensors(folder / "cpu/member-" + k + ".safetensors");
    const auto got = nn::load_tensors(folder / "simt/member-" + k + ".safetensors");
    REQUIRE(got.size() == wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      CAPTURE(wanted[i].name);
      const std::vector<float> x = got[i].tensor.to_vector(), y = wanted[i].tensor.to_vector();
      for (std::size_t n = 0; n < y.size(); ++n) REQUIRE(std::abs(x[n] - y[n]) < 1e-4f);
    }
  }
}
