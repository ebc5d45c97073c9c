// The programs, while the system refuses their requests in turn.
#include <doctest/doctest.h>

#include <filesystem>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "tests/examples/running.hpp"
#include "tests/support/faults.hpp"

using namespace wengert::tests;
using namespace wengert::testing;

namespace {

struct Ran : Outcome {
  std::size_t requests = 0;  // 0 where the program could not say
};

// See with_faults.cpp.
Ran run_with(const Fault& fault, const TemporaryFolder& folder, const std::string& program,
             const std::string& arguments) {
  const TemporaryFolder told;
  const std::string environment = "FAULT='" + std::string(fault.source.name) + " " + std::to_string(fault.n) +
                                  (fault.for_good ? " on" : "") + "' FAULT_REQUESTS='" + told / "requests" + "' ";
  const Outcome outcome =
      run(folder, environment + "'" WENGERT_TEST_PROGRAMS "/" + program + "_with_faults' " + arguments);
  const std::string requests = read(told / "requests");
  return {outcome, requests.empty() ? 0 : std::stoul(requests)};
}

// A run that came through, or one line and exit 1.
void check_words(const Ran& ran, const std::string& program) {
  CAPTURE(ran.err);
  if (ran.code == 0) {
    CHECK(said(ran) == "");
  } else {
    CHECK(ran.code == 1);
    CHECK(lines(said(ran)).size() == 1);
    CHECK(ran.err.starts_with(program + ": "));
  }
}

}  // namespace

TEST_CASE("faults: two_blobs ends with its results, or with one line and the earlier files") {
  const TemporaryFolder folder;
  const std::string arguments =
      "--epochs 3 --quiet --log log.csv --report page.html --picture planes.svg --tape tape.html --save weights";
  const std::string results = run_example(folder, "two_blobs", arguments).out;
  std::map<std::string, std::string> wanted;
  for (const std::string& name : folder.names()) wanted[name] = read(folder / name);
  REQUIRE(wanted.size() == 5);

  sweep_faults("two_blobs with all its files", 150, [&](const Fault& fault) {
    const std::string refused = to_string(fault);
    CAPTURE(refused);
    for (const auto& [name, text] : wanted) folder.write(name, "earlier");
    const Ran ran = run_with(fault, folder, "two_blobs", arguments);
    check_words(ran, "two_blobs");
    CHECK(folder.names().size() == wanted.size());
    for (const auto& file : wanted) {  // no structured binding, which clang++ 14 does not capture
      const std::string &name = file.first, &text = file.second;
      const std::string found = read(folder / name);
      const bool tells_of_error = name == "page.html" && found.ends_with("</html>\n");
      CHECK_MESSAGE((found == text || (ran.code != 0 && (found == "earlier" || tells_of_error))), name);
    }
    if (ran.code == 0) CHECK(ran.out == results);
    return ran.requests;
  });
}

TEST_CASE("faults: mnist, resumed, ends with its results, or with a state that can be resumed to the same bits") {
  const TemporaryFolder folder;
  const std::string options =
      "--dataset synthetic --train-limit 48 --test-limit 16 --hidden 4 --batch 16 --epochs 2 --ensemble 2 "
      "--diversity inverse-ce --threads 2 --quiet ";
  const auto members = [&](const std::string& run) {
    return read(folder / run + "/member-0.safetensors") + read(folder / run + "/member-1.safetensors");
  };
  const std::string results = run_example(folder, "mnist", options + "--save alone").out, wanted = members("alone");

  // A run that a full disk ended half-way.
  const Source files{"files", wengert::faults::Kind::file};
  const std::size_t requests = run_with({files}, folder, "mnist", options + "--save whole").requests;
  REQUIRE(run_with({files, requests / 2, true}, folder, "mnist", options + "--save begun").code == 1);
  REQUIRE(std::filesystem::exists(folder / "begun/state.safetensors"));

  sweep_faults("mnist, resumed", 80, [&](const Fault& fault) {
    const std::string refused = to_string(fault);
    CAPTURE(refused);
    std::filesystem::remove_all(folder / "run");
    std::filesystem::copy(folder / "begun", folder / "run");
    const Ran ran = run_with(fault, folder, "mnist", options + "--resume run");
    check_words(ran, "mnist");
    const Outcome again = run_example(folder, "mnist", options + "--resume run");
    CHECK(again.code == 0);
    CHECK(again.out == results);
    CHECK(members("run") == wanted);
    CHECK(std::distance(std::filesystem::directory_iterator(folder / "run"), {}) == 3);
    return ran.requests;
  });
}
