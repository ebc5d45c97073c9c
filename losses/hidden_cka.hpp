// Linear CKA of two models' hidden activations over a batch: how far one's are a rotation of the other's (Kornblith et
// al. 2019, "Similarity of Neural Network Representations Revisited"). Minimising it makes the hidden layers unlike.
//
//   X' = X minus the mean of each column, over rows; K = X' X'^T, L = Y' Y'^T, both (rows, rows)
//   cka = <K, L> / (|K| |L|), |K| = sqrt(sum K^2 + eps): the cosine of K and L
//       = |X'^T Y'|^2 / (|X'^T X'| |Y'^T Y'|), whose matrices have units for sides; the smaller of both ways is taken
//   dY = 2 dcka (K / (|K| |L|) - cka L / |L|^2) Y'
//
// Known flaw: it knows nothing of what the next layer reads. A direction of large variance that the output ignores is
// enough to lower it (Davari et al. 2022, "Reliability of CKA as a Similarity Measure in Deep Learning"), and its
// gradient fades just where two models are alike. With fewer rows than units it is high whatever the models: of two
// rows it is 1.
//
// Singular points: where Y' is a rotation of X' times a number, so for equal models, hidden units in another order, or
// rescaled as a whole, cka is 1 and dY = 0. Where one side is constant over the batch (all units dead, or one row),
// cka and dY are 0, and with eps = 0 NaN (0 / 0).
#pragma once

#include "autograd/var.hpp"
#include "losses/sides.hpp"

namespace wengert::losses {

struct HiddenCkaOptions {
  double eps = 1e-8;  ///< at least 0; added to the squared sizes of the matrices
};

/// Linear CKA in [0, 1], a scalar: activations (rows, units) of the same rows; the numbers of units may differ. Errors:
/// other ranks, unlike rows or dtypes; both sides the same memory; a trained side that no gradient can reach, except in
/// a NoGrad scope.
Var hidden_cka(Reference<Tensor> reference, Operand trained, HiddenCkaOptions options = {});

}  // namespace wengert::losses
