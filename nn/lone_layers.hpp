// Names of parameters, with and without a Sequential that is the only layer of another one.
#pragma once

#include <vector>

#include "nn/module.hpp"
#include "nn/named_tensor.hpp"

namespace wengert::nn {

/// Gives a file's tensors the names that the parameters have, where both lists are the same but for lone layers: a part
/// of a name that is "0" after a "0", and without which no name of its list goes on there ("0.0.weight" beside
/// "0.0.bias"). PyTorch's files have it for Sequential(Sequential(Linear)), and files of models that C++ took for
/// Sequential(Linear) do not. Where the lists differ otherwise, nothing changes.
void use_names_of(const std::vector<NamedParameter>& parameters, std::vector<NamedTensor>& tensors);

}  // namespace wengert::nn
