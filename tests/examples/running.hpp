// Running the built programs as a user does.
#pragma once

#include <string>
#include <vector>

#include "tests/support/temporary_folder.hpp"

namespace wengert::tests {

using testing::TemporaryFolder;

struct Outcome {
  int code = 0;
  std::string out, err;
};

/// Runs a shell command in the folder.
Outcome run(const TemporaryFolder& folder, const std::string& command);

/// Runs the example with these arguments, in the folder or in a fresh one.
Outcome run_example(const TemporaryFolder& folder, const std::string& name, const std::string& arguments);
Outcome run_two_blobs(const std::string& arguments);

/// What stands on standard error before the files that were written; and those files, in order.
std::string said(const Outcome& outcome);
std::vector<std::string> written(const Outcome& outcome);

/// With single blanks only: versions of CLI11 break the lines of --help in different places.
std::string squeezed(const std::string& text);

std::string read(const std::string& path);
std::vector<std::string> lines(const std::string& text);

}  // namespace wengert::tests
