// The options of mnist.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "examples/support/command_line.hpp"
#include "examples/support/mnist/diversity.hpp"
#include "kernels/base/device.hpp"

namespace wengert::examples::mnist {

struct Options {
  std::string dataset = "mnist", data;
  Device device = {};
  std::int64_t epochs = 5, batch = 128, hidden = 256, layers = 1;
  std::string loss = "cross-entropy", optimizer = "adam";
  double lr = 0.001;
  std::string schedule = "constant";
  std::int64_t seed = 0, threads = 1;
  std::optional<std::int64_t> train_limit = {}, test_limit = {};
  std::int64_t ensemble = 1;
  const Diversity* diversity = &mnist::diversity("none");
  Per per = Per::tensor;
  double strength = 0;
  std::string init, save, resume, json, report;  ///< files and folders; empty where not asked for
  bool overwrite = false, quiet = false;
};

/// Throws WrongUsage, or Finished after --help and --version.
Options parse_options(int argc, const char* const* argv);

/// Whether a file of that name in the folder of --data is one of the four that are read, or could be.
bool is_data_file(std::string_view name);

/// After parse: throws WrongUsage where --data would have no effect, or where an output is a file of the data set.
void check_data_folder(const CommandLine&, const std::string& dataset, const std::string& folder);

struct Setting {
  std::string name, value;  ///< "lr", "0.001"; an empty value where nothing was given
  bool is_text;             ///< rather than a number
  bool decides;             ///< whether the trained weights depend on it
};

/// Every option as it stands, for files and pages.
std::vector<Setting> settings(const Options& options);

}  // namespace wengert::examples::mnist
