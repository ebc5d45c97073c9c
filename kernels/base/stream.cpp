#include "kernels/base/stream.hpp"

#include <algorithm>
#include <cstring>

namespace wengert::kernels {

void CallList::append(Stream& stream, Replay replay, const void* closure, std::size_t bytes) {
  const std::size_t at = closures_.size();
  closures_.resize(at + (bytes + sizeof(Word) - 1) / sizeof(Word));
  std::memcpy(&closures_[at], closure, bytes);
  calls_.push_back({&stream, replay, at});
}

Stream* CallList::stream() const {
  const auto on_first = [this](const Recorded& call) { return call.stream == calls_.front().stream; };
  return !calls_.empty() && std::ranges::all_of(calls_, on_first) ? calls_.front().stream : nullptr;
}

}  // namespace wengert::kernels
