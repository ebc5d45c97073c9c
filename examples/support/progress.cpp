#include "examples/support/progress.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <utility>

namespace wengert::examples {
namespace {

double pause(bool terminal) { return terminal ? 0.5 : 10; }

// fmt's print would throw where standard error is full, and progress is worth no error.
void put(const std::string& text) {
  std::fputs(text.c_str(), stderr);
  std::fflush(stderr);
}

}  // namespace

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

Progress::Progress(Where where)
    : terminal_(isatty(STDERR_FILENO) != 0),
      shown_(where == Where::everywhere || (where == Where::terminals && terminal_)),
      next_(now() + (terminal_ ? 0 : pause(terminal_))) {}

bool Progress::due() const { return shown_ && now() >= next_; }

void Progress::show(const std::string& line) {
  next_ = now() + pause(terminal_);
  written_ = terminal_;
  put(fmt::format("{}{}{}", terminal_ ? "\r\033[K" : "", line, terminal_ ? "" : "\n"));
}

void Progress::wipe() {
  if (std::exchange(written_, false)) put("\r\033[K");
}

}  // namespace wengert::examples
