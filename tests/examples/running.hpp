// Running the built programs as a user does.
#pragma once

#include <string>
#include <vector>

namespace wengert::tests {

/// A fresh folder that goes with its owner.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  std::vector<std::string> names() const;  ///< what lies in it

 private:
  std::string path_;
};

struct Outcome {
  int code = 0;
  std::string out, err;
};

/// Runs a shell command in the folder.
Outcome run(const TemporaryFolder& folder, const std::string& command);

/// Runs the example with these arguments, in the folder or in a fresh one.
Outcome run_example(const TemporaryFolder& folder, const std::string& name, const std::string& arguments);
Outcome run_two_blobs(const std::string& arguments);

std::string read(const std::string& path);
std::vector<std::string> lines(const std::string& text);

}  // namespace wengert::tests
