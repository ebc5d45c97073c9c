// Names of parameters, with and without a Sequential that is the only layer of another one.
#pragma once

#include <vector>

#include "nn/module.hpp"
#include "nn/named_tensor.hpp"

namespace wengert::nn {

/// Gives a file's tensors the names that the parameters have, where both lists are the same but for lone layers: a part
/// "0" of a name that is the only part of its parent and is followed by numbers in every name ("0.0.weight" beside
/// "0.2.weight"). PyTorch's files have it for Sequential(Sequential(...)), and files of models that C++ took for the inner
/// Sequential alone do not. Where the lists differ otherwise, nothing changes.
void use_names_of(const std::vector<NamedParameter>& parameters, std::vector<NamedTensor>& tensors);

}  // namespace wengert::nn
