// Every op and loss on the inputs of a safetensors file: values and gradients, for ops.py to hold against PyTorch's.
//
//   parity_ops IN OUT      IN has for each problem "OP@VARIANT/0", "/1", ... (int32 ones are constants, all others
//                          parameters) and "/upstream"; OUT gets "/value" and "/grad0", ... where a gradient arrived
//   parity_ops --list      the names of the ops, a line each
#include <functional>
#include <iostream>
#include <map>
#include <wengert.hpp>

#include "tests/support/elementwise_case.hpp"

using namespace wengert;

namespace {

using Vars = std::vector<Var>;
using Op = std::function<Var(const Vars&)>;

/// Two models of one parameter tensor or more, the first a reference.
struct Model : nn::Module {
  explicit Model(const Vars& initial) {
    for (std::size_t k = 0; k < initial.size(); ++k) parameters.push_back(add("p" + std::to_string(k), initial[k]));
  }
  Vars parameters;
};

/// A loss of models made of the first and the second half of the inputs.
template <class Loss>
Var of_models(const Vars& x, const Loss& loss) {
  const auto half = x.begin() + static_cast<std::ptrdiff_t>(x.size() / 2);
  const Model reference(Vars(x.begin(), half)), trained(Vars(half, x.end()));
  return loss(reference.detach(), trained);
}
Var models_apart(const Vars& x, losses::InverseL1Options options) {
  return of_models(x, [&](const auto& a, const auto& b) { return losses::inverse_l1(a, b, options); });
}
Var models_turned(const Vars& x, losses::CosineOptions options) {
  return of_models(x, [&](const auto& a, const auto& b) { return losses::cosine(a, b, options); });
}
Var models_correlated(const Vars& x, losses::CorrelationOptions options) {
  return of_models(x, [&](const auto& a, const auto& b) { return losses::correlation(a, b, options); });
}

const std::map<std::string, Op> others{
    {"pow_zero", [](const Vars& x) { return pow(x[0], 0); }},
    {"softmax", [](const Vars& x) { return softmax(x[0]); }},
    {"log_softmax", [](const Vars& x) { return log_softmax(x[0]); }},
    {"sum", [](const Vars& x) { return sum(x[0]); }},
    {"sum_first", [](const Vars& x) { return sum(x[0], 0); }},
    {"sum_last_kept", [](const Vars& x) { return sum(x[0], -1, true); }},
    {"mean", [](const Vars& x) { return mean(x[0]); }},
    {"mean_middle", [](const Vars& x) { return mean(x[0], 1); }},
    {"max", [](const Vars& x) { return max(x[0]); }},
    {"max_last", [](const Vars& x) { return max(x[0], -1); }},
    {"argmax", [](const Vars& x) { return argmax(x[0]); }},
    {"argmax_first", [](const Vars& x) { return argmax(x[0], 0); }},
    {"matmul", [](const Vars& x) { return matmul(x[0], x[1]); }},
    {"linear", [](const Vars& x) { return linear(x[0], x[1], x[2]); }},
    {"transpose", [](const Vars& x) { return transpose(x[0], 0, 2); }},
    {"reshape",
     [](const Vars& x) {
       return reshape(x[0], {-1, 6});
     }},
    {"cat", [](const Vars& x) { return cat(x, 1); }},
    {"select", [](const Vars& x) { return select(x[0], 1, 2); }},
    {"slice", [](const Vars& x) { return slice(x[0], 1, 1, 3); }},
    {"mse", [](const Vars& x) { return losses::mse(x[0], x[1].detach()); }},
    {"bce", [](const Vars& x) { return losses::bce(x[0], x[1].detach()); }},
    {"bce_with_logits", [](const Vars& x) { return losses::bce_with_logits(x[0], x[1].detach()); }},
    {"cross_entropy", [](const Vars& x) { return losses::cross_entropy(x[0], x[1].detach()); }},
    {"soft_cross_entropy", [](const Vars& x) { return losses::soft_cross_entropy(x[0], x[1].detach()); }},
    {"inverse_l1", [](const Vars& x) { return losses::inverse_l1(x[0].detach(), x[1]); }},
    {"inverse_l1_eps", [](const Vars& x) { return losses::inverse_l1(x[0].detach(), x[1], {.eps = 0.25}); }},
    {"inverse_l1_composed", [](const Vars& x) { return losses::inverse_l1_composed(x[0].detach(), x[1]); }},
    {"inverse_l1_models", [](const Vars& x) { return models_apart(x, {}); }},
    {"inverse_l1_model", [](const Vars& x) { return models_apart(x, {.eps = 0.25, .per = Per::model}); }},
    {"cosine", [](const Vars& x) { return losses::cosine(x[0].detach(), x[1]); }},
    {"cosine_eps", [](const Vars& x) { return losses::cosine(x[0].detach(), x[1], {.eps = 0.25}); }},
    {"cosine_models", [](const Vars& x) { return models_turned(x, {.eps = 0.25}); }},
    {"cosine_model", [](const Vars& x) { return models_turned(x, {.per = Per::model}); }},
    {"correlation", [](const Vars& x) { return losses::correlation(x[0].detach(), x[1]); }},
    {"correlation_eps", [](const Vars& x) { return losses::correlation(x[0].detach(), x[1], {.eps = 0.25}); }},
    {"correlation_models", [](const Vars& x) { return models_correlated(x, {.eps = 0.25}); }},
    {"correlation_model", [](const Vars& x) { return models_correlated(x, {.per = Per::model}); }},
    {"inverse_ce", [](const Vars& x) { return losses::inverse_ce(x[1].detach(), x[0]); }},
    {"inverse_ce_eps", [](const Vars& x) { return losses::inverse_ce(x[1].detach(), x[0], {.eps = 0.25}); }},
    {"negative_ce", [](const Vars& x) { return losses::negative_ce(x[1].detach(), x[0]); }},
    {"hidden_cka", [](const Vars& x) { return losses::hidden_cka(x[0].detach(), x[1]); }},
    {"hidden_cosine", [](const Vars& x) { return losses::hidden_cosine(x[0].detach(), x[1]); }},
    {"ncl",
     [](const Vars& x) {
       return losses::ncl({x[0].detach(), x[1].detach()}, x[2]);
     }},
};

/// Those others, and every case of the elementwise table.
std::map<std::string, Op> all_ops() {
  std::map<std::string, Op> all = others;
  for (const testing::ElementwiseCase& one : testing::elementwise_cases()) all[one.name] = one.of_vars;
  return all;
}

// The problem's operands: int32 ones are constants.
Vars inputs_of(const std::string& problem, const std::map<std::string, Tensor>& given) {
  Vars inputs;
  for (;;) {
    const auto operand = given.find(problem + "/" + std::to_string(inputs.size()));
    if (operand == given.end()) return inputs;
    const Tensor& x = operand->second;
    inputs.push_back(x.dtype() == DType::i32 ? Var(x) : Var::parameter(x));
  }
}

void run(const char* in, const char* out) {
  std::map<std::string, Tensor> given;
  for (const auto& [name, tensor] : nn::load_tensors(in)) given[name] = tensor;
  std::vector<nn::NamedTensor> results;
  const std::map<std::string, Op> ops = all_ops();
  for (const auto& [name, upstream] : given) {
    if (!name.ends_with("/upstream")) continue;
    const std::string problem = name.substr(0, name.find('/'));
    const Vars inputs = inputs_of(problem, given);
    const Var value = ops.at(name.substr(0, name.find('@')))(inputs);
    results.push_back({problem + "/value", value.detach()});
    if (value.requires_grad()) backward(value, upstream);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (!inputs[i].requires_grad()) continue;
      if (const auto gradient = inputs[i].grad()) results.push_back({problem + "/grad" + std::to_string(i), *gradient});
    }
  }
  nn::save_tensors(out, results);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc == 3) {
      run(argv[1], argv[2]);
    } else {
      for (const auto& [name, op] : all_ops()) std::cout << name << "\n";
    }
  } catch (const std::exception& error) {
    std::cerr << "parity_ops: " << error.what() << "\n";
    return 1;
  }
}
