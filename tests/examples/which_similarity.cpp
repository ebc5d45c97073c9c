// which_similarity as its users meet it.
#include <doctest/doctest.h>
#include <iostream>

#include "tests/examples/running.hpp"
#include "tests/support/text.hpp"

using namespace wengert::tests;
using wengert::testing::count;

namespace {

// From "members": to the end of its first member.
std::string first_member(const std::string& run) {
  const std::size_t begin = run.find("\"members\"");
  return run.substr(begin, run.find('}', begin) - begin);
}

}  // namespace

TEST_CASE("which_similarity: every kind at every width, all beginning with the same network") {
  const TemporaryFolder folder;
  const Outcome outcome =
      run_example(folder, "which_similarity",
                  "--dataset synthetic --train-limit 64 --epochs 1 --seeds 1 --ensemble 2 --json all.json");
  REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
  CHECK(written(outcome) == std::vector<std::string>{"all.json"});
  for (const char* row :
       {"64 hidden units", "\nnone  ", "\ninverse-ce x 10  ", "\nsnapshot-ce  ", "mean over 1 seed:"}) {
    CAPTURE(row);
    CHECK(outcome.out.find(row) != std::string::npos);
  }
  const std::string json = read(folder / "all.json");
  for (const char* kind : {"none", "inverse-l1", "cosine", "correlation", "inverse-ce", "inverse-ce x 10",
                           "negative-ce", "hidden-cka", "hidden-cosine", "ncl", "snapshot", "snapshot-ce"}) {
    CAPTURE(kind);
    CHECK(count(json, "\"kind\": \"" + std::string(kind) + "\"") == 3);
  }
  CHECK(count(json, "\"hidden_cka\": ") == 36);
  std::string none;
  for (const std::string& line : lines(json)) {
    if (line.find("\"width\": 64") == std::string::npos || line.find("\"loss\": \"snapshot") != std::string::npos)
      continue;
    if (none.empty()) none = first_member(line);
    CHECK(first_member(line) == none);
  }
  CHECK(none.find("\"accuracy\": 0.") != std::string::npos);
  for (const char* time : {"seconds", "date"}) CHECK(json.find(time) == std::string::npos);
}

TEST_CASE("which_similarity: on a terminal the first ensemble is announced at once") {
  if (run(TemporaryFolder(), "script -qec true /dev/null").code != 0) {
    std::cout << "[skipped] there is no script here, or no terminal that it could make\n";
    return;
  }
  const Outcome outcome = run(TemporaryFolder(), "timeout 60 script -qec \"'" WENGERT_PROGRAMS
                                                 "/which_similarity' --dataset synthetic --train-limit 64 --epochs 1 "
                                                 "--seeds 1 --ensemble 2\" /dev/null");
  CHECK(outcome.out.find("ensemble 1 of 36: none, 16 hidden units, seed 1 of 1") != std::string::npos);
}

TEST_CASE("which_similarity: wrong usage is exit code 2, and a file that cannot be written is told at once") {
  const TemporaryFolder folder;
  for (const std::string arguments : {"--ensemble 1", "--dataset synthetic --data .", "--seeds 010x", "--json ''"}) {
    CAPTURE(arguments);
    CHECK(run_example(folder, "which_similarity", arguments).code == 2);
  }
  const Outcome outcome = run_example(folder, "which_similarity", "--dataset synthetic --json /nowhere/x");
  CHECK(outcome.code == 1);
  CHECK(outcome.err.starts_with("which_similarity: "));
}

TEST_CASE("which_similarity: a study that nobody named is not replaced") {
  const TemporaryFolder folder;
  folder.write("which_similarity.json", "earlier");
  const Outcome outcome = run_example(folder, "which_similarity", "--dataset synthetic --seeds 1");
  CHECK(outcome.code == 1);
  CHECK(outcome.err.find("which_similarity.json: is there already") != std::string::npos);
  CHECK(read(folder / "which_similarity.json") == "earlier");
}
