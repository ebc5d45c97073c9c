// expect: give it a name
#include <iostream>

#include "autograd/inspect/ask/freeze_certificate.hpp"
#include "autograd/inspect/watch/anomaly.hpp"
#include "autograd/inspect/watch/inspect.hpp"
#include "autograd/inspect/watch/lint.hpp"
#include "autograd/no_grad.hpp"

using namespace wengert;

void without(const std::vector<Var>& parameters) {
  NoGrad();                       // warns
  Inspect();                      // warns
  Anomaly();                      // warns
  Lint();                         // warns
  Lint{std::cerr};                // warns
  FreezeCertificate{parameters};  // warns: with () it would declare a variable
}

void with(const std::vector<Var>& parameters) {
  const NoGrad no_grad;
  const Inspect inspect;
  const Anomaly anomaly;
  const Lint lint, writes(std::cerr);
  const FreezeCertificate certificate(parameters);
}
