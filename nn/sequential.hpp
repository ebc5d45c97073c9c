// Sequential: layers one after another.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "nn/module.hpp"

namespace wengert::nn {

/// Sequential(Linear(2, 4), ReLU(), Linear(4, 1)): what each layer gives goes to the next. A layer is anything that
/// makes a Var of a Var; the parameters of those that are modules are named "0.weight", "0.bias", "2.weight", ...
///
/// A layer may be a Sequential: Sequential(Sequential(Linear(2, 4), ReLU()), Linear(4, 1)) has "0.0.weight". As the only
/// layer it must be appended: C++ takes Sequential(Sequential(...)), as any T(T(...)), for the inner object itself.
/// Module::load reads a file of either, so PyTorch's too.
class Sequential : public Module {
 public:
  template <class... Layers>
  explicit Sequential(Layers... layers) {
    (append(std::move(layers)), ...);
  }

  /// Adds a layer at the end. Errors: those of Module::add.
  template <class L>
  Sequential& append(L layer) {
    require_present("append");
    auto holder = std::make_unique<Holder<L>>(std::move(layer));
    [[maybe_unused]] L& held = holder->layer;
    layers_.push_back(std::move(holder));
    if constexpr (std::derived_from<L, Module>) {
      try {
        adopt(std::to_string(layers_.size() - 1), held);
      } catch (...) {
        layers_.pop_back();
        throw;
      }
    }
    return *this;
  }

  Var operator()(Operand x) const {
    require_present("Sequential");
    Var result = x;
    for (const auto& layer : layers_) result = layer->call(Operand(result, x.where.file, x.where.line));
    return result;
  }

 private:
  struct Layer {
    virtual ~Layer() = default;
    virtual Var call(const Operand& x) const = 0;
  };
  template <class L>
  struct Holder final : Layer {
    explicit Holder(L held) : layer(std::move(held)) {}
    Var call(const Operand& x) const override { return layer(x); }
    L layer;
  };

  std::vector<std::unique_ptr<Layer>> layers_;
};

}  // namespace wengert::nn
