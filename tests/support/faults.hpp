// A system that refuses requests, for a while: as SQLite tests itself.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <iostream>
#include <optional>
#include <string>

#include "kernels/base/faults.hpp"
#include "tests/support/count_allocations.hpp"

namespace wengert::testing {

/// Whose requests are refused: the engine's of one kind, or operator new's.
struct Source {
  const char* name;
  std::optional<faults::Kind> kind;
};
inline constexpr std::array sources{Source{"heap", {}}, Source{"memory", faults::Kind::memory},
                                    Source{"files", faults::Kind::file}, Source{"threads", faults::Kind::thread},
                                    Source{"device memory", faults::Kind::device_memory}};

/// The n-th request, and whether all later ones are refused too. n = 0: none is.
struct Fault {
  Source source;
  std::size_t n = 0;
  bool for_good = false;
};

/// "files: request 3", or "files: all requests from 3 on".
std::string to_string(const Fault& fault);

/// Refuses while it lives: operator new's requests of this thread, and the engine's of all threads.
class Injected {
 public:
  explicit Injected(const Fault& fault);
  ~Injected();
  Injected(const Injected&) = delete;
  Injected& operator=(const Injected&) = delete;
  std::size_t requests() const;  ///< how many there have been

 private:
  std::optional<HeapFailure> heap_;
};

/// Makes every fault of a run in turn, or of each source `most` that are spread over the run. `attempt(fault)` does the run
/// under an Injected, checks what came of it, and gives the number of requests.
template <class Attempt>
void sweep_faults(const std::string& what, std::size_t most, const Attempt& attempt) {
  std::string counts;
  for (const Source& source : sources) {
    const std::size_t requests = attempt(Fault{source}), step = std::max<std::size_t>(1, requests / most);
    std::size_t points = 0;
    for (std::size_t n = 1; n <= requests; n += step) {
      for (const bool for_good : {false, true}) attempt(Fault{source, n, for_good});
      points += 2;
    }
    if (points > 0) counts += " " + std::string(source.name) + " " + std::to_string(points) + ",";
  }
  counts.pop_back();
  std::cout << "faults: " << what << ":" << counts << std::endl;
}

}  // namespace wengert::testing
