// What two_blobs reads and writes, except the page and the picture.
#pragma once

#include <string>

#include "examples/support/two_blobs/training.hpp"

namespace wengert::examples {

/// All that can go wrong before training does so here: a device that is not there, a bad --init file, an output that
/// cannot be written. Afterwards points and models are those of --init, and on the device.
void prepare(const TwoBlobsOptions& options, Blobs& data, nn::Module& a, nn::Module& b);

/// --save: x, y, A.fc1.weight, ..., B.fc2.bias.
void save_experiment(const std::string& path, const Blobs& data, const nn::Module& a, const nn::Module& b);

/// --log: a row for each epoch of each model.
std::string log_csv(const Trained& a, const Trained& b);

}  // namespace wengert::examples
