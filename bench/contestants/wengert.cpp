#include "bench/contestants/wengert.hpp"

#include <optional>
#include <wengert.hpp>

namespace wengert::bench {
namespace {

Tensor tensor(const std::vector<float>& values, const Shape& shape) { return Tensor::from(values, shape); }

void sample(const Tensor& x, std::vector<float>& into) { bench::sample(x.data<float>(), x.numel(), into); }

class RecordedAdd : public Run {
 public:
  void step() override { sum_ = a_ + b_; }
  std::vector<float> result() override { return sum_.to_vector(); }

 private:
  Tensor b_ = Tensor::ones({1});
  Var a_ = Var::parameter(Tensor::ones({1})), sum_;
};

class Chain : public Run {
 public:
  explicit Chain(std::int64_t nodes) : nodes_(nodes) {}
  void step() override {
    a_.zero_grad();
    Var sum = a_;
    for (std::int64_t i = 0; i < nodes_; ++i) sum = sum + b_;
    backward(sum);
  }
  std::vector<float> result() override { return a_.grad()->to_vector(); }

 private:
  std::int64_t nodes_;
  Tensor b_ = Tensor::ones({1});
  Var a_ = Var::parameter(Tensor::ones({1}));
};

struct Net : nn::Module {
  nn::Linear fc1 = add("fc1", nn::Linear(2, 4));
  nn::Linear fc2 = add("fc2", nn::Linear(4, 1));
  Var operator()(const Var& x) const { return sigmoid(fc2(relu(fc1(x)))); }
};

enum class Way { captured, eager, composed };

class TwoBlobsStep : public Run {
 public:
  explicit TwoBlobsStep(Way way) : way_(way) {
    a_.detach().flat().assign(data_.old_model);
    b_.detach().flat().assign(data_.model);
  }
  void step() override {
    if (captured_) {
      captured_->replay();
    } else if (way_ == Way::captured) {
      captured_ = capture([this] { eager(); });
    } else {
      eager();
    }
  }
  std::vector<float> result() override { return b_.detach().flat().to_vector(); }

 private:
  void eager() {
    sgd_.zero_grad();
    const Var fit = losses::bce(b_(x_), y_);
    const Var push =
        way_ == Way::composed ? losses::inverse_l1_composed(a_.detach(), b_) : losses::inverse_l1(a_.detach(), b_);
    backward(fit + push);
    sgd_.step();
  }

  Way way_;
  TwoBlobs data_;
  Tensor x_ = tensor(data_.x, {TwoBlobs::points, 2}), y_ = tensor(data_.y, {TwoBlobs::points, 1});
  Net a_, b_;
  optim::SGD sgd_{b_.parameters(), {.lr = double{TwoBlobs::lr}}};
  std::optional<Capture> captured_;
};

// A model of `pairs` tensors with n numbers in all.
struct Vectors : nn::Module {
  Vectors(std::int64_t n, std::int64_t pairs, const std::vector<float>& values) {
    for (std::int64_t k = 0; k < pairs; ++k)
      add(std::to_string(k), Tensor::empty({n * (k + 1) / pairs - n * k / pairs}));
    detach().flat().assign(values);
  }
};

class Similarity : public Run {
 public:
  Similarity(const Problem& problem, Way way)
      : way_(way),
        a_(problem.sizes[0], problem.sizes[1], numbers(problem.sizes[0], 1)),
        b_(problem.sizes[0], problem.sizes[1], numbers(problem.sizes[0], 2)) {}
  void step() override {
    b_.zero_grad();
    loss_ = way_ == Way::composed ? losses::inverse_l1_composed(a_.detach(), b_) : losses::inverse_l1(a_.detach(), b_);
    backward(loss_);
  }
  std::vector<float> result() override {
    std::vector<float> values = loss_.to_vector();
    sample(b_.flat_gradient(), values);
    return values;
  }

 private:
  Way way_;
  Vectors a_, b_;
  Var loss_;
};

class CrossEntropy : public Run {
 public:
  CrossEntropy(const Problem& problem, Way way)
      : way_(way),
        x_(Var::parameter(
            tensor(numbers(problem.sizes[0] * problem.sizes[1], 1, -4, 4), {problem.sizes[0], problem.sizes[1]}))),
        labels_(Tensor::from(labels(problem.sizes[0], problem.sizes[1]), {problem.sizes[0]})) {
    if (way == Way::composed) one_hot_ = one_hot(labels_.to_vector<std::int32_t>(), problem.sizes[1]);
  }
  void step() override {
    x_.zero_grad();
    loss_ = way_ == Way::composed ? -mean(sum(one_hot_ * log_softmax(x_), 1)) : losses::cross_entropy(x_, labels_);
    backward(loss_);
  }
  std::vector<float> result() override {
    std::vector<float> values = loss_.to_vector();
    sample(*x_.grad(), values);
    return values;
  }

 private:
  static Tensor one_hot(const std::vector<std::int32_t>& labels, std::int64_t classes) {
    const auto rows = static_cast<std::int64_t>(labels.size());
    std::vector<float> values(static_cast<std::size_t>(rows * classes));
    for (std::int64_t row = 0; row < rows; ++row)
      values[static_cast<std::size_t>(row * classes + labels[static_cast<std::size_t>(row)])] = 1;
    return tensor(values, {rows, classes});
  }
  Way way_;
  Var x_;
  Tensor labels_, one_hot_;
  Var loss_;
};

class Linear : public Run {
 public:
  Linear(const Problem& problem, Way way)
      : way_(way),
        x_(Var::parameter(tensor(numbers(rows(problem) * in(problem), 1), {rows(problem), in(problem)}))),
        weight_(Var::parameter(tensor(numbers(out(problem) * in(problem), 2), {out(problem), in(problem)}))),
        bias_(Var::parameter(tensor(numbers(out(problem), 3), {out(problem)}))),
        upstream_(tensor(numbers(rows(problem) * out(problem), 4), {rows(problem), out(problem)})),
        backward_(problem.work == "linear") {}
  void step() override {
    for (const Var& leaf : {x_, weight_, bias_}) leaf.zero_grad();
    y_ = way_ == Way::composed ? matmul(x_, transpose(weight_)) + bias_ : linear(x_, weight_, bias_);
    if (backward_) backward(y_, upstream_);
  }
  std::vector<float> result() override {
    std::vector<float> values;
    sample(y_.detach(), values);
    if (!backward_) return values;
    for (const Var& leaf : {x_, weight_, bias_}) sample(*leaf.grad(), values);
    return values;
  }

 private:
  static std::int64_t rows(const Problem& problem) { return problem.sizes[0]; }
  static std::int64_t in(const Problem& problem) { return problem.sizes[1]; }
  static std::int64_t out(const Problem& problem) { return problem.sizes[2]; }
  Way way_;
  Var x_, weight_, bias_;
  Tensor upstream_;
  bool backward_;
  Var y_;
};

template <class Optimizer>
class Optimise : public Run {
 public:
  explicit Optimise(const Problem& problem)
      : parameter_(Var::parameter(tensor(numbers(problem.sizes[0], 1), {problem.sizes[0]}))), optimizer_({parameter_}) {
    backward(parameter_, tensor(numbers(problem.sizes[0], 2), {problem.sizes[0]}));
  }
  void step() override { optimizer_.step(); }
  std::vector<float> result() override {
    std::vector<float> values;
    sample(parameter_.detach(), values);
    return values;
  }

 private:
  Var parameter_;
  Optimizer optimizer_;
};

std::unique_ptr<Run> start(const Problem& problem, Way way) {
  if (problem.work == "two_blobs_step") return std::make_unique<TwoBlobsStep>(way);
  if (way == Way::eager) return nullptr;
  if (problem.work == "similarity") return std::make_unique<Similarity>(problem, way);
  if (problem.work == "cross_entropy") return std::make_unique<CrossEntropy>(problem, way);
  if (problem.work.starts_with("linear")) return std::make_unique<Linear>(problem, way);
  if (way == Way::composed) return nullptr;
  if (problem.work == "recorded_add") return std::make_unique<RecordedAdd>();
  if (problem.work == "chain") return std::make_unique<Chain>(problem.sizes[0]);
  if (problem.work == "adam") return std::make_unique<Optimise<optim::Adam>>(problem);
  if (problem.work == "sgd") return std::make_unique<Optimise<optim::SGD>>(problem);
  return nullptr;
}

}  // namespace

void add_wengert(std::vector<Contestant>& contestants) {
  const auto by = [](Way way) { return [way](const Problem& problem) { return start(problem, way); }; };
  contestants.push_back({"wengert", by(Way::captured)});
  contestants.push_back({"wengert_eager", by(Way::eager)});
  contestants.push_back({"wengert_composed", by(Way::composed)});
}

}  // namespace wengert::bench
