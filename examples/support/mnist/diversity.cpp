#include "examples/support/mnist/diversity.hpp"

#include <algorithm>

#include "autograd/ops/softmax.hpp"
#include "kernels/base/error.hpp"
#include "losses/correlation.hpp"
#include "losses/cosine.hpp"
#include "losses/hidden_cka.hpp"
#include "losses/hidden_cosine.hpp"
#include "losses/inverse_ce.hpp"
#include "losses/inverse_l1.hpp"
#include "losses/mean_over.hpp"
#include "losses/ncl.hpp"
#include "losses/negative_ce.hpp"

namespace wengert::examples::mnist {
namespace {

template <class Loss>
Var of_parameters(const Pass& pass, const Loss& loss) {
  return losses::mean_over(pass.earlier,
                           [&](const Frozen& member) { return loss(member.network->detach(), pass.trained); });
}

template <class Loss>
Var of_hidden(const Pass& pass, const Loss& loss) {
  return losses::mean_over(pass.earlier, [&](const Frozen& member) {
    return loss((*member.network)(pass.x).hidden.detach(), pass.outputs.hidden);
  });
}

template <class Loss>
Var of_answers(const Pass& pass, const Loss& loss) {
  return losses::mean_over(pass.answers, [&](const Tensor& answers) { return loss(answers, pass.outputs.logits); });
}

Var inverse_l1(const Pass& pass, Per per) {
  return of_parameters(
      pass, [&](const nn::Weights& a, const Network& b) { return losses::inverse_l1(a, b, {.eps = 0, .per = per}); });
}

Var cosine(const Pass& pass, Per per) {
  return of_parameters(
      pass, [&](const nn::Weights& a, const Network& b) { return losses::cosine(a, b, {.eps = 0, .per = per}); });
}

Var correlation(const Pass& pass, Per per) {
  return of_parameters(
      pass, [&](const nn::Weights& a, const Network& b) { return losses::correlation(a, b, {.eps = 0, .per = per}); });
}

Var inverse_ce(const Pass& pass, Per) {
  return of_answers(pass, [](const Tensor& p, const Var& logits) { return losses::inverse_ce(p, logits); });
}

Var negative_ce(const Pass& pass, Per) {
  return of_answers(pass, [](const Tensor& p, const Var& logits) { return losses::negative_ce(p, logits); });
}

Var hidden_cka(const Pass& pass, Per) {
  return of_hidden(pass, [](const Tensor& x, const Var& y) { return losses::hidden_cka(x, y); });
}

Var hidden_cosine(const Pass& pass, Per) {
  return of_hidden(pass, [](const Tensor& x, const Var& y) { return losses::hidden_cosine(x, y); });
}

Var ncl(const Pass& pass, Per) {
  const Var own = softmax(pass.outputs.logits);
  return losses::ncl(pass.answers, own);
}

constexpr bool apart = false, snapshot = true, answers = true, other = false;

constexpr Diversity table[] = {
    {"none", 0, apart, other, nullptr},
    {"inverse-l1", 1, apart, other, inverse_l1},
    {"cosine", 0.1, apart, other, cosine},
    {"correlation", 0.1, apart, other, correlation},
    {"inverse-ce", 0.01, apart, answers, inverse_ce},
    {"negative-ce", 0.1, apart, answers, negative_ce},
    {"hidden-cka", 0.1, apart, other, hidden_cka},
    {"hidden-cosine", 0.1, apart, other, hidden_cosine},
    {"ncl", 0.5, apart, answers, ncl},
    {"snapshot", 0, snapshot, other, nullptr},
    {"snapshot-ce", 0.1, snapshot, answers, negative_ce},
};

}  // namespace

std::span<const Diversity> diversities() { return table; }

const Diversity& diversity(const std::string& name) {
  const auto* const found = std::ranges::find(table, name, &Diversity::name);
  if (found == std::end(table)) fail("there is no diversity '", name, "'");
  return *found;
}

}  // namespace wengert::examples::mnist
