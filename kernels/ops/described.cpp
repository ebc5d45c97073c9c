#include "kernels/ops/described.hpp"

#include <algorithm>
#include <vector>

namespace wengert::kernels {
namespace {

template <class Op>
concept OneOperand = requires(Op op) {
  op.slope(1.0);
};
template <class Op>
concept TwoOperands = requires {
  Op::da(1.0, 1.0, 1.0);
};

// What stands beside the operand is the element's second operand.
template <class Op>
Op made_for(const Element& e) {
  if constexpr (requires(Op op) { op.number; }) return Op{e.b};
  return Op{};
}

template <class Op>
Singular singular(const Element& e) {
  if constexpr (requires { Op::singular(e.a, e.b); }) return Op::singular(e.a, e.b);
  if constexpr (requires(Op op) { op.singular(e.a); }) return made_for<Op>(e).singular(e.a);
  return {};
}

template <class Op>
double slope(std::size_t operand, const Element& e) {
  if constexpr (OneOperand<Op>) {
    return made_for<Op>(e).slope(Op::saves == Saves::result ? e.y : e.a);
  } else {
    return operand == 0 ? Op::da(1.0, e.a, e.b) : Op::db(1.0, e.a, e.b);
  }
}

std::vector<Description> all() {
  std::vector<Description> list;
  for_each_type(RecordedOps{}, [&]<class Op>(Types<Op>) {
    if constexpr (OneOperand<Op> || TwoOperands<Op>) {
      if constexpr (requires { Op::words; }) list.push_back({Op::name, Op::words, &singular<Op>, &slope<Op>});
    } else {
      static_assert(!Op::words.steep[0].slope && !Op::words.steep[1].slope, "only an elementwise op has a slope");
      list.push_back({Op::name, Op::words});
    }
  });
  return list;
}

}  // namespace

const char* Description::local(std::size_t operand) const {
  std::size_t given = words.local.size();
  while (given > 1 && words.local[given - 1] == nullptr) --given;
  return words.local[std::min(operand, given - 1)];
}

const Description* description_of(std::string_view name) {
  static const std::vector<Description> list = all();
  const auto found = std::ranges::find(list, name, &Description::name);
  return found == list.end() ? nullptr : &*found;
}

}  // namespace wengert::kernels
