// LibTorch, PyTorch's own C++ side, as its users write it.
#include <torch/torch.h>

#include "bench/contest.hpp"

namespace wengert::bench {
namespace {

torch::Tensor tensor(const std::vector<float>& values, std::vector<std::int64_t> shape) {
  return torch::tensor(values).reshape(shape);
}
torch::Tensor leaf(const std::vector<float>& values, std::vector<std::int64_t> shape) {
  return tensor(values, std::move(shape)).clone().requires_grad_();
}
void sample(const torch::Tensor& x, std::vector<float>& into) {
  bench::sample(x.contiguous().data_ptr<float>(), x.numel(), into);
}
void forget_gradient(torch::Tensor& x) { x.mutable_grad() = torch::Tensor(); }

class RecordedAdd : public Run {
 public:
  void step() override { sum_ = a_ + b_; }
  std::vector<float> result() override { return {sum_.item<float>()}; }

 private:
  torch::Tensor a_ = torch::ones({1}, torch::requires_grad()), b_ = torch::ones({1}), sum_;
};

class Chain : public Run {
 public:
  explicit Chain(std::int64_t nodes) : nodes_(nodes) {}
  void step() override {
    forget_gradient(a_);
    torch::Tensor sum = a_;
    for (std::int64_t i = 0; i < nodes_; ++i) sum = sum + b_;
    sum.backward();
  }
  std::vector<float> result() override { return {a_.grad().item<float>()}; }

 private:
  std::int64_t nodes_;
  torch::Tensor a_ = torch::ones({1}, torch::requires_grad()), b_ = torch::ones({1});
};

struct NetImpl : torch::nn::Module {
  NetImpl() {
    fc1 = register_module("fc1", torch::nn::Linear(2, 4)), fc2 = register_module("fc2", torch::nn::Linear(4, 1));
  }
  torch::Tensor forward(const torch::Tensor& x) { return torch::sigmoid(fc2(torch::relu(fc1(x)))); }
  torch::nn::Linear fc1{nullptr}, fc2{nullptr};
};
TORCH_MODULE(Net);

class TwoBlobsStep : public Run {
 public:
  TwoBlobsStep() : sgd_(b_->parameters(), torch::optim::SGDOptions(TwoBlobs::lr)) {
    assign(a_, data_.old_model);
    assign(b_, data_.model);
  }
  void step() override {
    sgd_.zero_grad();
    torch::Tensor loss = torch::binary_cross_entropy(b_(x_), y_);
    const auto a = a_->parameters(), b = b_->parameters();
    for (std::size_t k = 0; k < a.size(); ++k) loss = loss + 1 / torch::sum(torch::abs(a[k].detach() - b[k]));
    loss.backward();
    sgd_.step();
  }
  std::vector<float> result() override {
    std::vector<float> values;
    for (const torch::Tensor& parameter : b_->parameters()) sample(parameter.detach(), values);
    return values;
  }

 private:
  static void assign(Net& net, const std::vector<float>& values) {
    const torch::NoGradGuard guard;
    auto from = values.begin();
    for (torch::Tensor& parameter : net->parameters()) {
      parameter.copy_(tensor({from, from + parameter.numel()}, parameter.sizes().vec()));
      from += parameter.numel();
    }
  }
  TwoBlobs data_;
  torch::Tensor x_ = tensor(data_.x, {TwoBlobs::points, 2}), y_ = tensor(data_.y, {TwoBlobs::points, 1});
  Net a_, b_;
  torch::optim::SGD sgd_;
};

class Similarity : public Run {
 public:
  explicit Similarity(const Problem& problem) {
    const std::int64_t n = problem.sizes[0], pairs = problem.sizes[1];
    const std::vector<float> a = numbers(n, 1), b = numbers(n, 2);
    for (std::int64_t k = 0; k < pairs; ++k) {
      const std::int64_t begin = n * k / pairs, end = n * (k + 1) / pairs;
      a_.push_back(tensor({a.begin() + begin, a.begin() + end}, {end - begin}));
      b_.push_back(leaf({b.begin() + begin, b.begin() + end}, {end - begin}));
    }
  }
  void step() override {
    for (torch::Tensor& b : b_) forget_gradient(b);
    loss_ = torch::Tensor();
    for (std::size_t k = 0; k < a_.size(); ++k) {
      const torch::Tensor term = 1. / torch::sum(torch::abs(a_[k].detach() - b_[k]));
      loss_ = loss_.defined() ? loss_ + term : term;
    }
    loss_.backward();
  }
  std::vector<float> result() override {
    std::vector<torch::Tensor> gradients;
    for (const torch::Tensor& b : b_) gradients.push_back(b.grad());
    std::vector<float> values{loss_.item<float>()};
    sample(torch::cat(gradients), values);
    return values;
  }

 private:
  std::vector<torch::Tensor> a_, b_;
  torch::Tensor loss_;
};

class CrossEntropy : public Run {
 public:
  explicit CrossEntropy(const Problem& problem)
      : x_(leaf(numbers(problem.sizes[0] * problem.sizes[1], 1, -4, 4), problem.sizes)),
        labels_(torch::tensor(labels(problem.sizes[0], problem.sizes[1])).to(torch::kLong)) {}
  void step() override {
    forget_gradient(x_);
    loss_ = torch::nn::functional::cross_entropy(x_, labels_);
    loss_.backward();
  }
  std::vector<float> result() override {
    std::vector<float> values{loss_.item<float>()};
    sample(x_.grad(), values);
    return values;
  }

 private:
  torch::Tensor x_, labels_, loss_;
};

class Linear : public Run {
 public:
  explicit Linear(const Problem& problem)
      : rows_(problem.sizes[0]), in_(problem.sizes[1]), out_(problem.sizes[2]), backward_(problem.work == "linear") {}
  void step() override {
    for (torch::Tensor* x : {&x_, &weight_, &bias_}) forget_gradient(*x);
    y_ = torch::linear(x_, weight_, bias_);
    if (backward_) y_.backward(upstream_);
  }
  std::vector<float> result() override {
    std::vector<float> values;
    sample(y_.detach(), values);
    if (!backward_) return values;
    for (const torch::Tensor& x : {x_, weight_, bias_}) sample(x.grad(), values);
    return values;
  }

 private:
  std::int64_t rows_, in_, out_;
  bool backward_;
  torch::Tensor x_ = leaf(numbers(rows_ * in_, 1), {rows_, in_}), weight_ = leaf(numbers(out_ * in_, 2), {out_, in_}),
                bias_ = leaf(numbers(out_, 3), {out_}), upstream_ = tensor(numbers(rows_ * out_, 4), {rows_, out_}), y_;
};

template <class Optimizer, class Options>
class Optimise : public Run {
 public:
  explicit Optimise(const Problem& problem)
      : parameter_(leaf(numbers(problem.sizes[0], 1), problem.sizes)), optimizer_({parameter_}, Options(0.001)) {
    parameter_.mutable_grad() = tensor(numbers(problem.sizes[0], 2), problem.sizes);
  }
  void step() override { optimizer_.step(); }
  std::vector<float> result() override {
    std::vector<float> values;
    sample(parameter_.detach(), values);
    return values;
  }

 private:
  torch::Tensor parameter_;
  Optimizer optimizer_;
};

std::unique_ptr<Run> start(const Problem& problem) {
  torch::set_num_threads(1);
  if (problem.work == "recorded_add") return std::make_unique<RecordedAdd>();
  if (problem.work == "chain") return std::make_unique<Chain>(problem.sizes[0]);
  if (problem.work == "two_blobs_step") return std::make_unique<TwoBlobsStep>();
  if (problem.work == "similarity") return std::make_unique<Similarity>(problem);
  if (problem.work == "cross_entropy") return std::make_unique<CrossEntropy>(problem);
  if (problem.work.starts_with("linear")) return std::make_unique<Linear>(problem);
  if (problem.work == "adam") return std::make_unique<Optimise<torch::optim::Adam, torch::optim::AdamOptions>>(problem);
  if (problem.work == "sgd") return std::make_unique<Optimise<torch::optim::SGD, torch::optim::SGDOptions>>(problem);
  return nullptr;
}

}  // namespace
}  // namespace wengert::bench

void wengert_bench_contestants(std::vector<wengert::bench::Contestant>& contestants) {
  contestants.push_back({"libtorch_" TORCH_VERSION, wengert::bench::start});
}
