#include "examples/support/files.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "kernels/error.hpp"

namespace wengert::examples {
namespace {

// A file that exists under a name nobody else uses, and goes again unless it is renamed.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::filesystem::path target) : target_(std::move(target)) {
    name_ = target_.string() + ".XXXXXX";
    descriptor_ = mkstemp(name_.data());
    if (descriptor_ < 0) stop();
  }
  ~TemporaryFile() {
    if (descriptor_ >= 0) close(descriptor_);
    if (!renamed_) unlink(name_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  void write(const std::string& content) const {
    std::size_t done = 0;
    while (done < content.size()) {
      const ssize_t count = ::write(descriptor_, content.data() + done, content.size() - done);
      if (count < 0 && errno != EINTR) stop();
      if (count > 0) done += static_cast<std::size_t>(count);
    }
  }

  void become_target() {
    const mode_t mask = umask(0);  // mkstemp's files are for their owner alone; this one gets what others get
    umask(mask);
    if (fchmod(descriptor_, 0666 & ~mask) != 0 || fsync(descriptor_) != 0) stop();
    if (close(std::exchange(descriptor_, -1)) != 0 || rename(name_.c_str(), target_.c_str()) != 0) stop();
    renamed_ = true;
  }

 private:
  [[noreturn]] void stop() const { fail("cannot write ", target_.string(), ": ", std::strerror(errno)); }

  std::filesystem::path target_;
  std::string name_;
  int descriptor_ = -1;
  bool renamed_ = false;
};

// What a link points to is replaced, not the link. Only a plain file can be: renaming over /dev/null would break it.
std::filesystem::path resolved(const std::filesystem::path& path) {
  const std::filesystem::path target = std::filesystem::weakly_canonical(path);
  if (std::filesystem::exists(target) && !std::filesystem::is_regular_file(target)) {
    fail("cannot write ", path.string(), ": it exists and is no plain file");
  }
  return target;
}

}  // namespace

void require_writable(const std::filesystem::path& path) { const TemporaryFile trial(resolved(path)); }

void make_folder(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) fail("cannot make the folder ", path.string(), ": ", error.message());
  require_writable(path / "file");
}

void write_file(const std::filesystem::path& path, const std::string& content) {
  TemporaryFile file(resolved(path));
  file.write(content);
  file.become_target();
}

}  // namespace wengert::examples
