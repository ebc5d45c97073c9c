#include "examples/support/mnist/evaluation.hpp"

#include "autograd/no_grad.hpp"
#include "autograd/ops/layout.hpp"
#include "examples/support/program.hpp"
#include "nn/data/batches.hpp"

namespace wengert::examples::mnist {

ImageAnswers answers_to(const data::Samples& samples, const Network& network) {
  constexpr std::int64_t rows = 500;
  static_assert(hidden_rows % rows == 0);
  const NoGrad no_grad;
  const Device device = network.parameters()[0].device();
  std::vector<Tensor> logits, hidden;
  data::Batches batches(samples, rows);
  for (const data::Batch& batch : batches.epoch(0)) {
    stop_if_interrupted();
    const Outputs outputs = network(batch.images.to(device));
    logits.push_back(outputs.logits.detach().to(Device{}));
    if (std::ssize(hidden) < hidden_rows / rows) hidden.push_back(outputs.hidden.detach().to(Device{}));
  }
  return {cat(logits), cat(hidden)};
}

}  // namespace wengert::examples::mnist
