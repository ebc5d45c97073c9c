// Host code that touches device memory.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "tests/kernels/simt/checker/planted.hpp"

namespace {

__global__ void fill(int* out) { out[threadIdx.x] = 1; }

// What a process of its own says on standard error before the action kills it.
template <class Action>
std::string last_words(const Action& action) {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const pid_t child = fork();
  if (child == 0) {
    std::signal(SIGABRT, SIG_DFL);
    dup2(ends[1], STDERR_FILENO);
    action();
    _exit(0);
  }
  close(ends[1]);
  std::string text;
  char buffer[256];
  for (ssize_t count; (count = read(ends[0], buffer, sizeof buffer)) > 0;)
    text.append(buffer, static_cast<std::size_t>(count));
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  CHECK(WIFSIGNALED(status));
  return text;
}

// What is said about an access at a line of this file to byte 4 of an array made at another.
std::string complaint(int line, int made) {
  return "simt: host.cpp:" + std::to_string(line) +
         ": host code touches device memory, byte 4 of the array of 16 bytes made " +
         "at host.cpp:" + std::to_string(made) + ": copy with upload() or download()\n";
}

TEST_CASE("host code that reads device memory after a launch") {
  simt::Array<int> out(4);
  const int made = __LINE__ - 1;
  simt::launch<fill>({dim3(1), dim3(4)}, out.data());
  volatile int value = 0;
  const int line = __LINE__ + 1;
  const std::string text = last_words([&] { value = out.data()[1]; });
  CHECK(text == complaint(line, made));
}

TEST_CASE("host code that writes device memory before any launch") {
  simt::Array<int> in(4);
  const int made = __LINE__ - 1;
  const int line = __LINE__ + 1;
  const std::string text = last_words([&] { in.data()[1] = 1; });
  CHECK(text == complaint(line, made));
}

}  // namespace
