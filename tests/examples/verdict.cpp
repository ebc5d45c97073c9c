// The verdict on an ensemble, against examples worked out by hand.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

#include "autograd/ops/binary.hpp"
#include "autograd/ops/layout.hpp"
#include "autograd/ops/matmul.hpp"
#include "autograd/ops/random.hpp"
#include "autograd/ops/unary.hpp"
#include "examples/support/ensemble/assignment.hpp"
#include "examples/support/ensemble/json.hpp"
#include "examples/support/ensemble/verdict.hpp"
#include "kernels/base/error.hpp"

using namespace wengert;
using namespace wengert::examples::ensemble;
using doctest::Approx;

namespace {

// Logits whose softmax is these probabilities.
Answers with_probabilities(const std::vector<double>& probabilities, std::int64_t classes) {
  return answers(log(Tensor::from(probabilities, {std::ssize(probabilities) / classes, classes}, DType::f64)));
}

// Sure of these classes, of three.
Answers that_say(const std::vector<std::uint8_t>& classes) {
  std::vector<double> probabilities;
  for (const std::uint8_t said : classes) {
    for (std::uint8_t k = 0; k < 3; ++k) probabilities.push_back(k == said ? 0.8 : 0.1);
  }
  return with_probabilities(probabilities, 3);
}

Layer random_layer(std::int64_t in, std::int64_t out) { return {randn({out, in}), randn({out})}; }

std::vector<Layer> random_network(const std::vector<std::int64_t>& widths) {
  std::vector<Layer> layers;
  for (std::size_t k = 0; k + 1 < widths.size(); ++k) layers.push_back(random_layer(widths[k], widths[k + 1]));
  return layers;
}

Member member(const std::string& name, const std::vector<Layer>& layers, const Tensor& images) {
  Tensor x = images;
  for (std::size_t k = 0; k + 1 < layers.size(); ++k) x = relu(linear(x, layers[k].weight, layers[k].bias));
  return {name, linear(x, layers.back().weight, layers.back().bias), x, layers, {}};
}

// Unit i's weights go to place (i + 1) % n; with another last rows' order nothing but the hidden layer changes.
Tensor rolled(const Tensor& x, int axis) {
  const std::int64_t n = x.shape()[axis];
  return cat({slice(x, axis, n - 1, n), slice(x, axis, 0, n - 1)}, axis);
}
std::vector<Layer> permuted(std::vector<Layer> layers) {
  for (std::size_t k = 0; k + 1 < layers.size(); ++k) {
    layers[k] = {rolled(layers[k].weight, 0), rolled(layers[k].bias, 0)};
    layers[k + 1].weight = rolled(layers[k + 1].weight, 1);
  }
  return layers;
}

// Every hidden unit by a factor of its own, 3, 5, 7, ..., none of which float32 divides by without rounding.
std::vector<Layer> rescaled(std::vector<Layer> layers) {
  for (std::size_t k = 0; k + 1 < layers.size(); ++k) {
    std::vector<float> factors(static_cast<std::size_t>(layers[k].bias.numel()));
    for (std::size_t i = 0; i < factors.size(); ++i) factors[i] = static_cast<float>(3 + 2 * i);
    const Tensor c = Tensor::from(factors, layers[k].bias.shape());
    layers[k] = {layers[k].weight * reshape(c, {-1, 1}), layers[k].bias * c};
    layers[k + 1].weight = layers[k + 1].weight / c;
  }
  return layers;
}

Pair pair_of(const std::vector<Layer>& a, const std::vector<Layer>& b) {
  const Tensor images = rand({200, a[0].weight.shape()[1]});
  const std::vector<std::uint8_t> labels(200, 0);
  return judge({member("A", a, images), member("B", b, images)}, labels).pairs.at(0);
}

}  // namespace

TEST_CASE("verdict: accuracy, nll, confidence and the soft vote of two images") {
  const std::vector<std::uint8_t> labels = {0, 1};
  const Answers a = with_probabilities({0.7, 0.2, 0.1, 0.5, 0.4, 0.1}, 3);
  CHECK(a.predicted == std::vector<std::uint8_t>{0, 0});
  CHECK(a.confidence(0) == Approx(0.7));
  CHECK(accuracy(a, labels) == 0.5);
  CHECK(nll(a, labels) == Approx(-(std::log(0.7) + std::log(0.4)) / 2));
  const std::vector<Answers> voters = {a, with_probabilities({0.1, 0.8, 0.1, 0.1, 0.8, 0.1}, 3)};
  const Answers vote = soft_vote(voters);
  CHECK(vote.predicted == std::vector<std::uint8_t>{1, 1});  // 0.4, 0.5, 0.1 and 0.3, 0.6, 0.1
  CHECK(nll(vote, labels) == Approx(-(std::log(0.4) + std::log(0.6)) / 2));
}

TEST_CASE("verdict: logits of any size have probabilities") {
  const Answers sure = answers(Tensor::from({1000, -1000, 0}, {1, 3}, DType::f32));
  CHECK(sure.confidence(0) == 1);
  CHECK(nll(sure, std::vector<std::uint8_t>{0}) == 0);
  CHECK(std::isinf(nll(sure, std::vector<std::uint8_t>{1})));
  CHECK_THROWS_AS(answers(Tensor::zeros({3})), Error);
}

TEST_CASE("verdict: ece of four images in three bins") {
  // Confidences 0.61 and 0.65 share bin 10 (0.6 to 0.667), with one of both right; 0.9 is right, 1/3 wrong.
  const Answers a = with_probabilities({0.61, 0.3, 0.09, 0.65, 0.3, 0.05, 0.9, 0.05, 0.05, 0.32, 0.34, 0.34}, 3);
  const std::vector<std::uint8_t> labels = {0, 1, 0, 0};
  CHECK(ece(a, labels) == Approx((std::abs(1 - 0.61 - 0.65) + (1 - 0.9) + 0.34) / 4));
}

TEST_CASE("verdict: a pair of which each number of the table of right and wrong is another one") {
  // n11 = 4, n10 = 3, n01 = 2, n00 = 1; both wrong, they say different things.
  const std::vector<std::uint8_t> labels(10, 0);
  const AnswerPair pair =
      compare_answers(that_say({0, 0, 0, 0, 0, 0, 0, 1, 1, 1}), that_say({0, 0, 0, 0, 1, 1, 2, 0, 0, 2}), labels);
  CHECK(pair.agreement == Approx(0.4));
  CHECK(pair.disagreement == Approx(0.5));
  CHECK(pair.double_fault == Approx(0.1));
  CHECK(pair.q.value() == Approx((4 * 1 - 2 * 3) / double(4 * 1 + 2 * 3)));
  CHECK(pair.kappa.value() == Approx(2. * (4 * 1 - 2 * 3) / ((4 + 3) * (3 + 1) + (4 + 2) * (2 + 1))));
  CHECK(pair.b_accuracy_given_a.value() == Approx(4. / 7));
  CHECK(pair.a_accuracy_given_b.value() == Approx(4. / 6));
}

TEST_CASE("verdict: what is undefined is absent") {
  const std::vector<std::uint8_t> labels(2, 0);
  const AnswerPair right = compare_answers(that_say({0, 0}), that_say({0, 0}), labels);
  CHECK_FALSE(right.q);
  CHECK_FALSE(right.kappa);
  CHECK(right.b_accuracy_given_a.value() == 1);
  const AnswerPair wrong = compare_answers(that_say({1, 1}), that_say({1, 2}), labels);
  CHECK_FALSE(wrong.b_accuracy_given_a);
  CHECK(wrong.agreement == 0.5);
  CHECK(wrong.double_fault == 1);
}

TEST_CASE("verdict: McNemar's exact test, and the error of an accuracy") {
  CHECK(mcnemar(0, 0) == 1);
  CHECK(mcnemar(5, 5) == 1);
  CHECK(mcnemar(1, 5) == Approx(2. * (1 + 6) / 64));
  CHECK(mcnemar(10, 0) == Approx(2. / 1024));
  CHECK(mcnemar(0, 10) == mcnemar(10, 0));
  CHECK(accuracy_sigma(0.98, 10000) == Approx(0.0014));
}

TEST_CASE("assignment: as good as the best of all permutations") {
  seed(1);
  for (std::int64_t n = 1; n <= 6; ++n) {
    const std::vector<double> gain = randn({n, n}).to_vector<double>();
    const auto value = [&](const std::vector<std::int64_t>& order) {
      double sum = 0;
      for (std::int64_t i = 0; i < n; ++i)
        sum += gain[static_cast<std::size_t>(i * n + order[static_cast<std::size_t>(i)])];
      return sum;
    };
    std::vector<std::int64_t> order(static_cast<std::size_t>(n));
    std::iota(order.begin(), order.end(), 0);
    double best = value(order);
    while (std::next_permutation(order.begin(), order.end())) best = std::max(best, value(order));
    const std::vector<std::int64_t> found = best_assignment(gain, n);
    CHECK(value(found) == Approx(best));
    CHECK(std::is_permutation(found.begin(), found.end(), order.begin()));
  }
}

TEST_CASE("assignment: 256 units in well under a second, equal gains included") {
  seed(2);
  const auto begin = std::chrono::steady_clock::now();
  CHECK(best_assignment(randn({256, 256}).to_vector<double>(), 256).size() == 256);
  const std::vector<std::int64_t> any = best_assignment(std::vector<double>(256 * 256, 1.), 256);
  CHECK(
      std::is_permutation(any.begin(), any.end(), best_assignment(randn({256, 256}).to_vector<double>(), 256).begin()));
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(3));
}

TEST_CASE("verdict: copies are named as such, with one hidden layer and with two") {
  seed(3);
  for (const std::vector<std::int64_t>& widths : {std::vector<std::int64_t>{12, 16, 4}, {12, 16, 9, 4}}) {
    CAPTURE(widths.size());
    const std::vector<Layer> a = random_network(widths);
    CHECK(pair_of(a, a).relation == Relation::identical);
    CHECK(pair_of(a, permuted(a)).relation == Relation::permuted);
    CHECK(pair_of(a, rescaled(a)).relation == Relation::rescaled);
    CHECK(pair_of(a, permuted(rescaled(a))).relation == Relation::permuted_and_rescaled);
    CHECK(pair_of(a, random_network(widths)).relation == Relation::different);
  }
}

TEST_CASE("verdict: a permuted and rescaled copy looks like a stranger until it is aligned") {
  seed(4);
  const std::vector<Layer> a = random_network({20, 32, 16, 5});
  const Pair copy = pair_of(a, permuted(rescaled(a)));
  CHECK(std::abs(copy.parameters.parameter_cosine.value()) < 0.2);
  CHECK(copy.parameters.aligned_parameter_cosine.value() == Approx(1));
  CHECK(copy.parameters.aligned_l1 < 1e-4 * copy.parameters.parameter_l1);
  CHECK(copy.answers.agreement == 1);
  const Pair strangers = pair_of(a, random_network({20, 32, 16, 5}));
  CHECK(strangers.parameters.aligned_parameter_cosine.value() > strangers.parameters.parameter_cosine.value());
  CHECK(strangers.parameters.aligned_parameter_cosine.value() < 0.8);
}

TEST_CASE("verdict: another last layer makes another function, however alike the weights") {
  seed(5);
  const std::vector<Layer> a = random_network({8, 10, 3});
  std::vector<Layer> b = permuted(a);
  b.back().bias = b.back().bias + 1e-2 * randn({3});
  CHECK(pair_of(a, b).relation == Relation::different);
  CHECK(pair_of(a, b).parameters.aligned_parameter_cosine.value() > 0.999);
  b = a;
  b.back().bias = a.back().bias + 5.F;  // softmax does not see it
  CHECK(pair_of(a, b).relation == Relation::same_answers);
}

TEST_CASE("verdict: a unit without incoming weights has no scale, and what it passes on is of no account") {
  seed(6);
  std::vector<Layer> a = random_network({8, 3, 3});
  const Tensor alive = Tensor::from({1, 0, 1}, {3}, DType::f32);
  a[0] = {a[0].weight * reshape(alive, {-1, 1}), a[0].bias * alive};
  CHECK(pair_of(a, permuted(a)).relation == Relation::permuted);
  CHECK(pair_of(a, rescaled(a)).relation == Relation::same_answers);
}

TEST_CASE("verdict: linear CKA does not see order, scale and shift of the whole, and is absent for a dead layer") {
  seed(7);
  const std::vector<Layer> a = random_network({8, 10, 3});
  CHECK(pair_of(a, permuted(a)).hidden_cka.value() == Approx(1));
  const double other = pair_of(a, random_network({8, 10, 3})).hidden_cka.value();
  CHECK(other > 0);
  CHECK(other < 0.99);
  std::vector<Layer> dead = a;
  dead[0].bias = Tensor::full({10}, -1e6);
  CHECK_FALSE(pair_of(a, dead).hidden_cka);
}

TEST_CASE("verdict: linear CKA worked out by hand") {
  const auto with_hidden = [](const Tensor& hidden) {
    return Member{"A", Tensor::zeros({3, 2}), hidden, {{Tensor::ones({2, 2}), Tensor::ones({2})}}, {}};
  };
  // Centred columns: (-1, 0, 1) beside (-1, 2, -1). Their product is 0; (-1, 0, 1) with itself 2; the second one's is 6.
  const Member x = with_hidden(Tensor::from({0, 1, 2}, {3, 1}, DType::f32));
  const Member y = with_hidden(Tensor::from({0, 3, 0}, {3, 1}, DType::f32));
  const Member both = with_hidden(Tensor::from({0, 0, 1, 3, 2, 0}, {3, 2}, DType::f32));
  const std::vector<std::uint8_t> labels = {0, 1, 0};
  const Verdict verdict = judge({x, y, both}, labels);
  CHECK(verdict.pairs[0].hidden_cka.value() == Approx(0));
  CHECK(verdict.pairs[1].hidden_cka.value() == Approx(4 / (2 * std::sqrt(4. + 36))));
  CHECK(verdict.pairs[2].hidden_cka.value() == Approx(36 / (6 * std::sqrt(4. + 36))));
}

TEST_CASE("verdict: the ensemble is compared with its best member, image by image") {
  const auto saying = [](const std::vector<double>& logits) {
    return Member{"A", Tensor::from(logits, {4, 2}), rand({4, 3}), {{rand({2, 3}), rand({2})}}, {}};
  };
  const std::vector<std::uint8_t> labels = {0, 0, 0, 0};
  const Member first = saying({1, 0, 1, 0, 0, 1, 0, 1}), second = saying({1, 0, 1, 0, 1, 0, 0, 0.5}),
               third = saying({1, 0, 0, 3, 9, 0, 9, 0});
  const Verdict verdict = judge({first, second, third}, labels);
  CHECK(verdict.members[0].accuracy == 0.5);
  CHECK(verdict.against_best.best == 1);  // 0.75, as the third one's
  CHECK(verdict.against_best.only_ensemble == 1);
  CHECK(verdict.against_best.only_best == 0);
  CHECK(verdict.ensemble.accuracy == 1);
  CHECK(verdict.pairs.size() == 3);
}

TEST_CASE("verdict: members that cannot be compared are an error that names them") {
  seed(8);
  const Tensor images = rand({5, 4});
  const std::vector<std::uint8_t> labels(5, 1);
  const Member a = member("first", random_network({4, 3, 2}), images),
               b = member("second", random_network({4, 6, 2}), images);
  CHECK_THROWS_WITH_AS(judge({a, b}, labels), doctest::Contains("second"), Error);
  CHECK_THROWS_AS(judge({}, labels), Error);
  CHECK_THROWS_AS(judge({a}, std::vector<std::uint8_t>(4, 1)), Error);
  CHECK_THROWS_WITH_AS(judge({a}, std::vector<std::uint8_t>(5, 2)), doctest::Contains("label 2"), Error);
  CHECK(judge({a}, labels).pairs.empty());
}

TEST_CASE("verdict: JSON has the contract's names, and null for what is undefined") {
  seed(9);
  const std::vector<Layer> a = random_network({4, 3, 1});
  const Tensor images = rand({5, 4});
  const Verdict verdict =
      judge({member("A", a, images), member("B", random_network({4, 3, 1}), images)}, std::vector<std::uint8_t>(5, 0));
  const std::string pairs = pairs_json(verdict);
  for (const char* expected : {"\"a\": 0, \"b\": 1", "\"agreement\": 1", "\"disagreement\": 0", "\"q\": null",
                               "\"kappa\": null", "\"double_fault\": 0", "\"parameter_cosine\": ",
                               "\"aligned_parameter_cosine\": ", "\"hidden_cka\": ", "\"b_accuracy_given_a\": 1"}) {
    CAPTURE(expected);
    CHECK(pairs.find(expected) != std::string::npos);
  }
  CHECK(ensemble_json(verdict) == R"({"accuracy": 1, "nll": 0, "ece": 0})");
}
