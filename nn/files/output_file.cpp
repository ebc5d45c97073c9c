#include "nn/files/output_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <utility>

#include "kernels/base/error.hpp"
#include "nn/files/system.hpp"

namespace wengert::nn {
namespace {

using Path = std::filesystem::path;

[[noreturn]] void stop(const Path& path) { fail("cannot write ", path.string(), ": ", std::strerror(errno)); }

void write_all(const Path& path, int descriptor, const std::string& content) {
  std::size_t done = 0;
  while (done < content.size()) {
    const ssize_t count = system_refuses() ? -1 : ::write(descriptor, content.data() + done, content.size() - done);
    if (count < 0 && errno != EINTR) stop(path);
    if (count > 0) done += static_cast<std::size_t>(count);
  }
}

// A file that exists under a name nobody else uses, and goes again unless it is renamed.
class TemporaryFile {
 public:
  explicit TemporaryFile(Path target) : target_(std::move(target)) {
    struct stat there = {};
    if (stat(target_.c_str(), &there) == 0) {
      mode_ = there.st_mode & 0777;
      if (access(target_.c_str(), W_OK) != 0) stop(target_);
    } else {
      const mode_t mask = umask(0);
      umask(mask);
      mode_ = 0666 & ~mask;
    }
    constexpr std::size_t longest = 240;  // file systems take 255 bytes, and the suffix needs some
    name_ = target_.parent_path() / (target_.filename().string().substr(0, longest) + ".XXXXXX");
    descriptor_ = system_refuses() ? -1 : mkostemp(name_.data(), O_CLOEXEC);
    if (descriptor_ < 0) stop(target_);
  }
  ~TemporaryFile() {
    if (descriptor_ >= 0) close(descriptor_);
    if (!renamed_) unlink(name_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  void write(const std::string& content) const { write_all(target_, descriptor_, content); }

  void become_target() {
    if (system_refuses() || fchmod(descriptor_, mode_) != 0 || fsync(descriptor_) != 0) stop(target_);
    if (close(std::exchange(descriptor_, -1)) != 0) stop(target_);
    if (system_refuses() || rename(name_.c_str(), target_.c_str()) != 0) stop(target_);
    renamed_ = true;
  }

 private:
  Path target_;
  std::string name_;
  mode_t mode_;  // mkstemp's files are for their owner alone
  int descriptor_ = -1;
  bool renamed_ = false;
};

// What the path names where that is no plain file: it cannot be replaced, only written to.
struct Channel {
  std::optional<int> descriptor;  // of this process, where it is standard output or standard error
};

std::optional<Channel> channel_at(const Path& path) {
  struct stat target = {}, stream = {};
  if (stat(path.c_str(), &target) != 0) return std::nullopt;
  if (S_ISDIR(target.st_mode)) fail("cannot write ", path.string(), ": it is a folder");
  if (names_descriptor(path)) {
    for (const int descriptor : {STDOUT_FILENO, STDERR_FILENO}) {
      const bool same =
          fstat(descriptor, &stream) == 0 && stream.st_dev == target.st_dev && stream.st_ino == target.st_ino;
      if (same) return Channel{descriptor};
    }
  }
  if (S_ISREG(target.st_mode)) return std::nullopt;
  return Channel{};
}

void write_channel(const Path& path, const Channel& channel, const std::string& content) {
  if (channel.descriptor) {
    std::fflush(stdout);  // what was printed before stands before
    return write_all(path, *channel.descriptor, content);
  }
  const int descriptor = system_refuses() ? -1 : open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
  if (descriptor < 0) stop(path);
  try {
    write_all(path, descriptor, content);
  } catch (...) {
    close(descriptor);
    throw;
  }
  if (close(descriptor) != 0) stop(path);
}

}  // namespace

Path resolved(const Path& path) try {
  if (path.native().find('\0') != std::string::npos)
    fail("cannot write ", path.string(), ": a zero byte is in its name");
  Path target = std::filesystem::weakly_canonical(std::filesystem::absolute(path));
  constexpr int most_links = 40;  // as many as Linux follows
  for (int k = 0; k < most_links && std::filesystem::is_symlink(std::filesystem::symlink_status(target)); ++k) {
    target = std::filesystem::weakly_canonical(target.parent_path() / std::filesystem::read_symlink(target));
  }
  return target;
} catch (const std::filesystem::filesystem_error& error) {
  fail("cannot write '", path.string(), "': ", error.code().message());
}

bool names_descriptor(const Path& path) {
  std::error_code ignored;  // a working folder that is gone has no such names
  const std::string text = std::filesystem::absolute(path, ignored).lexically_normal();
  return text.starts_with("/dev/") || text.starts_with("/proc/");
}

void require_writable(const Path& path) {
  const std::optional<Channel> channel = channel_at(path);
  if (!channel) {
    const TemporaryFile trial(resolved(path));
  } else if (!channel->descriptor && access(path.c_str(), W_OK) != 0) {
    stop(path);
  }
}

void write_file(const Path& path, const std::string& content) {
  if (const std::optional<Channel> channel = channel_at(path)) {
    write_channel(path, *channel, content);
  } else {
    TemporaryFile file(resolved(path));
    file.write(content);
    file.become_target();
  }
}

}  // namespace wengert::nn
