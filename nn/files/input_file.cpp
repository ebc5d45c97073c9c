#include "nn/files/input_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <limits>
#include <utility>

#include "nn/files/system.hpp"

namespace wengert::nn {

InputFile::InputFile(std::filesystem::path path) : path_(std::move(path)) {
  descriptor_ = system_refuses() ? -1 : ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor_ < 0) refuse("cannot be opened: ", std::strerror(errno));
  const off_t end = ::lseek(descriptor_, 0, SEEK_END);
  if (end < 0 || end == std::numeric_limits<off_t>::max() || ::lseek(descriptor_, 0, SEEK_SET) != 0) {
    ::close(descriptor_);
    refuse("is not a file that can be read");
  }
  size_ = static_cast<std::uint64_t>(end);
}

InputFile::~InputFile() { ::close(descriptor_); }

std::uint64_t InputFile::read(void* to, std::uint64_t count) {
  std::uint64_t done = 0;
  while (done < count) {
    const ssize_t got = system_refuses() ? -1 : ::read(descriptor_, static_cast<char*>(to) + done, count - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) refuse("cannot be read: ", std::strerror(errno));
    if (got == 0) break;
    done += static_cast<std::uint64_t>(got);
  }
  return done;
}

void InputFile::rewind() {
  if (::lseek(descriptor_, 0, SEEK_SET) != 0) refuse("cannot be read: ", std::strerror(errno));
}

}  // namespace wengert::nn
