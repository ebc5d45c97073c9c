// What a loss of two sides asks of them: a reference without history, and a trained side that a gradient can reach.
#pragma once

#include <concepts>

#include "autograd/var.hpp"
#include "nn/module.hpp"

namespace wengert::losses {

template <class T>
concept HasHistory = std::same_as<T, Var> || std::derived_from<T, nn::Module>;

/// The side that a loss compares with: a Tensor, or a model's nn::Weights. What has history or gradients does not
/// compile. It refers to its argument and must not outlive the call.
template <class T>
class Reference {
 public:
  Reference(const T& value) : value_(&value) {}  // NOLINT(google-explicit-constructor): stands in T's place
  template <HasHistory Trainable>
  Reference(const Trainable&) {  // NOLINT(google-explicit-constructor)
    static_assert(!HasHistory<Trainable>,
                  "no gradient may flow into the reference, so pass it without history: A.detach()");
  }
  const T& operator*() const { return *value_; }
  const T* operator->() const { return value_; }

 private:
  const T* value_ = nullptr;
};

namespace detail {

// These throw an Error that begins with the loss's name; `pair` says what the sides are.

/// If both are the same memory.
void require_apart(const char* loss, const Tensor& reference, const Tensor& trained, const char* pair);
/// The same, or if they differ in shape or dtype.
void require_pair(const char* loss, const Tensor& reference, const Tensor& trained, const char* pair);
/// If no gradient can reach the trained side, and no NoGrad scope says that none is wanted.
void require_trainable(const char* loss, const Operand& trained);
/// All of it for two models, or if they differ in topology.
void require_models(const char* loss, const nn::Weights& reference, const nn::Module& trained);

}  // namespace detail
}  // namespace wengert::losses
