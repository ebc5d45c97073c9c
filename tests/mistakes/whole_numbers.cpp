// A parameter of whole numbers
#include <wengert.hpp>
using namespace wengert;

void mistake() { const Var w = Var::parameter(Tensor::from({1, 2, 3}, {3})); }
