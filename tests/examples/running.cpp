#include "tests/examples/running.hpp"

#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace wengert::tests {
namespace {

const std::string wrote = "wrote ";

}  // namespace

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

std::string said(const Outcome& outcome) {
  std::string text;
  for (const std::string& line : lines(outcome.err)) {
    if (line.starts_with(wrote)) break;
    text += line + "\n";
  }
  return text;
}

std::vector<std::string> written(const Outcome& outcome) {
  std::vector<std::string> files;
  for (const std::string& line : lines(outcome.err.substr(said(outcome).size()))) {
    files.push_back(line.starts_with(wrote) ? line.substr(wrote.size()) : "this is said behind the files: " + line);
  }
  return files;
}

std::string squeezed(const std::string& text) {
  std::istringstream words(text);
  std::string result;
  for (std::string word; words >> word;) result.append(result.empty() ? "" : " ").append(word);
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
