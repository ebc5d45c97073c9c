#include "kernels/simt/checker/order.hpp"

#include <algorithm>
#include <utility>

namespace simt::detail::checker {

std::uint64_t Order::block_of(Tick tick) const {
  const auto later =
      std::upper_bound(blocks_.begin(), blocks_.end(), tick, [](Tick t, const auto& begun) { return t < begun.first; });
  return std::prev(later)->second;
}

Tick Order::launch_begin() {
  blocks_.clear();
  device_.clear();
  return now++;
}

Tick Order::block_begin(std::uint64_t number) {
  block = number;
  last_barrier = now++;
  block_start = now;
  blocks_.emplace_back(block_start, number);
  shared_.clear();
  acquired_.clear();
  unfenced_.fill(false);
  unfenced_threads_ = 0;
  return last_barrier;
}

void Order::barrier() {
  last_barrier = now++;
  if (unfenced_threads_ == 0) fenced_barrier_ = last_barrier;
  if (acquired_.size() < 2) return;
  std::unordered_map<const Location*, std::size_t> most;  // each thread now sees what any of them saw
  for (const Acquired& a : acquired_) most[a.location] = std::max(most[a.location], a.count);
  acquired_.clear();
  for (const auto& [location, count] : most) acquired_.push_back({location, count, 0, last_barrier});
}

void Order::warp_sync(unsigned warp, unsigned lanes) {
  Clock joined{};
  for (unsigned lane = 0; lane < warp_size; ++lane) {
    if (~lanes >> lane & 1) continue;
    const Clock& clock = clocks_[warp * warp_size + lane];
    for (unsigned other = 0; other < warp_size; ++other) joined[other] = std::max(joined[other], clock[other]);
  }
  for (unsigned lane = 0; lane < warp_size; ++lane) {
    if (lanes >> lane & 1) joined[lane] = now;
  }
  for (unsigned lane = 0; lane < warp_size; ++lane) {
    if (lanes >> lane & 1) clocks_[warp * warp_size + lane] = joined;
  }
  ++now;
}

void Order::fence(Scope scope) {
  const Covered covered{last_barrier, now++, clocks_[thread]};
  last_fence_ = covered.own;
  fences_[static_cast<std::size_t>(Scope::block)][thread] = covered;
  if (scope == Scope::block) return;
  fences_[static_cast<std::size_t>(Scope::device)][thread] = covered;
  if (std::exchange(unfenced_[thread], false)) --unfenced_threads_;
}

void Order::synchronise(std::uintptr_t address, bool shared) {
  Locations& locations = shared ? shared_ : device_;
  if (const auto found = locations.find(address); found != locations.end()) acquire(found->second);
  if (last_fence_ < block_start) return;
  release(locations[address], Scope::block);
  release(locations[address], Scope::device);
}

void Order::release(Location& location, Scope scope) {
  Covered covered = fences_[static_cast<std::size_t>(scope)][thread];
  if (covered.own < block_start) covered = {};
  // What every thread had fenced before a barrier is seen by whoever sees this thread go on.
  if (scope == Scope::device && fenced_barrier_ >= block_start)
    covered.block = std::max(covered.block, fenced_barrier_);
  if (covered.block < block_start && covered.own < block_start) return;
  std::size_t& last = location.last[block];
  const Release* const before = last != 0 ? &location.releases[last - 1] : nullptr;
  if (before && before->thread == thread && before->scope == scope && before->covered.own == covered.own &&
      before->covered.block == covered.block)
    return;
  location.releases.push_back({block, thread, scope, covered, last});
  last = location.releases.size();
}

void Order::acquire(const Location& location) {
  const std::size_t count = location.releases.size();
  if (count == 0) return;
  if (!acquired_.empty()) {
    const Acquired& last = acquired_.back();
    if (last.location == &location && last.count == count && last.thread == thread) return;
  }
  acquired_.push_back({&location, count, thread, now});
}

bool Order::sees(const Acquired& acquired) const {
  return acquired.thread == thread || acquired.tick <= last_barrier || before_in_warp(acquired.tick, acquired.thread);
}

bool Order::released(const Acquired& acquired, std::uint64_t from, Tick tick, unsigned by) const {
  const Location& location = *acquired.location;
  const auto last = location.last.find(from);
  if (last == location.last.end()) return false;
  for (std::size_t i = last->second; i != 0;) {
    const Release& release = location.releases[i - 1];
    const Covered& covered = release.covered;
    const bool reaches = i <= acquired.count && (from == block || release.scope == Scope::device);
    if (reaches && (tick <= covered.block || (by == release.thread && tick <= covered.own) ||
                    (same_warp(by, release.thread) && tick <= covered.lanes[by % warp_size])))
      return true;
    i = release.previous;
  }
  return false;
}

bool Order::slowly_before(Tick tick, unsigned by) const {
  const bool in_block = tick >= block_start;
  if (in_block && before_in_warp(tick, by)) return true;
  if (acquired_.empty()) return false;
  const std::uint64_t from = in_block ? block : block_of(tick);
  return std::any_of(acquired_.begin(), acquired_.end(),
                     [&](const Acquired& a) { return sees(a) && released(a, from, tick, by); });
}

}  // namespace simt::detail::checker
