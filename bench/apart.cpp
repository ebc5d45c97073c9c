#include "bench/apart.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <iostream>

#include "kernels/error.hpp"

namespace wengert::bench {
namespace {

void write_all(int file, const std::string& bytes) {
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t count = write(file, bytes.data() + done, bytes.size() - done);
    if (count < 0) _exit(3);
    done += static_cast<std::size_t>(count);
  }
}

std::string read_all(int file) {
  std::string bytes;
  char buffer[1 << 16];
  for (;;) {
    const ssize_t count = read(file, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return bytes;
    bytes.append(buffer, static_cast<std::size_t>(count));
  }
}

// How the child's answer begins.
constexpr char success = '+', failure = '-';

[[noreturn]] void answer(int file, const std::function<std::string()>& work) {
  try {
    write_all(file, success + work());
  } catch (const std::exception& error) {
    write_all(file, failure + std::string(error.what()));
  }
  _exit(0);  // the parent's buffers and its libraries' threads are not ours to end
}

}  // namespace

std::string bytes_from_apart(const std::function<std::string()>& work) {
  int ends[2];
  if (pipe(ends) != 0) fail("no pipe: ", std::strerror(errno));
  std::cout.flush();
  const pid_t child = fork();
  if (child < 0) fail("no process: ", std::strerror(errno));
  if (child == 0) {
    close(ends[0]);
    answer(ends[1], work);
  }
  close(ends[1]);
  const std::string bytes = read_all(ends[0]);
  close(ends[0]);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(status)) fail("it was ended by signal ", WTERMSIG(status), " (", strsignal(WTERMSIG(status)), ")");
  if (bytes.empty()) fail("it ended without an answer");
  if (bytes[0] == failure) fail(bytes.substr(1));
  return bytes.substr(1);
}

}  // namespace wengert::bench
