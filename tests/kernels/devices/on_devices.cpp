// Every op on the simulator, and on a GPU where there is one, beside the CPU: the same bits where the op's contract
// promises them, and otherwise what float64 gives, within the op's tolerance.
//
// The simulator's settings come from the environment, so that one program tries several orders of blocks and threads, and
// the checker.
#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <iostream>
#include <string>
#include <string_view>

#include "kernels/devices/devices.hpp"
#include "kernels/ops/elementwise/elementwise.hpp"
#include "kernels/ops/layout/layout.hpp"
#include "kernels/ops/random/philox.hpp"
#include "kernels/ops/reduce/reduce.hpp"
#include "tests/support/closeness.hpp"
#include "tests/support/device_array.hpp"
#include "tests/support/fourth_device.hpp"
#include "tests/support/run_on.hpp"
#include "tests/support/sweep.hpp"

namespace wengert::testing {
namespace {

using kernels::Backend;

/// test(backend), if there is such a device; all but GPUs are everywhere.
template <class Test>
void on(std::string_view name, const Test& test) {
  const Device device = Device::parse(name);
  if (device.type != Device::Type::cuda) require_available(device);
  if (!is_available(device)) {
    std::cout << "[skipped] " << why_unavailable(device) << "\n";
    return;
  }
  test(kernels::backend(device));
}

/// The device's results and gradients beside those of a trial on the CPU in which the sinks are set in the same way.
void check_close(const Subject<float>& subject, const Trial<float>& there, const Trial<double>& exact) {
  for (std::size_t i = 0; i < exact.results.size(); ++i) {
    const std::string wrong = mismatch(there.results[i].values(), exact.results[i].values(), subject.tolerance());
    CHECK_MESSAGE(wrong.empty(), subject.at(), ", result ", i, ": ", wrong);
  }
  for (const std::size_t input : exact.variables()) {
    if (!exact.buffers.dx[input].wanted()) {
      CHECK_MESSAGE(there.gradients[input].untouched(), subject.at(), ", input ", input, " was ignored but written to");
      continue;
    }
    if (exact.gradients[input].untouched()) continue;  // its sink is another one's memory
    const std::string wrong =
        mismatch(there.gradients[input].values(), exact.gradients[input].values(), subject.tolerance());
    CHECK_MESSAGE(wrong.empty(), subject.at(), ", input ", input, ": ", wrong);
  }
}

/// arrange(trial) sets its sinks.
template <class Arrange>
void compare(Backend& device, const OpCase& op, std::int64_t n, std::int64_t offset, const Arrange& arrange) {
  const Subject<float> subject{op, n};
  Trial<float> there(subject.problem(), offset);
  arrange(there);
  const Values before = there.input_values();
  const std::vector<double> upstream = there.upstream.values();
  run_on(device, there);
  CHECK_MESSAGE(there.margins_intact(), subject.at(offset));
  CHECK_MESSAGE((there.input_values() == before && there.upstream.values() == upstream), subject.at(offset));
  if (op.same_bits) {
    Trial<float> here(subject.problem());
    arrange(here);
    here.run();
    CHECK_MESSAGE(there.same_bits(here), subject.at(offset));
  } else {
    Trial<double> exact(Subject<double>{op, n}.problem());
    arrange(exact);
    exact.run();
    check_close(subject, there, exact);
  }
}

constexpr auto as_it_is = [](auto&) {};
constexpr auto adding = [](auto& trial) {
  for (const std::size_t input : trial.variables()) preset(trial.gradients[input], 3);
  trial.want_all(SinkMode::add);
};

/// body(op, n) for each op at those of the sizes that it takes.
template <class Body>
void for_ops(std::initializer_list<std::int64_t> sizes, const Body& body) {
  constexpr std::int64_t most_flops = std::int64_t{1} << 20;  // for the simulator
  for (const OpCase& op : op_cases()) {
    for (const std::int64_t n : sizes) {
      if (n >= op.least && n <= op.largest && op.f32(n).flops <= most_flops) body(op, n);
    }
  }
}

void at_any_size(Backend& device) {
  for_ops({0, 1, 7, 31, 32, 33, 127, 128, 1000}, [&](const OpCase& op, std::int64_t n) {
    compare(device, op, n, 0, as_it_is);
    compare(device, op, n, 1 + n % 15, as_it_is);
  });
  for_ops({4097}, [&](const OpCase& op, std::int64_t n) { compare(device, op, n, 0, as_it_is); });
}

void at_any_address(Backend& device) {
  for_ops({131}, [&](const OpCase& op, std::int64_t n) {
    const Subject<float> subject{op, n};
    Trial<float> aligned(subject.problem());
    run_on(device, aligned);
    for (const std::int64_t offset : {1, 2, 3, 4, 8}) {
      Trial<float> trial(subject.problem(), offset);
      run_on(device, trial);
      CHECK_MESSAGE(trial.same_bits(aligned), subject.at(offset));
    }
  });
}

void into_sinks_of_any_kind(Backend& device) {
  for_ops({33, 1500}, [&](const OpCase& op, std::int64_t n) {
    compare(device, op, n, 0, adding);
    compare(device, op, n, 5, adding);
    const std::size_t variables = Trial<float>(op.f32(n)).variables().size();
    for (std::size_t wanted = 0; variables > 1 && wanted < variables; ++wanted) {
      compare(device, op, n, 0, [=](auto& trial) {
        trial.want_all(SinkMode::ignore);
        trial.buffers.dx[trial.variables()[wanted]].mode = SinkMode::write;
      });
    }
  });
}

void into_one_sink_twice(Backend& device) {
  std::size_t pairs = 0;
  for_ops({33, 1500, 4500}, [&](const OpCase& op, std::int64_t n) {
    const Trial<float> trial(op.f32(n));
    const std::vector<std::size_t> variables = trial.variables();
    if (variables.size() != 2 || trial.gradients[variables[0]].size() != trial.gradients[variables[1]].size()) return;
    ++pairs;
    compare(device, op, n, 0, [&](auto& both) {
      both.buffers.dx[variables[1]] = {both.gradients[variables[0]].data(), SinkMode::add};
    });
  });
  CHECK(pairs > 100);  // at least all binary ops
}

/// Sizes at which a sum or a maximum is shared by several blocks, and elementwise ops have whole ones.
void by_several_blocks(Backend& device) {
  struct Large {
    std::string_view name;
    std::int64_t n;
  };
  for (const Large& large : {Large{"sum over all", 100'003},
                             Large{"sum over long rows", 40'009},
                             Large{"sum over long columns", 9001},
                             Large{"mean over short columns", 9001},
                             Large{"mean over the middle axis", 4500},
                             Large{"sum over the outer axes", 20'011},
                             Large{"max over all", 50'021},
                             Large{"max over long rows", 17'001},
                             Large{"max over short columns", 1500},
                             Large{"mse", 70'003},
                             Large{"bce", 40'009},
                             Large{"softmax of few rows", 5003},
                             Large{"log_softmax of few rows", 9001},
                             Large{"add", 12'345},
                             Large{"mul row", 4096},
                             Large{"column sub row", 4096},
                             Large{"div column", 5000},
                             Large{"crossed mul", 300},
                             Large{"transpose wide", 1000},
                             Large{"copy", 12'345},
                             Large{"slice middle axis", 4096}}) {
    const auto op = std::find_if(op_cases().begin(), op_cases().end(),
                                 [&](const OpCase& candidate) { return candidate.name == large.name; });
    REQUIRE_MESSAGE(op != op_cases().end(), std::string(large.name));
    compare(device, *op, large.n, 0, as_it_is);
    compare(device, *op, large.n, 3, adding);
  }
}

// What no OpCase has: kernels without a gradient, and integers.

/// As bit patterns, since NaNs do not compare.
template <class T>
std::vector<BitsOf<T>> bits_of(const std::vector<T>& values) {
  std::vector<BitsOf<T>> bits;
  for (const T value : values) bits.push_back(std::bit_cast<BitsOf<T>>(value));
  return bits;
}

/// That calls(place) returns the same numbers on the device as on the CPU.
template <class Calls>
void check_same(Backend& device, const std::string& what, const Calls& calls) {
  RunsOn here, there(device);
  CHECK_MESSAGE(bits_of(calls(here)) == bits_of(calls(there)), what);
}

const kernels::Reduction reductions[] = {
    {},
    {1, {1000}, {true}},
    {1, {20'001}, {true}},
    {2, {7, 33}, {false, true}},
    {2, {33, 7}, {true, false}},
    {2, {3, 1100}, {true, false}},
    {3, {2, 9, 5}, {false, true, false}},
    {3, {9, 3, 2}, {true, false, true}},
    {4, {2, 3, 4, 5}, {true, false, true, false}},
};

template <class T>
void check_extremes(Backend& device, const std::string& what, const std::vector<T>& x, const kernels::Reduction& over) {
  const auto outputs = static_cast<std::size_t>(over.outputs());
  check_same(device, "max, " + what, [&](RunsOn& at) {
    ArrayAt<T> from(at, x), y(at, std::vector<T>(outputs));
    kernels::run<&kernels::max_over<T>>(at.stream(), nullptr, over, from.data(), y.data());
    return y.values();
  });
  check_same(device, "argmax, " + what, [&](RunsOn& at) {
    ArrayAt<T> from(at, x);
    ArrayAt<std::int32_t> y(at, std::vector<std::int32_t>(outputs));
    kernels::run<&kernels::argmax_over<T>>(at.stream(), nullptr, over, from.data(), y.data());
    return y.values();
  });
}

void extremes_and_ties(Backend& device) {
  for (const kernels::Reduction& over : reductions) {
    std::vector<std::int32_t> x;
    for (std::int64_t i = 0; i < over.inputs(); ++i) x.push_back(static_cast<std::int32_t>(i * 7919 % 13 - 20));
    const std::string what = std::to_string(x.size()) + " elements";
    check_extremes(device, what, x, over);
    std::vector<float> with_nan(x.begin(), x.end());
    check_extremes(device, what, with_nan, over);
    for (std::size_t i = 3; i < with_nan.size(); i += 11) with_nan[i] = std::bit_cast<float>(0x7fffffffU);  // the GPU's
    check_extremes(device, what + " and NaN", with_nan, over);
    check_same(device, "sum of " + what, [&](RunsOn& at) {
      ArrayAt<std::int32_t> from(at, x), y(at, std::vector<std::int32_t>(static_cast<std::size_t>(over.outputs())));
      kernels::run<&kernels::sum_over<std::int32_t>>(at.stream(), nullptr, over, from.data(), 1,
                                                     Sink<std::int32_t>{y.data(), SinkMode::write});
      return y.values();
    });
  }
}

template <class Op>
void check_integers(Backend& device, const kernels::Broadcast& loop) {
  check_same(device, Op::name, [&](RunsOn& at) {
    std::vector<std::int32_t> numbers;
    for (std::uint32_t i = 0; i < static_cast<std::uint32_t>(loop.numel()); ++i) {
      numbers.push_back(static_cast<std::int32_t>(i * 2654435769U));
    }
    ArrayAt<std::int32_t> a(at, numbers), b(at, {numbers.rbegin(), numbers.rend()}), y(at, numbers);
    kernels::run<&kernels::binary<Op, std::int32_t>>(at.stream(), nullptr, loop, a.data(), b.data(), y.data());
    return y.values();
  });
}

void integers_wrap_around(Backend& device) {
  for (const kernels::Broadcast& loop :
       {kernels::Broadcast{1, {true}, {true}, {5000}}, kernels::Broadcast{2, {true, true}, {false, true}, {5, 1000}},
        kernels::Broadcast{2, {true, true}, {true, false}, {7, 33}}}) {
    for_each_type(kernels::BinaryOps{}, [&]<class Op>(Types<Op>) {
      if constexpr (kernels::AlsoInteger<Op>) check_integers<Op>(device, loop);
    });
  }
}

template <class From, class To>
void check_conversion(Backend& device, const std::vector<From>& x) {
  check_same(device, "convert", [&](RunsOn& at) {
    ArrayAt<From> from(at, x);
    ArrayAt<To> to(at, std::vector<To>(x.size()));
    kernels::run<&kernels::convert<From, To>>(at.stream(), nullptr, static_cast<std::int64_t>(x.size()), from.data(),
                                              to.data());
    return to.values();
  });
}

template <class T>
void check_moves(Backend& device, const std::vector<double>& numbers) {
  std::vector<T> x;
  for (const double number : numbers) x.push_back(kernels::math::convert<T>(number));
  check_conversion<T, float>(device, x);
  check_conversion<T, double>(device, x);
  check_conversion<T, std::int32_t>(device, x);
  check_same(device, "fill and copy", [&](RunsOn& at) {
    ArrayAt<T> from(at, x), to(at, x);
    const auto n = static_cast<std::int64_t>(x.size());
    kernels::run<&kernels::fill<T>>(at.stream(), nullptr, n, T(-7), to.data());
    kernels::run<&kernels::copy<T>>(at.stream(), nullptr, n - 5, static_cast<const T*>(from.data()),
                                    Sink<T>{to.data() + 2, SinkMode::write});
    return to.values();
  });
}

void conversions(Backend& device) {
  std::vector<double> numbers{0, -0.0, 0.5, -1.5, 1e10, -1e10, 1e300, -1e300, INFINITY, -INFINITY, 2147483647, 1e-320};
  for (int i = 0; i < 9000; ++i) numbers.push_back((i - 4000) * 1.37e4);
  check_moves<float>(device, numbers);
  check_moves<double>(device, numbers);
  check_moves<std::int32_t>(device, numbers);
}

void random_numbers(Backend& device) {
  for (const std::int64_t n : {0, 1, 6, 1023, 20'001}) {
    const std::vector<std::int32_t> seed{17, -3, -2, 8};  // its counter is about to carry over into the upper word
    std::vector<std::int32_t> state_here, state_there;
    check_same(device, "random numbers, n = " + std::to_string(n), [&](RunsOn& at) {
      ArrayAt<std::int32_t> state(at, seed);
      ArrayAt<float> x(at, std::vector<float>(static_cast<std::size_t>(3 * n) + 1));
      kernels::run<&kernels::random_uniform<float>>(at.stream(), nullptr, n, -1.0, 2.0, state.data(), x.data());
      kernels::run<&kernels::random_normal<float>>(at.stream(), nullptr, n, 0.5, 2.0, state.data(), x.data() + n);
      kernels::run<&kernels::random_uniform<float>>(at.stream(), nullptr, n, 0.0, 1.0, state.data(), x.data() + 2 * n);
      (at.device() ? state_there : state_here) = state.values();
      return x.values();
    });
    CHECK(state_here == state_there);
    CHECK((n == 0) == (state_there == seed));
  }
}

}  // namespace

TEST_CASE("ops on simt: at any size") { on("simt", at_any_size); }
TEST_CASE("ops on simt: no address changes a bit") { on("simt", at_any_address); }
TEST_CASE("ops on simt: into sinks of any kind") { on("simt", into_sinks_of_any_kind); }
TEST_CASE("ops on simt: into one sink twice") { on("simt", into_one_sink_twice); }
TEST_CASE("ops on simt: by several blocks") { on("simt", by_several_blocks); }
TEST_CASE("ops on simt: extremes and ties") { on("simt", extremes_and_ties); }
TEST_CASE("ops on simt: integers wrap around") { on("simt", integers_wrap_around); }
TEST_CASE("ops on simt: conversions") { on("simt", conversions); }
TEST_CASE("ops on simt: random numbers") { on("simt", random_numbers); }

TEST_CASE("ops on counting: at any size, by the names of the CPU's kernels") {
  const FourthDevice found;
  on("counting", at_any_size);
  on("counting", extremes_and_ties);
  on("counting", integers_wrap_around);
  on("counting", conversions);
  on("counting", random_numbers);
}

TEST_CASE("ops on cuda: at any size") { on("cuda", at_any_size); }
TEST_CASE("ops on cuda: no address changes a bit") { on("cuda", at_any_address); }
TEST_CASE("ops on cuda: into sinks of any kind") { on("cuda", into_sinks_of_any_kind); }
TEST_CASE("ops on cuda: into one sink twice") { on("cuda", into_one_sink_twice); }
TEST_CASE("ops on cuda: by several blocks") { on("cuda", by_several_blocks); }
TEST_CASE("ops on cuda: extremes and ties") { on("cuda", extremes_and_ties); }
TEST_CASE("ops on cuda: integers wrap around") { on("cuda", integers_wrap_around); }
TEST_CASE("ops on cuda: conversions") { on("cuda", conversions); }
TEST_CASE("ops on cuda: random numbers") { on("cuda", random_numbers); }

}  // namespace wengert::testing
