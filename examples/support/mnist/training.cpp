#include "examples/support/mnist/training.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "autograd/backward.hpp"
#include "autograd/inspect/ask/audit.hpp"
#include "autograd/inspect/watch/anomaly.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/softmax.hpp"
#include "examples/support/program.hpp"
#include "kernels/base/error.hpp"
#include "losses/cross_entropy.hpp"
#include "losses/mse.hpp"
#include "nn/optim/schedules.hpp"

namespace wengert::examples::mnist {
namespace {

constexpr std::int64_t classes = 10;

std::variant<optim::Adam, optim::SGD> optimizer_of(const Options& options, const Network& member) {
  if (options.optimizer == "sgd") return optim::SGD(member.parameters(), {.lr = options.lr});
  return optim::Adam(member.parameters(), {.lr = options.lr});
}

std::function<double(std::int64_t)> rate_of(const Options& options, std::int64_t batches) {
  const std::int64_t steps = std::max<std::int64_t>(options.epochs, 1) * batches;
  if (options.schedule == "cosine") return optim::cosine(options.lr, steps);
  if (options.schedule == "cyclic")
    return optim::cyclic(options.lr, steps, options.diversity->snapshot ? 1 : steps / batches);
  return nullptr;
}

Tensor one_hot(const Tensor& labels) {
  std::vector<float> rows(static_cast<std::size_t>(labels.numel() * classes));
  std::size_t row = 0;
  for (const int label : labels.to_vector<int>()) rows[row++ * classes + static_cast<std::size_t>(label)] = 1;
  return Tensor::from(rows, {labels.numel(), classes});
}

// How many earlier members' answers a step is given.
std::size_t compared(const Options& options, const Members& earlier) {
  return options.diversity->answers ? earlier.size() : 0;
}

std::vector<float> rows_of(const Tensor& answers, std::span<const std::uint32_t> samples) {
  std::vector<float> result;
  for (const std::uint32_t sample : samples) {
    const float* const row = answers.data<float>() + sample * classes;
    result.insert(result.end(), row, row + classes);
  }
  return result;
}

}  // namespace

Training::Step::Step(std::int64_t rows, std::int64_t inputs, std::size_t earlier, Device device)
    : x(Tensor::zeros({rows, inputs}, DType::f32, device)),
      labels(Tensor::zeros({rows}, DType::i32, device)),
      targets(Tensor::zeros({rows, classes}, DType::f32, device)) {
  for (std::size_t k = 0; k < earlier; ++k) answers.push_back(Tensor::zeros({rows, classes}, DType::f32, device));
}

Training::Training(const Options& options, const data::Samples& train, const Members& earlier, const Network& member,
                   std::int64_t number)
    : options_(options),
      images_(train.count()),
      earlier_(earlier),
      member_(member),
      number_(number),
      batches_(train, options.batch, static_cast<std::uint64_t>(options.seed + number)),
      optimizer_(optimizer_of(options, member)),
      rate_(rate_of(options, batches_.per_epoch())),
      guard_(options.device),
      sum_(Tensor::zeros({}, DType::f32, options.device)),
      full_(std::min(options.batch, images_), train.image_size(), compared(options, earlier), options.device),
      last_(images_ % options.batch, train.image_size(), compared(options, earlier), options.device) {}

Training::Loss Training::loss_of(const Step& step) const {
  const Outputs outputs = member_(step.x);
  const Var fit = options_.loss == "mse" ? losses::mse(softmax(outputs.logits), step.targets)
                                         : losses::cross_entropy(outputs.logits, step.labels);
  if (!options_.diversity->term || earlier_.empty()) return {fit, fit, {}};
  const Var term = options_.diversity->term({earlier_, member_, step.x, step.answers, outputs}, options_.per);
  const Var push = options_.strength * term;
  return {fit + push, fit, push};
}

void Training::perform(Step& step) {
  std::visit([](const auto& optimizer) { optimizer.zero_grad(); }, optimizer_);
  step.loss = loss_of(step);
  guard_.watch(step.loss.total);
  backward(step.loss.total);
  std::visit([&](auto& optimizer) { optimizer.step(guard_); }, optimizer_);
  sum_.assign(sum_ + step.loss.fit.detach() * static_cast<double>(step.labels.numel()));
}

void Training::run(Step& step, const data::Batch& batch) {
  step.x.assign(batch.images);
  step.labels.assign(batch.labels);
  if (options_.loss == "mse") step.targets.assign(one_hot(batch.labels));
  for (std::size_t k = 0; k < step.answers.size(); ++k) {
    step.answers[k].assign(rows_of(earlier_[k].answers, batch.samples));
  }
  if (step.captured) {
    step.captured->replay();
  } else {
    step.captured = capture([&] { perform(step); });
  }
}

Epoch Training::epoch(std::int64_t number, Progress& progress) {
  // Reading the guard on a GPU waits for all that was issued. It keeps the weights as they were, whenever it is read.
  const std::int64_t look_every = options_.device.type == Device::Type::cuda ? 100 : 1;
  Epoch result;
  sum_.assign({0});
  const double begin = now();
  std::int64_t batch_number = 0;
  Step* step = nullptr;
  for (const data::Batch& batch : batches_.epoch(static_cast<std::uint64_t>(number))) {
    step = batch.labels.numel() == full_.labels.numel() ? &full_ : &last_;
    if (rate_) {
      const double rate = rate_(number * batches_.per_epoch() + batch_number);
      std::visit([&](const auto& optimizer) { optimizer.set_lr(rate); }, optimizer_);
    }
    run(*step, batch);
    ++batch_number;
    if ((batch_number % look_every == 0 || batch_number == batches_.per_epoch()) && guard_.tripped()) {
      stop_not_finite(*step, fmt::format("member {}, epoch {}, batch {}", number_, number + 1, batch_number));
    }
    if (progress.due()) progress.show(how_far(number, batch_number, *step, now() - begin));
    stop_if_interrupted();
  }
  result.loss = sum_.item<double>() / static_cast<double>(images_);
  result.seconds = now() - begin;
  result.pull = pull_of(*step);
  return result;
}

double Training::pull_of(const Step& step) const {
  const Loss loss = loss_of(step);
  if (!loss.push) return 0;
  const Audit measured = audit({{"fit", loss.fit}, {"push", *loss.push}}, member_.parameters());
  const double fit = measured.all.pulls[0].norm.value_or(0), push = measured.all.pulls[1].norm.value_or(0);
  if (fit == 0) return push == 0 ? 0 : std::numeric_limits<double>::infinity();
  return push / fit;
}

void Training::stop_not_finite(const Step& step, const std::string& when) const {
  constexpr const char* change = "; try a lower --lr or --strength, or other weights (--seed)";
  try {
    const Anomaly anomaly;
    loss_of(step);
  } catch (const Error& error) {
    throw Diverged(when + ": " + error.what() + change);
  }
  throw Diverged(when + ": the loss was not finite, so training cannot go on" + change);
}

std::string Training::how_far(std::int64_t epoch, std::int64_t batch, const Step& step, double seconds) const {
  const double done = static_cast<double>(batch * options_.batch), speed = done / seconds;
  const std::int64_t epochs_after = (options_.ensemble - number_) * options_.epochs - epoch;
  const double left = (static_cast<double>(epochs_after * images_) - done) / speed;
  return fmt::format("member {}: epoch {} of {}, batch {} of {}, loss {:.4f}, {:.0f} images/s, {:.0f} s left", number_,
                     epoch + 1, options_.epochs, batch, batches_.per_epoch(), step.loss.fit.item<double>(), speed,
                     std::max(left, 0.));
}

std::vector<nn::NamedTensor> Training::state() const {
  std::vector<nn::NamedTensor> result;
  for (const auto& [name, parameter] : member_.named_parameters()) result.push_back({name, parameter.detach()});
  for (const auto& [name, tensor] : std::visit([](const auto& optimizer) { return optimizer.state(); }, optimizer_)) {
    result.push_back({"optimizer." + name, tensor});
  }
  return result;
}

}  // namespace wengert::examples::mnist
