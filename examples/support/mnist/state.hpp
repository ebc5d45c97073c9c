// Where a run is, on disk after every epoch, so that it can be taken up again whatever ended it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "examples/support/mnist/options.hpp"
#include "examples/support/mnist/training.hpp"

namespace wengert::examples::mnist {

struct Tested {
  Epoch training = {};
  double accuracy = 0, nll = 0;  ///< on the test images afterwards
};
/// Each epoch of one member.
using History = std::vector<Tested>;

struct State {
  std::int64_t member = 0, epoch = 0;          ///< the next to be trained
  std::string images = {};                     ///< fingerprint of the data; empty where it is not known
  std::vector<History> histories = {};         ///< of each member so far
  std::vector<nn::NamedTensor> training = {};  ///< Training::state() of the member that was trained last
};

/// Whether a file of that name in the folder of --save is a run's: a member or the state.
bool is_run_file(std::string_view name);

/// The state in the folder of --resume. It may be of a run with fewer or more members or epochs, where the bits are those
/// of a run that had as many from the beginning: members do not depend on how many follow; epochs can be added while only
/// member 0 was trained, since no other's optimiser is kept, and where the learning rate does not depend on their number.
/// Errors: no such folder; a file that is no state, or one of a run with other options, which it names. A folder without
/// a state gives the beginning of a run: that one was ended before its first.
State load_state(const Options&);

/// Makes the state one of these data. Error: it is of a run on others.
void require_same_data(const Options&, const data::Dataset&, State&);

/// Error: the folder of --save holds another run than the one resumed, and --overwrite was not given.
void require_free_folder(const Options&);

/// With --overwrite: removes the files of the run that the folder of --save holds, unless that is the one resumed.
void clear_folder(const Options&);

/// Both write into the folder of --save, and do nothing without one. Errors: the file and the system's reason.
void save_state(const Options&, const State&);
void save_member(const Options&, const Network&, std::int64_t number);

/// Where member `number` is in the folder.
std::filesystem::path member_file(const std::filesystem::path& folder, std::int64_t number);

}  // namespace wengert::examples::mnist
