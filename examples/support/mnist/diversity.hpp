// What pushes a member of an ensemble away from the earlier ones.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "examples/support/mnist/network.hpp"
#include "losses/per.hpp"

namespace wengert::examples::mnist {

/// A member that is trained, and frozen. What it answers to an image stays the same, and is computed once.
struct Frozen {
  std::unique_ptr<const Network> network;
  Tensor answers;  ///< probabilities (training images, classes), on the CPU; undefined where they are not compared
};
using Members = std::vector<Frozen>;

/// A batch on its way through the network in training.
struct Pass {
  const Members& earlier;
  const Network& trained;
  const Tensor& x;
  const std::vector<Tensor>& answers;  ///< each earlier member's, to this batch; none where they are not compared
  const Outputs& outputs;
};

/// One way of doing it. Each term is the mean of the loss of that name in losses/ against every earlier member, but ncl,
/// which takes them together.
struct Diversity {
  const char* name;
  double strength;                ///< factor of the term in the loss, unless another is asked for
  bool snapshot;                  ///< whether a member begins where the one before ended
  bool answers;                   ///< whether the term compares answers
  Var (*term)(const Pass&, Per);  ///< null where members are only trained apart
};

std::span<const Diversity> diversities();
/// Error: there is none of that name.
const Diversity& diversity(const std::string& name);

}  // namespace wengert::examples::mnist
