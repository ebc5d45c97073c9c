#include "kernels/simt/options.hpp"
namespace simt {
Options& options() {
  static Options instance;
  return instance;
}
}
