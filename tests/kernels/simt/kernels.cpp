// The kernels that both compilers read, under every schedule.
#include "tests/kernels/simt/kernels/checks.hpp"

#include <doctest/doctest.h>

#include <simt.hpp>

namespace {

struct Schedule {
  const char* name;
  simt::Order order;
  std::uint64_t seed;
  int workers;
};
constexpr Schedule schedules[] = {
    {"forward", simt::Order::forward, 0, 1},
    {"reverse", simt::Order::reverse, 0, 1},
    {"shuffled, seed 1", simt::Order::shuffled, 1, 1},
    {"shuffled, seed 2", simt::Order::shuffled, 2, 1},
    {"forward, two workers", simt::Order::forward, 0, 2},
};

void run_under_every_schedule(std::string (*check)()) {
  const simt::Options before = simt::options();
  for (const Schedule& schedule : schedules) {
    CAPTURE(schedule.name);
    simt::options().order = schedule.order;
    simt::options().seed = schedule.seed;
    simt::options().workers = schedule.workers;
    std::string wrong;
    CHECK_NOTHROW(wrong = check());
    CHECK(wrong == "");
  }
  simt::options() = before;
}

TEST_CASE("kernels: tiled matmul") { run_under_every_schedule(simt_checks::tiled_matmul); }
TEST_CASE("kernels: block sums by shuffles") { run_under_every_schedule(simt_checks::block_sums); }
TEST_CASE("kernels: sum by the last block") { run_under_every_schedule(simt_checks::last_block_sum); }
TEST_CASE("kernels: softmax of rows") { run_under_every_schedule(simt_checks::row_softmax); }
TEST_CASE("kernels: tf32 matmul with a cp.async double buffer") { run_under_every_schedule(simt_checks::tf32_matmul); }
TEST_CASE("kernels: bf16 matmul with ldmatrix") { run_under_every_schedule(simt_checks::bf16_matmul); }
TEST_CASE("kernels: histogram with atomics") { run_under_every_schedule(simt_checks::histogram); }
TEST_CASE("kernels: scan") { run_under_every_schedule(simt_checks::scan); }
TEST_CASE("kernels: reversal in static and dynamic shared memory") { run_under_every_schedule(simt_checks::reversal); }

}  // namespace
