// Module: named parameters in one flat buffer.
#pragma once

#include <concepts>
#include <filesystem>
#include <memory>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "autograd/var.hpp"
#include "nn/flat_buffer.hpp"
#include "nn/weights.hpp"

namespace wengert::nn {

struct NamedParameter {
  std::string name;
  Var parameter;
};

/// The base of models and layers. A derived struct declares its parts with add, and a call operator:
///
///     struct Net : nn::Module {
///       nn::Linear fc1 = add("fc1", nn::Linear(2, 4));
///       Var operator()(const Var& x) const { return relu(fc1(x)); }
///     };
///
/// All parameters, those of children at any depth too, are ranges of one buffer, in the order in which they were added,
/// and so are their gradients. Modules move and do not copy: `Net b; b.assign(a.detach())`. Every use of one that was
/// moved from, or that lacks memory for a part of which it has taken a half, is an Error, but for giving it a new value.
class Module {
 public:
  Module();
  Module(Module&&) = default;
  Module& operator=(Module&& other) noexcept {
    if (this != &other) take(std::move(other));
    return *this;
  }
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;
  virtual ~Module() = default;

  /// Takes the child's parameters over as "name.its-name", and returns it. Errors (of all three): a name that is empty,
  /// has a dot, is not UTF-8, is "__metadata__" (which means something else in a file) or is taken; a module that is a
  /// child already, or whose address an optimiser or a capture relies on; another dtype than the parameters before;
  /// inside a capture. Adding all parts of a module takes time in proportion to its parameters.
  template <std::derived_from<Module> Child>
  [[nodiscard]] Child add(const std::string& name, Child child) {
    adopt(name, child);
    return child;
  }
  /// A new parameter that starts with these numbers, which it shares no memory with.
  Var add(const std::string& name, const Tensor& initial);
  /// A parameter made before. One that this module has already is stored once, under its first name. Errors: not a
  /// leaf; part of another module (add a shared parameter once, in the module that owns it, and hand the Var to the
  /// others).
  Var add(const std::string& name, const Var& parameter);

  /// In the order in which they were added.
  const std::vector<Var>& parameters() const {
    require_present("parameters");
    return parameters_;
  }
  std::vector<NamedParameter> named_parameters() const;

  void zero_grad() const;  ///< makes every gradient absent
  void freeze() const;     ///< no gradient reaches the parameters, and no optimiser moves them
  void unfreeze() const;
  /// Moves parameters and gradients; handles and detached views follow. Errors: the device is not available; this module
  /// is part of another one; an optimiser or a capture relies on where its parameters are.
  void to(Device device);

  /// A view of all parameters without gradient, see Weights. Inside an Inspect scope it remembers what it was cut from,
  /// and where. Error: no parameters.
  Weights detach(const char* file = __builtin_FILE(), int line = __builtin_LINE()) const;
  /// Copies the weights in. Error: another topology.
  void assign(const Weights& weights) const;

  /// Safetensors files (nn/safetensors.hpp). load needs exactly these names, shapes and this dtype, and changes nothing
  /// if it fails. One difference of names is allowed: where a Sequential is the only layer of another one, the "0" that it
  /// adds to all names may be missing in the file or be there in addition (see Sequential).
  void save(const std::filesystem::path& path) const;
  void load(const std::filesystem::path& path) const;

  // For losses and optimisers.
  /// All gradients as one array beside detach().flat(); which parts hold one, the parameters know.
  Tensor flat_gradient() const {
    require_present("flat_gradient");
    return gradients_.flat();
  }

 protected:
  /// Throws an Error that begins with `what` if this module was moved from, or is half of one after an error.
  void require_present(const char* what) const {
    if (!layout_) [[unlikely]]
      refuse_broken(what);
  }
  /// add, for a child that lies where it will stay.
  void adopt(const std::string& name, Module& child);

 private:
  // Made when it is first asked for, by any thread: to make it at each add would make building quadratic.
  struct LazyLayout;

  [[noreturn]] static void refuse_broken(const char* what);
  void take(Module&& other) noexcept;
  void check_can_add(const std::string& name) const;
  void enter(const std::string& name, const Var& parameter);
  bool has(const Var& parameter) const;
  std::shared_ptr<const Layout> layout() const;
  void changed();

  FlatBuffer values_, gradients_;
  bool is_part_ = false;  // of another module, also where it has no parameters
  std::vector<Var> parameters_;
  std::vector<std::string> names_;             // of the parameters
  std::unordered_set<std::string> own_names_;  // of children and of parameters added here
  // Replaced when parts are added, since Weights share it. Null after a move, and while a part is being added.
  std::shared_ptr<LazyLayout> layout_;
};

}  // namespace wengert::nn
