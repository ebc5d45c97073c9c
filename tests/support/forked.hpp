// A child of fork() that must compute and end.
#pragma once

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TESTS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define TESTS_SANITIZED 1
#endif
#endif

namespace wengert::testing {

/// Whether a child of this process finds works() true and ends as programs do, within 20 seconds. Under the sanitizers, which
/// have exit handlers and rules for threads of their own, nothing is tried and it is true.
template <class Works>
bool child_ends([[maybe_unused]] const Works& works) {
#ifdef TESTS_SANITIZED
  std::cout << "[skipped] the sanitizers do not go with fork() beside threads\n";
  return true;
#else
  std::cout.flush();
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    for (const int signal : {SIGABRT, SIGSEGV, SIGTERM}) std::signal(signal, SIG_DFL);
    alarm(20);
    std::exit(works() ? EXIT_SUCCESS : EXIT_FAILURE);
  }
  int status = 0;
  return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
#endif
}

/// From here on the process gets so much more address space, and then no more: no stacks of threads, for instance.
inline void limit_memory(std::size_t more) {
  std::ifstream statm("/proc/self/statm");
  std::size_t pages = 0;
  statm >> pages;
  rlimit limit{};
  getrlimit(RLIMIT_AS, &limit);
  limit.rlim_cur = pages * static_cast<std::size_t>(getpagesize()) + more;
  setrlimit(RLIMIT_AS, &limit);
}

}  // namespace wengert::testing
