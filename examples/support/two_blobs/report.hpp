// What two_blobs draws.
#pragma once

#include <string>

#include "examples/support/files.hpp"
#include "examples/support/two_blobs/training.hpp"

namespace wengert::examples {

/// A page of its own: what was done, how the losses went, what the models answer where, where the gradient is cut, and
/// the parameters. It needs no network, and follows the reader's choice of light or dark.
std::string report_page(const TwoBlobsOptions& options, const Blobs& data, const Trained& a, const Trained& b);

/// Both models' planes beside each other, an SVG file.
std::string planes_picture(const Blobs& data, const Trained& a, const Trained& b);

}  // namespace wengert::examples
