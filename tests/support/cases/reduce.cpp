// Sum, mean, maximum and expansion, over axes in every arrangement.
#include "kernels/ops/reduce/reduce.hpp"

#include <algorithm>
#include <limits>

#include "tests/support/op_case.hpp"

namespace wengert::testing {
namespace {

using namespace kernels;

/// The output that element i of x goes to.
std::size_t output_of(const Reduction& reduction, std::int64_t i) {
  std::int64_t output = 0, stride = 1;
  for (auto axis = static_cast<std::size_t>(reduction.rank); axis-- > 0; i /= reduction.size[axis]) {
    if (reduction.reduced[axis]) continue;
    output += i % reduction.size[axis] * stride;
    stride *= reduction.size[axis];
  }
  return static_cast<std::size_t>(output);
}

struct Arrangement {
  const char* name;
  Reduction (*reduction)(std::int64_t);
};
constexpr Arrangement arrangements[] = {
    {"all",
     [](std::int64_t n) {
       return Reduction{1, {n}, {true}};
     }},
    {"nothing",
     [](std::int64_t n) {
       return Reduction{1, {n}, {false}};
     }},
    {"a scalar", [](std::int64_t) { return Reduction{}; }},
    {"long rows",
     [](std::int64_t n) {
       return Reduction{2, {3, n}, {false, true}};
     }},
    {"short rows",
     [](std::int64_t n) {
       return Reduction{2, {n, 3}, {false, true}};
     }},
    {"long columns",
     [](std::int64_t n) {
       return Reduction{2, {n, 3}, {true, false}};
     }},
    {"short columns",
     [](std::int64_t n) {
       return Reduction{2, {5, n}, {true, false}};
     }},
    {"the middle axis",
     [](std::int64_t n) {
       return Reduction{3, {2, n, 5}, {false, true, false}};
     }},
    {"the outer axes",
     [](std::int64_t n) {
       return Reduction{3, {n, 3, 2}, {true, false, true}};
     }},
    {"axes 0 and 2 of 4",
     [](std::int64_t n) {
       return Reduction{4, {2, 3, n, 2}, {true, false, true, false}};
     }},
    {"axes 1 and 3 of 4",
     [](std::int64_t n) {
       return Reduction{4, {3, n, 2, 3}, {false, true, false, true}};
     }},
};

template <class T>
Problem<T> sum_problem(Reduction r, std::int64_t divisor) {
  const std::int64_t inputs = r.inputs(), outputs = r.outputs();
  return Problem<T>{
      .inputs = {{.numel = inputs, .low = 0.1}},
      .results = {outputs},
      .forward =
          [=](Stream& stream, const Buffers<T>& at) {
            run<&sum_over<T>>(stream, nullptr, r, at.x[0], static_cast<T>(divisor), Sink<T>{at.y[0], SinkMode::write});
          },
      .backward =
          [=](Stream& stream, const Buffers<T>& at) {
            run<&expand<T>>(stream, nullptr, r, at.dy, static_cast<T>(divisor), at.dx[0]);
          },
      .reference =
          [=](const Values& in) {
            std::vector<double> y(static_cast<std::size_t>(outputs));
            for (std::int64_t i = 0; i < inputs; ++i) {
              y[output_of(r, i)] += in[0][static_cast<std::size_t>(i)] / static_cast<double>(divisor);
            }
            return Values{y};
          },
      .forward_elements = inputs + outputs,
      .backward_elements = inputs + outputs};
}

template <class T>
Problem<T> expand_problem(Reduction r) {
  const std::int64_t inputs = r.outputs(), outputs = r.inputs();
  return Problem<T>{
      .inputs = {{.numel = inputs}},
      .results = {outputs},
      .forward =
          [=](Stream& stream, const Buffers<T>& at) {
            run<&expand<T>>(stream, nullptr, r, at.x[0], T{1}, Sink<T>{at.y[0], SinkMode::write});
          },
      .backward = [=](Stream& stream,
                      const Buffers<T>& at) { run<&sum_over<T>>(stream, nullptr, r, at.dy, T{1}, at.dx[0]); },
      .reference =
          [=](const Values& in) {
            Values y(1);
            for (std::int64_t i = 0; i < outputs; ++i) y[0].push_back(in[0][output_of(r, i)]);
            return y;
          },
      .forward_elements = inputs + outputs,
      .backward_elements = inputs + outputs};
}

template <class T>
Problem<T> max_problem(Reduction r) {
  const std::int64_t inputs = r.inputs(), outputs = r.outputs();
  const auto spread = static_cast<double>(inputs);  // keeps the greatest two apart
  return Problem<T>{
      .inputs = {{.numel = inputs, .low = -spread, .high = spread}},
      .results = {outputs},
      .forward = [=](Stream& stream, const Buffers<T>& at) { run<&max_over<T>>(stream, nullptr, r, at.x[0], at.y[0]); },
      .backward =
          [=](Stream& stream, const Buffers<T>& at) {
            run<&max_backward<T>>(stream, nullptr, r, at.x[0], static_cast<const T*>(at.y[0]), at.dy, at.dx[0]);
          },
      .reference =
          [=](const Values& in) {
            std::vector<double> y(static_cast<std::size_t>(outputs), -std::numeric_limits<double>::infinity());
            for (std::int64_t i = 0; i < inputs; ++i) {
              y[output_of(r, i)] = std::max(y[output_of(r, i)], in[0][static_cast<std::size_t>(i)]);
            }
            return Values{y};
          },
      .forward_elements = inputs + outputs,
      .backward_elements = 2 * (inputs + outputs)};
}

const Register table([] {
  for (const auto& [title, reduction] : arrangements) {
    const std::string name = title;
    Reduction (*const reduction_of)(std::int64_t) = reduction;
    add_case("sum over " + name,
             [=](std::int64_t n, auto type) { return sum_problem<decltype(type)>(reduction_of(n), 1); },
             {.tolerance = 32});  // the reference, from left to right, rounds more than the tree
    add_case("mean over " + name,
             [=](std::int64_t n, auto type) {
               return sum_problem<decltype(type)>(reduction_of(n), reduction_of(n).count(true));
             },
             {.tolerance = 32, .least = 1});
    add_case("expand over " + name,
             [=](std::int64_t n, auto type) { return expand_problem<decltype(type)>(reduction_of(n)); },
             {.tolerance = 32});
    add_case("max over " + name,
             [=](std::int64_t n, auto type) { return max_problem<decltype(type)>(reduction_of(n)); }, {.least = 1});
  }
});

}  // namespace
}  // namespace wengert::testing
