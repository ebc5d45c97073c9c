// What kernels report of bad indices, and what a download throws of it.
#include "kernels/gpu/error_word.hpp"

#include <doctest/doctest.h>

#include "bench/gpu/test/trial.hpp"
#include "tests/support/error_text.hpp"

namespace wengert::gpu_check {
namespace {

using kernels::gpu::ErrorWord;
using kernels::gpu::Report;
using testing::error_of;

__global__ void report_from(int first, Report report) { report(first + static_cast<int>(threadIdx.x)); }

/// Threads report first, first + 1, ..., first + 63.
void run_bad(int first, Report report) { simt::launch<report_from>({1, 64, 0, on().queue}, first, report); }

ErrorWord::Word met() { return download(on().errors().word(), 1)[0]; }

TEST_CASE("error word: of an op's bad indices the smallest is thrown, by the op's own words, and once") {
  const Session session;
  ErrorWord& errors = on().errors();
  const auto rows = [](std::int64_t row) { fail("one: row ", row); };
  const auto columns = [](std::int64_t column) { fail("other: column ", column); };
  CHECK(met() == ErrorWord::none);
  run_bad(70, errors.report(rows));
  run_bad(7, errors.report(rows));
  run_bad(2'147'483'584, errors.report(columns));
  CHECK(error_of([&] { errors.raise(met()); }) == "one: row 7");
  CHECK(met() == ErrorWord::none);
  run_bad(2'147'483'584, errors.report(columns));
  CHECK(error_of([&] { errors.raise(met()); }) == "other: column 2147483584");
}

}  // namespace
}  // namespace wengert::gpu_check
