#include "tests/examples/running.hpp"

#include <stdlib.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace wengert::tests {

TemporaryFolder::TemporaryFolder() : path_((std::filesystem::temp_directory_path() / "wengert.XXXXXX").string()) {
  if (!mkdtemp(path_.data())) throw std::runtime_error("no temporary folder could be made: " + path_);
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::vector<std::string> TemporaryFolder::names() const {
  std::vector<std::string> result;
  for (const auto& entry : std::filesystem::directory_iterator(path_))
    result.push_back(entry.path().filename().string());
  return result;
}

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> result;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) result.push_back(line);
  return result;
}

Outcome run(const TemporaryFolder& folder, const std::string& command) {
  const TemporaryFolder caught;
  const std::string redirected = "cd '" + folder.path() + "' && { " + command + "; } >'" + caught / "out" + "' 2>'" +
                                 caught / "err" + "' </dev/null";
  const int status = std::system(redirected.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read(caught / "out"), read(caught / "err")};
}

Outcome run_example(const TemporaryFolder& folder, const std::string& name, const std::string& arguments) {
  return run(folder, "'" WENGERT_PROGRAMS "/" + name + "' " + arguments);
}

Outcome run_two_blobs(const std::string& arguments) { return run_example(TemporaryFolder(), "two_blobs", arguments); }

}  // namespace wengert::tests
