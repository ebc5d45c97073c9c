// two_blobs as its users meet it.
#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <iostream>

#include "nn/safetensors.hpp"
#include "tests/examples/running.hpp"

using namespace wengert;
using namespace wengert::tests;

namespace {

bool one_line_from_two_blobs(const Outcome& outcome) {
  return outcome.err.starts_with("two_blobs: ") && lines(said(outcome)).size() == 1;
}

// A saved experiment in which B has A's weights.
void save_twins(const TemporaryFolder& folder) {
  REQUIRE(run_example(folder, "two_blobs", "--quiet --epochs 0 --save start.safetensors").code == 0);
  const std::vector<nn::NamedTensor> tensors = nn::load_tensors(folder / "start.safetensors");
  for (const auto& [name, tensor] : tensors) {
    if (name.starts_with("B.")) tensor.assign(nn::find_tensor("start", tensors, "A." + name.substr(2)));
  }
  nn::save_tensors(folder / "twins.safetensors", tensors);
}

}  // namespace

TEST_CASE("two_blobs: --help shows the defaults, --version the version") {
  const Outcome help = run_two_blobs("--help");
  CHECK(help.code == 0);
  CHECK(help.err.empty());
  const std::string text = squeezed(help.out);
  for (const char* expected :
       {"--epochs N ", "(default 20000)", "(default 0.01)", "(default inverse-l1)", "(default tensor)", "(default cpu)",
        "the sum over the parameter tensors of 1 / sum|A - B|, or with --per model one 1 / sum|A - B| over all"}) {
    CAPTURE(expected);
    CHECK(text.find(expected) != std::string::npos);
  }
  const Outcome version = run_two_blobs("--version");
  CHECK(version.code == 0);
  CHECK(version.out.starts_with("two_blobs "));
}

TEST_CASE("two_blobs: wrong usage is exit code 2 and one line") {
  for (const char* arguments :
       {"--epochs many", "--epochs -1", "--lr nan", "--lr -1", "--eps -1", "--strength inf", "--threads 0",
        "--device gpu", "--linear fast", "--similarity l2", "--per layer", "--unknown", "surplus", "--log ''",
        // numbers are in base 10, whole, and within their range
        "--epochs 0x10", "--epochs 1e3", "--epochs 1_000", "--epochs \"1'000\"", "--epochs ' 5'", "--epochs ''",
        "--epochs 9223372036854775808", "--seed 18446744073709551616", "--seed -1", "--threads +-1", "--lr 0x1p-3",
        "--lr 0.1f", "--lr 1e400", "--lr 1e-400", "--eps 1,5", "--quiet=2", "--quiet=false",
        // options without effect
        "--similarity none --strength 2", "--similarity none --per model", "--similarity none --eps 0.5",
        "--quiet --audit", "--init x --seed 1", "--device simt --threads 2"}) {
    CAPTURE(arguments);
    const Outcome outcome = run_two_blobs(arguments);
    CHECK(outcome.code == 2);
    CHECK(outcome.out.empty());
    CHECK(one_line_from_two_blobs(outcome));
  }
}

TEST_CASE("two_blobs: --linear takes what the device has, and refuses what it has not") {
  for (const char* arguments : {"--linear cublas", "--linear cublas --device simt"}) {
    CAPTURE(arguments);
    const Outcome refused = run_two_blobs(arguments);
    CHECK(refused.code == 1);
    CHECK(one_line_from_two_blobs(refused));
    CHECK(refused.err.find("only the device cuda has it") != std::string::npos);
  }
  const TemporaryFolder folder;
  const std::string few = "--quiet --epochs 3 --device simt --report page.html --linear ";
  const std::string own = run_example(folder, "two_blobs", few + "own").out;
  CHECK(read(folder / "page.html").find("linear layers by") == std::string::npos);
  CHECK(run_example(folder, "two_blobs", few + "3xtf32").out == own);  // layers too small for tensor cores
  CHECK(read(folder / "page.html").find("simt, linear layers by 3xtf32") != std::string::npos);
}

TEST_CASE("two_blobs: on the simulator the CUDA kernels give the CPU's weights, eager or captured, within 20 seconds") {
  const TemporaryFolder folder;
  const auto weights = [&](const std::string& name, const std::string& arguments) {
    const Outcome outcome = run_example(folder, "two_blobs", "--quiet --epochs 200 --save " + name + " " + arguments);
    REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
    return nn::load_tensors(folder / name);
  };
  for (const std::string options : {"", "--per model --no-zero-grad"}) {
    CAPTURE(options);
    const auto wanted = weights("cpu", options);
    const auto begin = std::chrono::steady_clock::now();
    const auto got = weights("simt", "--device simt " + options);
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(20));
    const auto eager = weights("eager", "--device simt --eager " + options);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      CAPTURE(wanted[i].name);
      CHECK(got[i].name == wanted[i].name);
      CHECK(got[i].tensor.to_vector() == eager[i].tensor.to_vector());
      const std::vector<float> x = got[i].tensor.to_vector(), y = wanted[i].tensor.to_vector();
      for (std::size_t k = 0; k < y.size(); ++k) CHECK(x[k] == doctest::Approx(y[k]).epsilon(1e-5));
    }
  }
}

TEST_CASE("two_blobs: on the simulator the order of threads and blocks changes no bit") {
  const TemporaryFolder folder;
  std::string forward;
  for (const std::string setting : {"SIMT_ORDER=forward", "SIMT_ORDER=reverse", "SIMT_ORDER=shuffled:7"}) {
    CAPTURE(setting);
    const Outcome outcome =
        run(folder, setting + " '" WENGERT_PROGRAMS "/two_blobs' --device simt --epochs 20 --quiet --save weights");
    REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
    const std::string weights = read(folder / "weights");
    if (forward.empty()) forward = weights;
    CHECK(weights == forward);
  }
}

TEST_CASE("two_blobs: an error is exit code 1 and one line, before any training") {
  for (const char* arguments : {"--log /nowhere/log.csv", "--save /nowhere/x", "--report /", "--picture /dev/null/x",
                                "--tape /", "--init /nowhere/x", "--device cuda:255 --epochs 1"}) {
    CAPTURE(arguments);
    const Outcome outcome = run_two_blobs(arguments);
    CHECK(outcome.code == 1);
    CHECK(outcome.out.empty());
    CHECK(one_line_from_two_blobs(outcome));
  }
}

TEST_CASE("two_blobs: output that cannot be written is an error") {
  if (!std::filesystem::exists("/dev/full")) {
    std::cout << "[skipped] there is no /dev/full here\n";
    return;
  }
  CHECK(run(TemporaryFolder(), "'" WENGERT_PROGRAMS "/two_blobs' --epochs 1 >/dev/full").code == 1);
}

TEST_CASE("two_blobs: captured and eager runs print and log the same") {
  for (const char* arguments : {"--epochs 400", "--epochs 400 --no-zero-grad", "--epochs 1 --per model --strength 2"}) {
    CAPTURE(arguments);
    const TemporaryFolder folder;
    const Outcome captured = run_example(folder, "two_blobs", arguments + std::string(" --log captured.csv"));
    const Outcome eager = run_example(folder, "two_blobs", arguments + std::string(" --eager --log eager.csv"));
    CHECK(captured.code == 0);
    CHECK(captured.out == eager.out);
    CHECK(read(folder / "captured.csv") == read(folder / "eager.csv"));
  }
}

TEST_CASE("two_blobs: --save and --init round trip") {
  const TemporaryFolder folder;
  const Outcome trained = run_example(folder, "two_blobs", "--quiet --epochs 200 --save trained.safetensors");
  const Outcome loaded = run_example(folder, "two_blobs", "--quiet --epochs 0 --init trained.safetensors");
  CHECK(loaded.code == 0);
  CHECK(loaded.out == trained.out);
  CHECK(folder.names() == std::vector<std::string>{"trained.safetensors"});
}

TEST_CASE("two_blobs: a truncated --init file is an error that names it") {
  const TemporaryFolder folder;
  REQUIRE(run_example(folder, "two_blobs", "--quiet --epochs 0 --save whole").code == 0);
  for (const int bytes : {0, 5, 100, 1000}) {
    CAPTURE(bytes);
    run(folder, "head -c " + std::to_string(bytes) + " whole >part");
    const Outcome outcome = run_example(folder, "two_blobs", "--epochs 1 --init part");
    CHECK(outcome.code == 1);
    CHECK(one_line_from_two_blobs(outcome));
    CHECK(outcome.err.find("part") != std::string::npos);
  }
}

TEST_CASE("two_blobs: --log has the header and a row for each epoch of each model") {
  const TemporaryFolder folder;
  REQUIRE(run_example(folder, "two_blobs", "--quiet --epochs 3 --log log.csv").code == 0);
  const std::vector<std::string> rows = lines(read(folder / "log.csv"));
  REQUIRE(rows.size() == 7);
  CHECK(rows[0] == "model,epoch,bce,similarity");
  for (int epoch = 0; epoch < 3; ++epoch) {
    const auto row = static_cast<std::size_t>(epoch);
    CHECK(rows[row + 1].starts_with("A," + std::to_string(epoch) + ","));
    CHECK(rows[row + 1].ends_with(",0"));
    CHECK(rows[row + 4].starts_with("B," + std::to_string(epoch) + ","));
  }
  // Losses as they were before the epoch's step: row 0 is what no training prints.
  const std::vector<std::string> untrained = lines(run_two_blobs("--quiet --epochs 0").out);
  CHECK("A: bce " + rows[1].substr(4, rows[1].rfind(',') - 4) == untrained[0]);
}

TEST_CASE("two_blobs: equal models end training with the op, the pair and what to change, and eps helps") {
  const TemporaryFolder folder;
  save_twins(folder);
  const Outcome equal =
      run_example(folder, "two_blobs", "--quiet --lr 0 --epochs 5 --init twins.safetensors --log log.csv");
  CHECK(equal.code == 1);
  CHECK(one_line_from_two_blobs(equal));
  for (const char* expected :
       {"inverse_l1", "the pairs 'fc1.weight', 'fc1.bias', 'fc2.weight', 'fc2.bias' are equal", "--eps", "--seed"}) {
    CAPTURE(expected);
    CHECK(equal.err.find(expected) != std::string::npos);
  }
  CHECK_FALSE(std::filesystem::exists(folder / "log.csv"));
  const Outcome helped =
      run_example(folder, "two_blobs", "--quiet --lr 0 --epochs 5 --init twins.safetensors --eps 0.5");
  CHECK(helped.code == 0);
  CHECK(helped.out.ends_with(" similarity 8\n"));  // four pairs of 1 / 0.5
}

TEST_CASE("two_blobs: divergence names the step that gave it") {
  const Outcome outcome = run_two_blobs("--lr 1e38 --similarity none");
  CHECK(outcome.code == 1);
  CHECK(one_line_from_two_blobs(outcome));
  CHECK(outcome.err.find("03_two_blobs.cpp:") != std::string::npos);
  CHECK(outcome.err.find("--lr") != std::string::npos);
}

TEST_CASE("two_blobs: the number of threads changes nothing") {
  CHECK(run_two_blobs("--epochs 200").out == run_two_blobs("--epochs 200 --threads 3").out);
}

TEST_CASE("two_blobs: Ctrl-C ends it with 130 and leaves no files") {
  const TemporaryFolder folder;
  const Outcome outcome = run(folder, "timeout --preserve-status --signal=INT 1 '" WENGERT_PROGRAMS
                                      "/two_blobs' --epochs 1000000000000 --save saved --log log.csv");
  CHECK(outcome.code == 130);
  CHECK(outcome.err == "two_blobs: interrupted\n");
  CHECK(outcome.out.empty());
  CHECK(folder.names().empty());
}

TEST_CASE("two_blobs: --report changes no number") {
  const TemporaryFolder folder;
  for (const char* arguments :
       {"--quiet --epochs 60", "--quiet --epochs 60 --no-zero-grad", "--quiet --epochs 9 --eager"}) {
    CAPTURE(arguments);
    CHECK(run_example(folder, "two_blobs", arguments + std::string(" --report page.html")).out ==
          run_two_blobs(arguments).out);
  }
}

TEST_CASE("two_blobs: a run that an error ends writes its report all the same, which says so") {
  const TemporaryFolder folder;
  save_twins(folder);
  const std::string b = "--quiet --lr 0 --epochs 5 --init twins.safetensors --report page.html";
  for (const std::string& arguments : {b, std::string("--quiet --lr 1e38 --report page.html")}) {
    CAPTURE(arguments);
    const Outcome outcome = run_example(folder, "two_blobs", arguments);
    CHECK(outcome.code == 1);
    CHECK(outcome.out.empty());
    CHECK(one_line_from_two_blobs(outcome));
    const std::string page = read(folder / "page.html");
    CHECK(page.ends_with("</html>\n"));
    CHECK(page.find("Training ended early, with an error.") != std::string::npos);
  }
}

TEST_CASE("scalar_graph and detach: --help, --version, and wrong usage") {
  for (const char* name : {"scalar_graph", "detach"}) {
    CAPTURE(name);
    const TemporaryFolder folder;
    CHECK(run_example(folder, name, "--help").code == 0);
    CHECK(run_example(folder, name, "--version").out.starts_with(name));
    CHECK(run_example(folder, name, "--epochs 1").code == 2);
  }
}

TEST_CASE("two_blobs: --tape writes a page and changes no number") {
  for (const std::string options : {"--epochs 30", "--epochs 30 --no-zero-grad", "--epochs 30 --per model --eager"}) {
    CAPTURE(options);
    const TemporaryFolder folder;
    const Outcome plain = run_example(folder, "two_blobs", options + " --save plain");
    const Outcome with_tape = run_example(folder, "two_blobs", options + " --save with --tape tape.html");
    REQUIRE_MESSAGE(with_tape.code == 0, with_tape.err);
    CHECK(with_tape.out == plain.out);
    CHECK(read(folder / "with") == read(folder / "plain"));
    CHECK(read(folder / "tape.html").ends_with("</html>\n"));
  }
}
