#include "examples/support/files.hpp"

#include <algorithm>
#include <utility>

#include "kernels/base/error.hpp"

namespace wengert::examples {
namespace {

std::vector<std::string>& written_files() {
  static std::vector<std::string> files;
  return files;
}

}  // namespace

void make_folder(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) fail("cannot make the folder ", path.string(), ": ", error.message());
  require_writable(path / "file");
}

void write_file(const std::filesystem::path& path, const std::string& content) {
  nn::write_file(path, content);
  if (std::ranges::find(written_files(), path.string()) == written_files().end()) written_files().push_back(path);
}

std::vector<std::string> take_written_files() { return std::exchange(written_files(), {}); }

}  // namespace wengert::examples
