// expect: std::vector<bool> has bits instead
#include <wengert.hpp>

using namespace wengert;

void labels(const std::vector<bool>& is_spam, const Tensor& y) {
#ifdef FIXED
  const std::vector<int> values(is_spam.begin(), is_spam.end());
#else
  const auto& values = is_spam;
#endif
  y.assign(Tensor::from(values, {2}));
}
