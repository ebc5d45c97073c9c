#include "examples/support/program.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <csignal>
#include <cstdio>

#include "examples/support/command_line.hpp"

namespace wengert::examples {
namespace {

volatile std::sig_atomic_t interrupts = 0;

// One Ctrl-C may arrive twice, once from the terminal and once passed on by a wrapper such as timeout.
extern "C" void note_interrupt(int) {
  interrupts = interrupts + 1;
  if (interrupts > 2) std::signal(SIGINT, SIG_DFL);
}

int report(const std::string& name, std::string message, int code) {
  std::ranges::replace(message, '\n', ' ');
  fmt::print(stderr, "{}: {}\n", name, message);
  return code;
}

void flush_output() {
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    throw std::runtime_error("standard output could not be written (is the disk full?)");
  }
}

}  // namespace

int run_program(const std::string& name, const std::function<void()>& body) {
  try {
    body();
    flush_output();
    return 0;
  } catch (const Finished&) {
    return 0;
  } catch (const Interrupted&) {
    return report(name, "interrupted", 130);
  } catch (const WrongUsage& wrong) {
    return report(name, fmt::format("{} ({} --help lists the options)", wrong.what(), name), 2);
  } catch (const std::bad_alloc&) {
    return report(name, "out of memory", 1);
  } catch (const std::exception& error) {
    return report(name, error.what(), 1);
  }
}

int run_program(int argc, char** argv, const std::string& name, const std::string& purpose, void (*body)()) {
  return run_program(name, [&] {
    CommandLine(name, purpose).parse(argc, argv);
    body();
  });
}

CatchInterrupt::CatchInterrupt() {
  interrupts = 0;
  struct sigaction action = {};
  action.sa_handler = note_interrupt;
  action.sa_flags = SA_RESTART;
  sigaction(SIGINT, &action, nullptr);
}

CatchInterrupt::~CatchInterrupt() { std::signal(SIGINT, SIG_DFL); }

void stop_if_interrupted() {
  if (interrupts != 0) throw Interrupted{};
}

std::string version() { return WENGERT_VERSION; }
std::string build() { return WENGERT_BUILD; }

}  // namespace wengert::examples
