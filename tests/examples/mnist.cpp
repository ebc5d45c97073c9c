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

bool one_line_from_mnist(const Outcome& outcome) {
  return outcome.err.starts_with("mnist: ") && lines(said(outcome)).size() == 1;
}

void check_error(const Outcome& outcome, int code, const std::vector<std::string>& expected = {}) {
  CHECK(outcome.code == code);
  CHECK(outcome.out.empty());
  CHECK_MESSAGE(one_line_from_mnist(outcome), outcome.err);
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
  const std::string text = squeezed(help.out);
  for (const std::string expected :
       {"--epochs N ", "(default 5)", "(default 128)", "(default 256)", "(default 0.001)", "(default none)",
        "(default mnist)", "--ensemble N ", "(default cpu)", "inverse-l1 1", "snapshot-ce 0."}) {
    CAPTURE(expected);
    CHECK(text.find(expected) != std::string::npos);
  }
  CHECK(run_mnist(TemporaryFolder(), "--version").out.starts_with("mnist "));
}

TEST_CASE("mnist: wrong usage is exit code 2 and one line") {
  for (const std::string arguments :
       {"--dataset emnist", "--epochs -1", "--batch 0", "--hidden 0", "--layers 0", "--optimizer lion", "--lr nan",
        "--schedule step", "--diversity l2", "--per layer", "--strength inf", "--ensemble 0", "--train-limit 0",
        "--threads 0", "--device gpu", "--loss mae", "--save ''", "--unknown", "surplus",
        "--diversity snapshot --schedule cosine", "--diversity snapshot-ce --schedule constant",
        "--dataset synthetic --data .", "--epochs 0x5", "--ensemble 1e2", "--seed 18446744073709551616",
        "--train-limit 1_000", "--strength 1e999",
        // options without effect
        "--diversity inverse-ce", "--diversity inverse-ce --strength 3", "--strength 3", "--ensemble 2 --strength 3",
        "--ensemble 2 --diversity snapshot --strength 3", "--diversity snapshot-ce --strength 3", "--per model",
        "--ensemble 2 --diversity ncl --per model", "--ensemble 2 --diversity hidden-cka --per tensor", "--overwrite",
        // one file twice
        "--json a --report ./a", "--save a --json a", "--save a --json a/state.safetensors",
        "--save a --report ./b/../a/member-12.safetensors", "--report a --json a/b", "--report a --save a/b",
        "--init a --json a", "--save a --init a/member-0.safetensors", "--resume a --json a/state.safetensors",
        "--json data/mnist/train-labels-idx1-ubyte.gz", "--data a --report a/t10k-images-idx3-ubyte"}) {
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
  CHECK(said(quiet).empty());
  CHECK(written(quiet) == std::vector<std::string>{"run.json", "run.html"});
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
              {"member 0, epoch 1, batch 2: anomaly mode: linear (network.hpp:", "--lr"});
}

TEST_CASE("mnist: a run that diverged ends with 1, names the epoch, and writes its report and JSON all the same") {
  for (const std::string how : {"--lr 1000 --epochs 2", "--lr 1e38", "--lr 1e30", "--lr 1e38 --loss mse",
                                "--lr 3000 --ensemble 2 --diversity negative-ce --schedule cosine"}) {
    CAPTURE(how);
    const TemporaryFolder folder;
    const Outcome outcome = run_mnist(folder, tiny + "--optimizer sgd --json run.json --report run.html " + how);
    check_error(outcome, 1, {"member ", "epoch 1", "--lr"});
    CHECK(written(outcome) == std::vector<std::string>{"run.json", "run.html"});
    const std::string whole = read(folder / "run.json"), json = whole.substr(0, whole.find("\"error\": \""));
    CHECK(json.size() < whole.size());
    if (how == "--lr 1e30") CHECK(json.find("\"test_nll\": null") != std::string::npos);
    for (const char* const not_json : {"inf,", "inf}", "nan"}) CHECK(json.find(not_json) == std::string::npos);
    const std::string page = read(folder / "run.html");
    CHECK(page.find("The run ended with an error") != std::string::npos);
    CHECK(page.ends_with("</html>\n"));
  }
}

TEST_CASE("mnist: a diverged member is not kept, and those before it are") {
  const TemporaryFolder folder;
  // Against member 0, inverse-ce so strong that it alone is followed.
  const Outcome outcome = run_mnist(
      folder, tiny + "--ensemble 3 --diversity negative-ce --strength 1e6 --optimizer sgd --lr 0.1 --save run");
  check_error(outcome, 1, {"member 1"});
  CHECK(std::filesystem::exists(folder / "run/member-0.safetensors"));
  CHECK_FALSE(std::filesystem::exists(folder / "run/member-1.safetensors"));
}

TEST_CASE("mnist: --save refuses another run's folder, and --overwrite replaces all of that run") {
  const TemporaryFolder folder;
  REQUIRE(run_mnist(folder, tiny + "--epochs 1 --ensemble 2 --save run").code == 0);
  const std::string before = member(folder, "run", 0);
  check_error(run_mnist(folder, tiny + "--epochs 1 --seed 9 --save run"), 1, {"--resume run", "--overwrite"});
  check_error(run_mnist(folder, tiny + "--epochs 1 --seed 9 --save ./run"), 1, {"--overwrite"});
  REQUIRE(run_mnist(folder, tiny + "--epochs 1 --save other").code == 0);
  check_error(run_mnist(folder, tiny + "--epochs 1 --resume other --save run"), 1, {"--overwrite"});
  CHECK(member(folder, "run", 0) == before);
  const Outcome replaced = run_mnist(folder, tiny + "--epochs 1 --seed 9 --save run --overwrite");
  REQUIRE_MESSAGE(replaced.code == 0, replaced.err);
  CHECK(member(folder, "run", 0) != before);
  CHECK_FALSE(std::filesystem::exists(folder / "run/member-1.safetensors"));
  CHECK(run_mnist(folder, tiny + "--epochs 1 --seed 9 --resume run").code == 0);
  CHECK(run_mnist(folder, tiny + "--epochs 1 --seed 9 --resume run --save ./run --overwrite").code == 0);
  CHECK(member(folder, "run", 0).size() == before.size());
}

TEST_CASE("mnist: one of a thing is in the singular") {
  const TemporaryFolder folder;
  REQUIRE(run_mnist(folder,
                    "--quiet --dataset synthetic --train-limit 1 --test-limit 5 --hidden 1 --epochs 1 "
                    "--report run.html")
              .code == 0);
  const std::string page = read(folder / "run.html");
  CHECK(page.find("trained for 1 epoch on 1 image,") != std::string::npos);
  CHECK(page.find("1 hidden layer of 1 unit.") != std::string::npos);
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
