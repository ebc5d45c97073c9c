#include "examples/support/program.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>

#include "examples/support/command_line.hpp"
#include "examples/support/files.hpp"

namespace wengert::examples {
namespace {

volatile std::sig_atomic_t interrupts = 0, interrupted_by = SIGINT;

// One Ctrl-C may arrive twice, once from the terminal and once passed on by a wrapper such as timeout.
extern "C" void note_interrupt(int signal) {
  interrupts = interrupts + 1;
  interrupted_by = signal;
  if (interrupts > 2) std::signal(signal, SIG_DFL);
}

constexpr std::array stopping{SIGINT, SIGTERM, SIGHUP};  // Ctrl-C, kill and timeout, a terminal that is closed

// fmt's print would throw where standard error is full, and would need memory.
void say(const char* before, const char* text) { std::fprintf(stderr, "%s%s\n", before, text); }

const char* program = "";  // which runs
std::terminate_handler terminate_otherwise = nullptr;

// Other libraries end the process where they have no memory in a function that must not throw.
[[noreturn]] void end_without_memory() {
  try {
    if (const std::exception_ptr thrown = std::current_exception()) std::rethrow_exception(thrown);
  } catch (const std::bad_alloc&) {
    say(program, ": out of memory");
    std::_Exit(1);
  } catch (...) {
  }
  terminate_otherwise();
  std::abort();
}

int report(const std::string& name, std::string message, int code) {
  std::ranges::replace(message, '\n', ' ');
  say("", (name + ": " + message).c_str());
  return code;
}

void flush_output() {
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    throw std::runtime_error("standard output could not be written (is the disk full?)");
  }
}

int exit_code_of(const std::string& name, const std::function<void()>& body) {
  try {
    try {
      body();
    } catch (const Finished&) {
    }
    flush_output();
    return 0;
  } catch (const Interrupted& interrupted) {
    return report(name, "interrupted" + (interrupted.way_on.empty() ? "" : "; " + interrupted.way_on),
                  128 + interrupted_by);
  } catch (const WrongUsage& wrong) {
    return report(name, fmt::format("{} ({} --help lists the options)", wrong.what(), name), 2);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    return report(name, error.what(), 1);
  }
}

}  // namespace

int run_program(const std::string& name, const std::function<void()>& body) {
  std::signal(SIGXFSZ, SIG_IGN);  // a file beyond the limit is then an error of write, and no temporary file stays
  take_written_files();           // an earlier program's
  program = name.c_str();
  if (!terminate_otherwise) terminate_otherwise = std::set_terminate(end_without_memory);
  int code = 1;
  try {
    code = exit_code_of(name, body);
  } catch (const std::bad_alloc&) {  // in the body, or while an error was put into words
    say(name.c_str(), ": out of memory");
  }
  for (const std::string& file : take_written_files()) say("wrote ", file.c_str());
  return code;
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
  for (const int signal : stopping) {
    struct sigaction before = {};
    sigaction(signal, &action, &before);
    if (before.sa_handler == SIG_IGN) std::signal(signal, SIG_IGN);  // as nohup wants it
  }
}

CatchInterrupt::~CatchInterrupt() {
  for (const int signal : stopping) {
    struct sigaction now = {};
    sigaction(signal, nullptr, &now);
    if (now.sa_handler == note_interrupt) std::signal(signal, SIG_DFL);
  }
}

void stop_if_interrupted() {
  if (interrupts != 0) throw Interrupted{};
}

std::string version() { return WENGERT_VERSION; }
std::string build() { return WENGERT_BUILD; }

}  // namespace wengert::examples
