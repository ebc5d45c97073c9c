// The page that two_blobs writes.
#pragma once

#include <string>

#include "examples/support/files.hpp"
#include "examples/support/two_blobs/training.hpp"

namespace wengert::examples {

/// A page of its own: what was done and what one sees, what the models answer where, how the losses went, the tape of
/// B's loss with the cut at A, the gradients of its terms, and the parameters. It needs no network, and follows the
/// reader's choice of light or dark. `error` is what ended training early, or empty: the page then goes as far as
/// training went, and says so.
std::string report_page(const TwoBlobsOptions& options, const Blobs& data, const Trained& a, const Trained& b,
                        const std::string& error);

/// --tape: the tape of B's loss as a page to step through, beside the same loss without detach, which cuts nothing, and
/// why gradients are zeroed. A is frozen, and stays so.
std::string tape_page_of(const Trained& a, const Trained& b, const TwoBlobsOptions& options);

}  // namespace wengert::examples
