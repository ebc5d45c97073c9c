// Weights: all parameters of a model as one value, without gradient.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "autograd/tensor.hpp"

namespace wengert::nn {

/// How a model's parameters lie in its flat buffer.
struct Layout {
  /// Of parameters that lie on the device.
  Layout(std::vector<std::string> names, std::vector<Shape> shapes, Device);

  std::vector<std::string> names;
  std::vector<Shape> shapes;
  std::vector<std::int64_t> offsets;  ///< parameter k is [offsets[k], offsets[k + 1])
  /// The same for kernels, int32, on the parameters' device: (parameters + 1), and (2) for all parameters as one segment.
  /// Undefined beyond 2^31 - 1.
  Tensor segments, one_segment;

  std::size_t size() const { return names.size(); }
  /// Error: there are not as many parameters.
  std::int64_t numel(std::size_t k) const;
};

/// What Module::detach() gives: a view of the module's parameters through which no gradient flows. Later training of
/// the module shows through it; clone() is the snapshot that stays.
///
/// Copying copies the handle, and so does moving: what was moved from can still be used.
class Weights {
 public:
  /// Error: `flat` is not one row of as many numbers as the layout has.
  Weights(const Tensor& flat, std::shared_ptr<const Layout> layout);
  Weights(const Weights&) = default;
  Weights& operator=(const Weights&) = default;

  Weights clone() const { return {flat_.clone(), layout_}; }

  std::size_t size() const { return layout_->size(); }
  /// Error: there are not as many.
  const std::string& name(std::size_t k) const;
  /// Parameter k, a view. Error: there are not as many.
  Tensor operator[](std::size_t k) const;
  /// The parameter of that name, a view. Error: there is none.
  Tensor operator[](const std::string& name) const;
  /// All numbers one after another: (total), a view.
  const Tensor& flat() const { return flat_; }
  const Layout& layout() const { return *layout_; }
  const std::shared_ptr<const Layout>& shared_layout() const { return layout_; }

  /// Throws an Error that begins with `what` and names the first difference, if `other` is laid out otherwise.
  void require_same_topology(const char* what, const Weights& other) const;

 private:
  Tensor flat_;
  std::shared_ptr<const Layout> layout_;
};

}  // namespace wengert::nn
