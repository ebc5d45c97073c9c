#include "examples/support/file_uses.hpp"

#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <optional>

#include "examples/support/files.hpp"
#include "examples/support/program.hpp"

namespace wengert::examples {
namespace {

using Path = std::filesystem::path;

// A file as the system knows it, the same for every spelling: what is there of its path, and the names that follow.
struct FileIdentity {
  dev_t device;
  ino_t inode;
  Path rest;
  bool operator==(const FileIdentity&) const = default;
};

FileIdentity place_of(const struct stat& found, const Path& rest = {}) { return {found.st_dev, found.st_ino, rest}; }

// Of an absolute path.
FileIdentity place_of(Path path) {
  Path rest;
  struct stat found = {};
  while (stat(path.c_str(), &found) != 0) {
    const Path name = path.filename();  // empty behind a last slash
    if (!name.empty()) rest = rest.empty() ? name : name / rest;
    path = path.parent_path();
  }
  return place_of(found, rest);
}

struct Known {
  const FileUse& use;
  Path path;
  FileIdentity place;
};

bool is_in(const Known& below, const Known& above) {
  for (Path folder = below.path.parent_path();; folder = folder.parent_path()) {
    if (place_of(folder) == above.place) return true;
    if (folder == folder.root_path()) return false;
  }
}

bool owned_by(const Known& folder, const Known& file) {
  const bool inside = place_of(file.path.parent_path()) == folder.place;
  if (inside && folder.use.owns(file.path.filename().string())) return true;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path, ignored)) {
    if (folder.use.owns(entry.path().filename().string()) && place_of(entry.path()) == file.place) return true;
  }
  return false;
}

[[noreturn]] void refuse(const FileUse& a, const FileUse& b, const std::string& why) {
  throw WrongUsage(fmt::format("{} {} and {} {}: {}", a.option, a.path, b.option, b.path, why));
}

// `a` is a file.
void require_apart(const Known& a, const Known& b) {
  const bool both_files = b.use.owns == nullptr;
  if (both_files && a.place == b.place) refuse(a.use, b.use, "this is one file, which would be overwritten");
  if (a.place == b.place || is_in(b, a)) refuse(a.use, b.use, "the one is a file, and the other needs a folder there");
  if (both_files && is_in(a, b)) refuse(b.use, a.use, "the one is a file, and the other needs a folder there");
  if (!both_files && owned_by(b, a)) refuse(a.use, b.use, "the file is one of those that the folder holds");
}

void require_apart_from_streams(const Known& output) {
  if (names_descriptor(output.use.path)) return;
  for (const int descriptor : {STDOUT_FILENO, STDERR_FILENO}) {
    struct stat stream = {};
    if (fstat(descriptor, &stream) != 0 || !S_ISREG(stream.st_mode) || place_of(stream) != output.place) continue;
    throw WrongUsage(fmt::format("{} {}: this file is also standard {}; {} does that on purpose", output.use.option,
                                 output.use.path, descriptor == STDOUT_FILENO ? "output" : "error",
                                 descriptor == STDOUT_FILENO ? "/dev/stdout" : "/dev/stderr"));
  }
}

}  // namespace

void require_apart(const std::vector<FileUse>& uses) {
  std::vector<Known> known;
  for (const FileUse& use : uses) {
    struct stat found = {};
    const bool channel = stat(use.path.c_str(), &found) == 0 && !S_ISREG(found.st_mode) && !S_ISDIR(found.st_mode);
    const Path path = channel ? std::filesystem::absolute(use.path) : resolved(use.path);
    if (path != "/dev/null") known.push_back({use, path, channel ? place_of(found) : place_of(path)});
  }
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (known[i].use.written && !known[i].use.owns) require_apart_from_streams(known[i]);
    for (std::size_t k = 0; k < i; ++k) {
      if (!known[i].use.written && !known[k].use.written) continue;
      const bool first_is_file = known[k].use.owns == nullptr;
      if (first_is_file || !known[i].use.owns) {
        require_apart(known[first_is_file ? k : i], known[first_is_file ? i : k]);
      }
    }
  }
}

}  // namespace wengert::examples
