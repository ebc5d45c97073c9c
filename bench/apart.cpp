#include "bench/apart.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <iostream>
#include <utility>

#include "kernels/base/error.hpp"

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

struct Ended {
  std::string bytes;
  int status;
};

// Forks; the child, which must not return, writes to the file that it is given.
Ended in_child(const std::function<void(int file)>& child_does) {
  int ends[2];
  if (pipe(ends) != 0) fail("no pipe: ", std::strerror(errno));
  std::cout.flush();
  const pid_t child = fork();
  if (child < 0) fail("no process: ", std::strerror(errno));
  if (child == 0) {
    close(ends[0]);
    child_does(ends[1]);
  }
  close(ends[1]);
  Ended ended{read_all(ends[0]), 0};
  close(ends[0]);
  while (waitpid(child, &ended.status, 0) < 0 && errno == EINTR) {
  }
  return ended;
}

[[noreturn]] void execute(std::vector<std::string> command, int file) {
  std::vector<char*> words;
  for (std::string& word : command) words.push_back(word.data());
  words.push_back(nullptr);
  dup2(file, STDOUT_FILENO);
  close(file);
  execvp(words[0], words.data());
  std::cerr << words[0] << ": " << std::strerror(errno) << std::endl;
  _exit(127);
}

}  // namespace

std::string output_of(const std::vector<std::string>& command) {
  Ended ended = in_child([&](int file) { execute(command, file); });
  if (ended.status != 0) {
    std::string text;
    for (const std::string& word : command) text.append(text.empty() ? "" : " ").append(word);
    fail(text, " failed");
  }
  return std::move(ended.bytes);
}

std::string bytes_from_apart(const std::function<std::string()>& work) {
  const auto [bytes, status] = in_child([&](int file) { answer(file, work); });
  if (WIFSIGNALED(status)) fail("it was ended by signal ", WTERMSIG(status), " (", strsignal(WTERMSIG(status)), ")");
  if (bytes.empty()) fail("it ended without an answer");
  if (bytes[0] == failure) fail(bytes.substr(1));
  return bytes.substr(1);
}

}  // namespace wengert::bench
