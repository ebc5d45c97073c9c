// Values that move: each op of kernels/ops/layout/layout.hpp that has a gradient.
#include "kernels/ops/layout/layout.hpp"

#include "tests/support/op_case.hpp"

namespace wengert::testing {
namespace {

using namespace kernels;

void add_transpose(const std::string& name, Transpose (*shape_of)(std::int64_t)) {
  add_case(name, [=](std::int64_t size, auto type) {
    using T = decltype(type);
    const Transpose s = shape_of(size), back{s.a, s.n, s.b, s.m, s.c};
    const std::int64_t n = s.a * s.m * s.b * s.n * s.c;
    return Problem<T>{
        .inputs = {{.numel = n}},
        .results = {n},
        .forward = [=](Stream& stream,
                       const Buffers<T>& at) { run<&transpose<T>>(stream, nullptr, s, at.x[0], written(at.y[0])); },
        .backward = [=](Stream& stream,
                        const Buffers<T>& at) { run<&transpose<T>>(stream, nullptr, back, at.dy, at.dx[0]); },
        .reference =
            [=](const Values& in) {
              Values y(1);
              for (std::int64_t a = 0; a < s.a; ++a)
                for (std::int64_t j = 0; j < s.n; ++j)
                  for (std::int64_t b = 0; b < s.b; ++b)
                    for (std::int64_t i = 0; i < s.m; ++i)
                      for (std::int64_t c = 0; c < s.c; ++c)
                        y[0].push_back(
                            in[0][static_cast<std::size_t>((((a * s.m + i) * s.b + b) * s.n + j) * s.c + c)]);
              return y;
            },
        .forward_elements = 2 * n,
        .backward_elements = 2 * n};
  });
}

/// Element [o, i, k] of (outer, axis, inner).
std::size_t place(const Slice& s, std::int64_t o, std::int64_t i, std::int64_t k) {
  return static_cast<std::size_t>((o * s.axis + i) * s.inner + k);
}

void add_slice(const std::string& name, Slice (*shape_of)(std::int64_t)) {
  add_case(name, [=](std::int64_t size, auto type) {
    using T = decltype(type);
    const Slice s = shape_of(size);
    const std::int64_t whole = s.outer * s.axis * s.inner, part = s.outer * s.count * s.inner;
    return Problem<T>{
        .inputs = {{.numel = whole}},
        .results = {part},
        .forward = [=](Stream& stream,
                       const Buffers<T>& at) { run<&slice<T>>(stream, nullptr, s, at.x[0], written(at.y[0])); },
        .backward = [=](Stream& stream,
                        const Buffers<T>& at) { run<&slice_backward<T>>(stream, nullptr, s, at.dy, at.dx[0]); },
        .reference =
            [=](const Values& in) {
              Values y(1);
              for (std::int64_t o = 0; o < s.outer; ++o)
                for (std::int64_t i = 0; i < s.count; ++i)
                  for (std::int64_t k = 0; k < s.inner; ++k) y[0].push_back(in[0][place(s, o, s.begin + i, k)]);
              return y;
            },
        .forward_elements = 2 * part,
        .backward_elements = part + whole};
  });
}

/// Two tensors side by side: each is sliced into the result, and its gradient sliced out.
void add_concatenate(const std::string& name, Slice (*first_of)(std::int64_t)) {
  add_case(name, [=](std::int64_t size, auto type) {
    using T = decltype(type);
    const Slice first = first_of(size);
    const Slice second{first.outer, first.axis, first.inner, first.count, first.axis - first.count};
    const std::int64_t n = first.outer * first.axis * first.inner;
    return Problem<T>{.inputs = {{.numel = first.outer * first.count * first.inner},
                                 {.numel = second.outer * second.count * second.inner}},
                      .results = {n},
                      .forward =
                          [=](Stream& stream, const Buffers<T>& at) {
                            run<&slice_into<T>>(stream, nullptr, first, at.x[0], at.y[0]);
                            run<&slice_into<T>>(stream, nullptr, second, at.x[1], at.y[0]);
                          },
                      .backward =
                          [=](Stream& stream, const Buffers<T>& at) {
                            run<&slice<T>>(stream, nullptr, first, at.dy, at.dx[0]);
                            run<&slice<T>>(stream, nullptr, second, at.dy, at.dx[1]);
                          },
                      .reference =
                          [=](const Values& in) {
                            std::vector<double> y(static_cast<std::size_t>(n));
                            std::size_t from_first = 0, from_second = 0;
                            for (std::int64_t o = 0; o < first.outer; ++o)
                              for (std::int64_t i = 0; i < first.axis; ++i)
                                for (std::int64_t k = 0; k < first.inner; ++k)
                                  y[place(first, o, i, k)] =
                                      i < first.count ? in[0][from_first++] : in[1][from_second++];
                            return Values{y};
                          },
                      .forward_elements = 2 * n,
                      .backward_elements = 2 * n};
  });
}

const Register table([] {
  add_case("copy", [](std::int64_t n, auto type) {
    using T = decltype(type);
    return Problem<T>{
        .inputs = {{.numel = n}},
        .results = {n},
        .forward = [=](Stream& stream,
                       const Buffers<T>& at) { run<&copy<T>>(stream, nullptr, n, at.x[0], written(at.y[0])); },
        .backward = [=](Stream& stream, const Buffers<T>& at) { run<&copy<T>>(stream, nullptr, n, at.dy, at.dx[0]); },
        .reference = [](const Values& in) { return in; },
        .forward_elements = 2 * n,
        .backward_elements = 2 * n};
  });
  add_transpose("transpose tall", [](std::int64_t n) { return Transpose{1, n, 1, 3, 1}; });
  add_transpose("transpose wide", [](std::int64_t n) { return Transpose{1, 19, 1, n, 1}; });
  add_transpose("transpose outer axes", [](std::int64_t n) { return Transpose{1, 2, 1, 5, n}; });
  add_transpose("transpose distant axes", [](std::int64_t n) { return Transpose{2, 3, n, 4, 2}; });
  add_transpose("transpose batched", [](std::int64_t n) { return Transpose{n, 3, 1, 4, 1}; });
  add_slice("slice rows", [](std::int64_t n) { return Slice{1, n + 3, 2, 2, n}; });
  add_slice("slice columns", [](std::int64_t n) { return Slice{n, 5, 1, 1, 3}; });
  add_slice("slice middle axis", [](std::int64_t n) { return Slice{3, 4, n, 1, 2}; });
  add_concatenate("concatenate rows", [](std::int64_t n) { return Slice{1, n + 2, 3, 0, n}; });
  add_concatenate("concatenate columns", [](std::int64_t n) { return Slice{n, 7, 1, 0, 3}; });
  add_concatenate("concatenate middle axis", [](std::int64_t n) { return Slice{2, 3, n, 0, 1}; });
});

}  // namespace
}  // namespace wengert::testing
