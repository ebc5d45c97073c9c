// Linked to a program, this refuses what the environment names: FAULT="heap 5" the fifth request, FAULT="files 3 on" all
// from the third on. At the end the number of requests goes to the file FAULT_REQUESTS.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "tests/support/faults.hpp"

namespace {

using namespace wengert::testing;

Fault named_by_environment() {
  const std::string_view text = std::getenv("FAULT");
  const auto* const source =
      std::ranges::find_if(sources, [&](const Source& each) { return text.starts_with(each.name); });
  return {*source, std::strtoull(text.data() + std::string_view(source->name).size(), nullptr, 10),
          text.ends_with(" on")};
}

}  // namespace

// The program's own main.
int program_main(int argc, char** argv);

int main(int argc, char** argv) {
  const Injected injected(named_by_environment());
  const int code = program_main(argc, argv);
  const int file = open(std::getenv("FAULT_REQUESTS"), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  dprintf(file, "%zu\n", injected.requests());
  close(file);
  return code;
}
