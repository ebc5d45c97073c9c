// The options of two_blobs.
#pragma once

#include <cstdint>
#include <string>

#include "kernels/base/device.hpp"
#include "kernels/base/products.hpp"
#include "losses/inverse_l1.hpp"

namespace wengert::examples {

struct TwoBlobsOptions {
  Device device;
  Products products = Products::own;
  std::int64_t epochs = 20000;
  double lr = 0.01;
  std::int64_t seed = 0;
  bool similarity = true;  ///< whether B is pushed away from A
  losses::InverseL1Options inverse_l1 = {};
  double strength = 1;
  std::int64_t threads = 1;
  bool zero_grad = true;
  bool eager = false;
  bool audit = false;
  bool lint = false;
  bool quiet = false;
  std::string init, save, log, report, picture, tape;  ///< files; empty where not asked for

  bool wants_audit() const { return audit || !report.empty(); }
  bool wants_history() const { return !log.empty() || !report.empty(); }
};

/// Throws WrongUsage, or Finished after --help and --version.
TwoBlobsOptions parse_two_blobs(int argc, const char* const* argv);

}  // namespace wengert::examples
