// The term audit: what each term of a loss does to each parameter, and what it leaves behind.
#include "autograd/inspect/ask/audit.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <sstream>

#include "autograd/backward.hpp"
#include "autograd/inspect/ask/gradients.hpp"
#include "autograd/inspect/watch/inspect.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/random.hpp"
#include "autograd/ops/reduce.hpp"
#include "autograd/ops/unary.hpp"
#include "losses/inverse_l1.hpp"
#include "tests/support/error_text.hpp"
#include "tests/support/small_tape.hpp"
#include "tests/support/text.hpp"
#include "tests/support/two_blobs.hpp"

using namespace wengert;
using testing::fails_with;
using testing::has;
using testing::parameter;

namespace {

bool warns(const Audit& audit, Audit::Problem problem, const std::string& parameter = "") {
  for (const Audit::Warning& warning : audit.warnings) {
    if (warning.problem == problem && warning.parameter == parameter) return true;
  }
  return false;
}

std::string text_of(const Audit& audit) {
  std::ostringstream out;
  out << audit;
  return out.str();
}

}  // namespace

TEST_CASE("audit: norms, shares and cosines of each term at each parameter") {
  const Var a = parameter("a", {1, 2});
  const Var b = parameter("b", {3});
  const Var fit = sum(a * Tensor::from({3., 4.}, {2}));                // d/da = (3, 4)
  const Var push = sum(a * Tensor::from({4., 3.}, {2})) + sum(b * b);  // d/da = (4, 3), d/db = 6
  const Audit result = audit({{"fit", fit}, {"push", push}}, {a, b});

  REQUIRE(result.parameters.size() == 2);
  CHECK(result.parameters[0].parameter == "a");
  CHECK(result.parameters[0].numel == 2);
  CHECK(result.parameters[0].pulls[0].norm == 5);
  CHECK(result.parameters[0].pulls[1].norm == 5);
  CHECK(result.parameters[0].pulls[0].share == 0.5);
  CHECK(*result.parameters[0].cosines.at(0) == doctest::Approx(24. / 25));
  CHECK(result.parameters[1].pulls[0].norm == std::nullopt);  // absent, which is not zero
  CHECK(result.parameters[1].pulls[0].share == std::nullopt);
  CHECK(result.parameters[1].pulls[1].norm == 6);
  CHECK(result.parameters[1].pulls[1].share == 1);
  CHECK(result.parameters[1].cosines.at(0) == std::nullopt);
  CHECK(*result.all.pulls[1].norm == doctest::Approx(std::sqrt(25. + 36)));
  CHECK(*result.all.cosines.at(0) == doctest::Approx(24 / (5 * std::sqrt(61.))));
  CHECK(result.warnings.empty());

  const std::string text = text_of(result);
  INFO(text);
  CHECK(has(text, "\nb            -    -"));
  CHECK(has(text, "cos(fit, push)"));
}

TEST_CASE("audit: a term of no effect, one that opposes, one that reaches nothing, and one that is not finite") {
  const Var a = parameter("a", {1, 2});
  const Var fit = sum(a);
  SUBCASE("no effect: the bound is the share of all") {
    const Var push = 1e-5 * sum(a);
    const Audit result = audit({{"fit", fit}, {"push", push}}, {a});
    CHECK(warns(result, Audit::Problem::no_effect));
    CHECK(result.warnings.size() == 1);  // not said again for the parameter
    CHECK(has(text_of(result), "warning: push: its gradient is 1e-05 of all terms' together, below 0.001"));
    CHECK(audit({{"fit", fit}, {"push", push}}, {a}, {.no_effect = 1e-6}).warnings.empty());
  }
  SUBCASE("zero is said to be zero") {
    const Audit result = audit({{"fit", fit}, {"push", sum(relu(a * -1.0))}}, {a});
    CHECK(result.all.pulls[1].norm == 0);
    CHECK(has(text_of(result), "push: its gradient is zero"));
  }
  SUBCASE("opposed") {
    const Audit result = audit({{"fit", fit}, {"push", sum(a * -2.0)}}, {a});
    CHECK(*result.all.cosines.at(0) == doctest::Approx(-1));
    CHECK(warns(result, Audit::Problem::opposes));
    CHECK(audit({{"fit", fit}, {"push", sum(a * -2.0)}}, {a}, {.opposes = -2}).warnings.empty());
    const Var one = parameter("one", {1});
    CHECK(audit({{"fit", one * 1.0}, {"push", one * -1.0}}, {one}).warnings.empty());
  }
  SUBCASE("unreached: a stray detach") {
    const Audit result = audit({{"fit", fit}, {"push", Var(sum(a.detach()))}}, {a});
    CHECK(result.all.pulls[1].norm == std::nullopt);
    CHECK(warns(result, Audit::Problem::not_reached));
  }
  SUBCASE("not finite: shown as such, and no share or cosine is made up from it") {
    const Var push = 1.0 / sum(a - a.detach());
    const Audit result = audit({{"fit", fit}, {"push", push}}, {a});
    CHECK(std::isinf(*result.all.pulls[1].norm));
    CHECK(result.all.pulls[0].share == std::nullopt);
    CHECK(result.all.cosines.at(0) == std::nullopt);
    CHECK(warns(result, Audit::Problem::not_finite, "a"));
    CHECK(has(to_json(result), "\"norms\": [1.4142135623730951, \"inf\"]"));
    CHECK(has(to_json(result), "\"cosines\": [null]"));
  }
}

TEST_CASE("audit: gradients and the tape are as they were") {
  seed(3);
  const testing::Net reference, model;
  const testing::Blobs data;
  const auto terms = [&] {
    const Var fit = mean(square(model(data.x) - data.y));
    return std::vector<LossTerm>{{"fit", fit}, {"push", losses::inverse_l1(reference.detach(), model)}};
  };
  const auto gradients_of = [&] {
    std::vector<std::vector<float>> all;
    for (const Var& p : model.parameters()) all.push_back(p.grad() ? p.grad()->to_vector() : std::vector<float>());
    return all;
  };
  SUBCASE("absent") {
    const auto before = gradients_of();
    audit(terms(), model.parameters());
    CHECK(gradients_of() == before);
  }
  SUBCASE("present, also of a parameter that was not asked for") {
    backward(terms()[0].value);
    const auto before = gradients_of();
    audit(terms(), {model.parameters()[1]});
    CHECK(gradients_of() == before);
    audit(terms(), model.parameters());
    CHECK(gradients_of() == before);
  }
  SUBCASE("left over from before freezing") {
    backward(terms()[0].value);
    model.freeze();
    const auto before = gradients_of();
    const Audit result = audit({{"push", Var(Tensor::ones({}))}}, model.parameters());
    CHECK(result.all.pulls[0].norm == std::nullopt);
    model.unfreeze();
    CHECK(gradients_of() == before);
  }
  SUBCASE("and backward gives what it would have given") {
    backward(terms()[0].value + terms()[1].value);
    const auto wanted = gradients_of();
    model.zero_grad();
    const std::vector<LossTerm> two = terms();
    audit(two, model.parameters());
    backward(two[0].value + two[1].value);
    CHECK(gradients_of() == wanted);
  }
  SUBCASE("inside an Inspect scope also those of the steps") {
    const Inspect scope;
    const std::vector<LossTerm> two = terms();
    audit(two, model.parameters());
    CHECK(two[0].value.grad() == std::nullopt);
    backward(two[0].value);
    const auto before = gradients_of();
    CHECK(two[0].value.grad()->item() == 1);
    CHECK(fails_with([&] { audit(two, model.parameters()); }, "audit of 'fit'", "used up"));
    CHECK(two[0].value.grad()->item() == 1);
    CHECK(gradients_of() == before);
  }
}

TEST_CASE("audit: names with markup stay what they are, and the JSON whole") {
  const Var a = parameter("<b>\"a\"\\\n", {1});
  const std::string json = to_json(audit({{"\t<i>", sum(a)}}, {a}));
  CHECK(has(json, R"("parameter": "\u003cb>\"a\"\\\u000a")"));
  CHECK(has(json, R"("terms": ["\u0009\u003ci>"])"));
}

TEST_CASE("audit: errors") {
  const Var a = parameter("a", {1, 2});
  CHECK(fails_with([&] { audit({}, {a}); }, "at least one term"));
  CHECK(fails_with([&] { audit({{"fit", sum(a)}}, {}); }, "at least one parameter"));
  CHECK(fails_with([&] { audit({{"fit", sum(a)}}, {a * 2.0}); }, "audit of 'fit'", "takes parameters"));
  CHECK(fails_with([&] { audit({{"fit", a * 2.0}}, {a}); }, "audit of 'fit'", "must be one number"));
}

TEST_CASE("gradients: a parameter used twice, and a loss that is a parameter") {
  const Var a = parameter("a", {3});
  const std::vector<Var> both{a, a};
  for (const std::optional<Tensor>& g : gradients(a * a, both)) CHECK(g->item() == 6);
  CHECK(gradients(a, both)[0]->item() == 1);
  CHECK(a.grad() == std::nullopt);
}
