// An ensemble's members, trained one after another.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "examples/support/ensemble/member.hpp"
#include "examples/support/mnist/state.hpp"
#include "nn/data/dataset.hpp"

namespace wengert::examples::mnist {

/// The data set of the options, cut to what they want of it. Errors: those of data::load and data::first.
data::Dataset load_data(const Options&);

struct Ensemble {
  Members members;                 ///< frozen
  std::vector<History> histories;  ///< of each
  std::string diverged = {};       ///< why the last one's training came to nothing, and that of others was not begun
};

/// Called after every epoch: what it came to, of which member, and the number of the epoch, from 0.
using AfterEpoch = std::function<void(const Tested&, std::int64_t member, std::int64_t epoch)>;

/// Trains what is left of `state`, and keeps the new ones in the folder of --save. A member diverged if its loss was not
/// finite, or if after its last epoch the loss or the test NLL is above 100 times that of guessing; it is not kept there.
/// Errors: those of files; a state that does not fit the network.
Ensemble train(const Options&, const data::Dataset&, State state, const AfterEpoch&);

/// The members as the verdict takes them.
std::vector<ensemble::Member> answers_of(const Ensemble&, const data::Samples& test);

/// Whether the diversity term did anything to the member: no, if its gradient was below a thousandth of the base loss's at
/// the end of every epoch. Empty, or a sentence that says so.
std::string without_effect(const Options&, const History&, std::size_t member);

}  // namespace wengert::examples::mnist
