// The settings, and how the environment sets them.
#include <cstdio>
#include <cstdlib>

#include "tests/kernels/simt/support.hpp"

namespace {

using simt::Fibers;
using simt::Options;
using simt::Order;

/// The settings that an environment of one variable makes, as a text.
std::string under(const char* name, const char* value) {
  const char* const before = std::getenv(name);
  const std::string kept = before ? before : "";
  setenv(name, value, 1);
  std::string text = "no error";
  try {
    const Options options = simt::detail::options_from_environment();
    static constexpr const char* orders[] = {"forward", "reverse", "shuffled"};
    char line[200];
    std::snprintf(line, sizeof line, "%s %llu, %d workers, %d KiB, %g s, %d bytes, %s",
                  orders[static_cast<int>(options.order)], static_cast<unsigned long long>(options.seed),
                  options.workers, options.stack_kib, options.timeout, options.shared_bytes,
                  options.fibers == Fibers::native ? "native" : "ucontext");
    text = line;
  } catch (const simt::Error& error) {
    text = error.what();
  }
  before ? setenv(name, kept.c_str(), 1) : unsetenv(name);
  return text;
}

TEST_CASE("settings: each variable of the environment") {
  for (const char* name :
       {"SIMT_ORDER", "SIMT_WORKERS", "SIMT_STACK_KB", "SIMT_TIMEOUT", "SIMT_SHARED_BYTES", "SIMT_FIBERS"})
    unsetenv(name);
  CHECK(under("SIMT_ORDER", "forward") == "forward 0, 0 workers, 0 KiB, 10 s, 232448 bytes, native");
  CHECK(under("SIMT_ORDER", "reverse") == "reverse 0, 0 workers, 0 KiB, 10 s, 232448 bytes, native");
  CHECK(under("SIMT_ORDER", "shuffled") == "shuffled 0, 0 workers, 0 KiB, 10 s, 232448 bytes, native");
  CHECK(under("SIMT_ORDER", "shuffled:17") == "shuffled 17, 0 workers, 0 KiB, 10 s, 232448 bytes, native");
  CHECK(under("SIMT_WORKERS", "16") == "forward 0, 16 workers, 0 KiB, 10 s, 232448 bytes, native");
  CHECK(under("SIMT_STACK_KB", "256") == "forward 0, 0 workers, 256 KiB, 10 s, 232448 bytes, native");
  CHECK(under("SIMT_TIMEOUT", "0.5") == "forward 0, 0 workers, 0 KiB, 0.5 s, 232448 bytes, native");
  CHECK(under("SIMT_SHARED_BYTES", "49152") == "forward 0, 0 workers, 0 KiB, 10 s, 49152 bytes, native");
  CHECK(under("SIMT_FIBERS", "ucontext") == "forward 0, 0 workers, 0 KiB, 10 s, 232448 bytes, ucontext");
}

TEST_CASE("settings: what no variable of the environment may say") {
  for (const char* text : {"sideways", "shuffled:", "shuffled:x", "shuffled7", "shuffled:-1", ""}) {
    CHECK(under("SIMT_ORDER", text) ==
          "SIMT_ORDER=" + std::string(text) + ": takes forward, reverse, shuffled or shuffled:SEED");
  }
  for (const char* text : {"0", "17", "two", "2x", ""})
    CHECK(under("SIMT_WORKERS", text) == "SIMT_WORKERS=" + std::string(text) + ": takes 1 to 16");
  CHECK(under("SIMT_STACK_KB", "8") == "SIMT_STACK_KB=8: takes 16 to 65536");
  CHECK(under("SIMT_TIMEOUT", "-1") == "SIMT_TIMEOUT=-1: takes a number of seconds, or 0 for none");
  for (const char* text : {"0", "16383", "232449", "99k"})
    CHECK(under("SIMT_SHARED_BYTES", text) == "SIMT_SHARED_BYTES=" + std::string(text) + ": takes 16384 to 232448");
  CHECK(under("SIMT_FIBERS", "threads") == "SIMT_FIBERS=threads: takes native or ucontext");
}

TEST_CASE("settings: a program's own are checked at the launch") {
  simt_testing::Settings settings;
  const auto error = [] {
    try {
      simt_testing::works();
    } catch (const simt::Error& caught) {
      return std::string(caught.what());
    }
    return std::string("no error");
  };
  settings->workers = 17;
  CHECK(error() == "simt::options().workers is 17: it takes 1 to 16, or 0");
  settings->workers = -1;
  CHECK(error() == "simt::options().workers is -1: it takes 1 to 16, or 0");
  settings->workers = 0;
  settings->stack_kib = 8;
  CHECK(error() == "simt::options().stack_kib is 8: it takes 16 to 65536, or 0");
  settings->stack_kib = 0;
  settings->shared_bytes = 0;
  CHECK(error() == "simt::options().shared_bytes is 0: it takes 16384 to 232448");
  settings->shared_bytes = 232448;
  CHECK(error() == "no error");
}

TEST_CASE("settings: both kinds of fibers, one after the other") {
  simt_testing::Settings settings;
  for (const Fibers fibers : {Fibers::ucontext, Fibers::native, Fibers::ucontext}) {
    settings->fibers = fibers;
    CHECK(simt_testing::works());
  }
}

}  // namespace
