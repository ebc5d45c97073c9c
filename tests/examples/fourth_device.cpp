// Programs on the device of tests/devices/counting, which they know nothing of.
#include <doctest/doctest.h>

#include <charconv>
#include <string>
#include <vector>

#include "tests/examples/running.hpp"

namespace wengert::tests {
namespace {

/// Runs an example where the device's library is.
Outcome run_there(const TemporaryFolder& folder, const std::string& name, const std::string& arguments) {
  return run(folder,
             "WENGERT_DEVICES='" WENGERT_TEST_PROGRAMS "/devices' '" WENGERT_PROGRAMS "/" + name + "' " + arguments);
}

/// The number before the word in what the device says at the end.
std::size_t count_of(const Outcome& outcome, const std::string& word) {
  const std::string last = lines(outcome.err).back();
  REQUIRE_MESSAGE(last.starts_with("counting: "), outcome.err);
  const std::size_t end = last.find(' ' + word);
  REQUIRE(end != std::string::npos);
  const std::size_t begin = last.rfind(' ', end - 1) + 1;
  std::size_t number = 0;
  std::from_chars(last.data() + begin, last.data() + end, number);
  return number;
}

}  // namespace

TEST_CASE("fourth device: two_blobs computes the CPU's bits there, and each epoch makes as many kernel calls") {
  const TemporaryFolder folder;
  const auto train = [&](const std::string& options) {
    const Outcome outcome = run_there(folder, "two_blobs", "--quiet --save weights " + options);
    REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
    return outcome;
  };
  const Outcome here = train("--epochs 20");
  const std::string weights = read(folder / "weights");
  std::vector<std::size_t> calls;
  for (const std::string how :
       {"--epochs 20", "--epochs 20 --eager", "--epochs 30", "--epochs 30 --eager", "--epochs 40"}) {
    CAPTURE(how);
    const Outcome there = train("--device counting " + how);
    calls.push_back(count_of(there, "calls"));
    if (calls.size() > 2) continue;
    CHECK(there.out == here.out);
    CHECK(read(folder / "weights") == weights);
  }
  CHECK(calls[1] == calls[0]);
  CHECK(calls[3] == calls[2]);
  CHECK(calls[2] > calls[0]);
  CHECK(calls[4] - calls[2] == calls[2] - calls[0]);
}

TEST_CASE("fourth device: mnist computes the CPU's bits there") {
  const TemporaryFolder folder;
  const std::string arguments =
      "--dataset synthetic --epochs 1 --train-limit 500 --hidden 8 --ensemble 2 --quiet --save ";
  REQUIRE(run_there(folder, "mnist", arguments + "here").code == 0);
  const Outcome there = run_there(folder, "mnist", arguments + "there --device counting");
  REQUIRE_MESSAGE(there.code == 0, there.err);
  for (const std::string member : {"/member-0.safetensors", "/member-1.safetensors"}) {
    CHECK(read(folder / ("there" + member)) == read(folder / ("here" + member)));
  }
}

TEST_CASE("fourth device: a name that is none is an error that lists it, where its library is") {
  const Outcome refused = run_there(TemporaryFolder(), "two_blobs", "--device nosuch");
  CHECK(refused.code == 2);
  CHECK(refused.err.find("unknown device 'nosuch': the devices are cpu, simt, cuda, cuda:N and counting") !=
        std::string::npos);
  CHECK(run_two_blobs("--device counting").err.find("unknown device 'counting'") != std::string::npos);
}

TEST_CASE("fourth device: one that is not there is an error with the reason") {
  const Outcome refused = run_there(TemporaryFolder(), "two_blobs", "--device counting:1");
  CHECK(refused.code == 1);
  CHECK(refused.err.find("device counting:1 is not available: there is one such device, number 0") !=
        std::string::npos);
}

}  // namespace wengert::tests
