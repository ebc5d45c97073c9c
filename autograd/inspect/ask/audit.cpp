#include "autograd/inspect/ask/audit.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "autograd/inspect/ask/gradients.hpp"
#include "autograd/inspect/numbers.hpp"
#include "kernels/base/error.hpp"

namespace wengert {
namespace {

using Gradient = std::optional<std::vector<double>>;

// The inner products of the terms' gradients at one parameter, or summed over several.
class InnerProducts {
 public:
  explicit InnerProducts(std::size_t terms) : terms_(terms), sums_(terms * terms) {}
  explicit InnerProducts(const std::vector<Gradient>& gradients) : InnerProducts(gradients.size()) {
    for (std::size_t i = 0; i < terms_; ++i) {
      for (std::size_t j = i; j < terms_; ++j) {
        const Gradient &a = gradients[i], &b = gradients[j];
        if (a && b) sums_[i * terms_ + j] = std::inner_product(a->begin(), a->end(), b->begin(), 0.);
      }
    }
  }
  void add(const InnerProducts& other) {
    for (std::size_t i = 0; i < sums_.size(); ++i) {
      if (other.sums_[i]) sums_[i] = sums_[i].value_or(0) + *other.sums_[i];
    }
  }
  std::optional<double> norm(std::size_t term) const {
    const std::optional<double> square = at(term, term);
    return square ? std::optional(std::sqrt(*square)) : std::nullopt;
  }
  std::optional<double> cosine(const Audit::Pair& pair) const {
    const std::optional<double> product = at(pair.first, pair.second);
    const double cosine = product.value_or(0) / (norm(pair.first).value_or(0) * norm(pair.second).value_or(0));
    return product && std::isfinite(cosine) ? std::optional(cosine) : std::nullopt;
  }

 private:
  std::optional<double> at(std::size_t i, std::size_t j) const { return sums_[i * terms_ + j]; }

  std::size_t terms_;
  std::vector<std::optional<double>> sums_;  // empty where no two gradients met
};

Audit::Row row_of(const std::string& parameter, std::int64_t numel, const InnerProducts& products, const Audit& audit) {
  Audit::Row row{parameter, numel, {}, {}};
  double total = 0;
  for (std::size_t term = 0; term < audit.terms.size(); ++term) {
    row.pulls.push_back({products.norm(term), std::nullopt});
    total += row.pulls[term].norm.value_or(0);
  }
  for (Audit::Pull& pull : row.pulls) {
    if (pull.norm && total > 0 && std::isfinite(total)) pull.share = *pull.norm / total;
  }
  for (const Audit::Pair& pair : audit.pairs) row.cosines.push_back(products.cosine(pair));
  return row;
}

std::vector<Gradient> gradients_at(std::size_t parameter,
                                   const std::vector<std::vector<std::optional<Tensor>>>& of_terms) {
  std::vector<Gradient> result;
  for (const std::vector<std::optional<Tensor>>& gradients : of_terms) {
    const std::optional<Tensor>& gradient = gradients[parameter];
    result.push_back(gradient ? Gradient(gradient->to_vector<double>()) : std::nullopt);
  }
  return result;
}

std::vector<std::vector<std::optional<Tensor>>> send_backward(const std::vector<LossTerm>& terms,
                                                              const std::vector<Var>& parameters) {
  std::vector<std::vector<std::optional<Tensor>>> result;
  for (const LossTerm& term : terms) {
    try {
      result.push_back(gradients(term.value, parameters));
    } catch (const Error& error) {
      fail("audit of '", term.name, "': ", error.what());
    }
  }
  return result;
}

std::string name_of(const std::vector<Var>& parameters, std::size_t k) {
  const Node& node = *parameters[k].node();
  return node.notes && !node.notes->name.empty() ? node.notes->name : "parameter " + std::to_string(k);
}

// What is to be warned of in one row. What was said of all parameters together is not repeated for each.
class Warnings {
 public:
  Warnings(Audit& audit, const AuditOptions& options) : audit_(audit), options_(options) {}

  void look_at(const Audit::Row& row, bool is_all) {
    parameter_ = is_all ? "" : row.parameter;
    where_ = is_all ? "" : " at '" + row.parameter + "'";
    for (std::size_t i = 0; i < audit_.terms.size(); ++i) look_at(audit_.terms[i], row.pulls[i]);
    for (std::size_t i = 0; row.numel > 1 && i < audit_.pairs.size(); ++i) look_at(audit_.pairs[i], row.cosines[i]);
  }

 private:
  using Problem = Audit::Problem;
  bool is_all() const { return parameter_.empty(); }

  void look_at(const std::string& term, const Audit::Pull& pull) {
    const std::string subject = term + ": its gradient" + where_;
    if (!pull.norm) {
      if (!is_all()) return;  // no news: a term need not mention every parameter
      say(Problem::not_reached, term, subject + " reaches none of these parameters; explain() says where it ends");
    } else if (!std::isfinite(*pull.norm)) {
      if (!is_all()) say(Problem::not_finite, term, subject + " is " + four_digits(*pull.norm));
    } else if (*pull.norm == 0) {
      say(Problem::no_effect, term, subject + " is zero, so that it has no effect");
    } else if (pull.share && *pull.share < options_.no_effect) {
      say(Problem::no_effect, term,
          subject + " is " + four_digits(*pull.share) + " of all terms' together, below " +
              four_digits(options_.no_effect) + ", so that it has no effect; raise its factor");
    }
  }
  void look_at(const Audit::Pair& pair, std::optional<double> cosine) {
    if (!cosine || *cosine >= options_.opposes) return;
    const std::string both = audit_.terms[pair.first] + " and " + audit_.terms[pair.second];
    say(Problem::opposes, both,
        both + " oppose each other" + where_ + ": the cosine of their gradients is " + four_digits(*cosine) +
            ", below " + four_digits(options_.opposes));
  }
  void say(Problem problem, const std::string& who, std::string text) {
    const std::pair said(problem, who);
    if (!is_all() && std::ranges::find(said_of_all_, said) != said_of_all_.end()) return;
    if (is_all()) said_of_all_.push_back(said);
    audit_.warnings.push_back({problem, parameter_, std::move(text)});
  }

  Audit& audit_;
  const AuditOptions& options_;
  std::string parameter_, where_;
  std::vector<std::pair<Problem, std::string>> said_of_all_;
};

}  // namespace

Audit audit(const std::vector<LossTerm>& terms, const std::vector<Var>& parameters, const AuditOptions& options) {
  if (terms.empty()) fail("audit: takes at least one term of a loss");
  if (parameters.empty()) fail("audit: takes at least one parameter");
  if (std::isnan(options.no_effect) || std::isnan(options.opposes))
    fail("audit: no_effect and opposes must be numbers");
  std::vector<Var> values;
  values.reserve(terms.size());
  for (const LossTerm& term : terms) values.push_back(term.value);
  require_all_defined("audit", "term", values);
  require_all_defined("audit", "parameter", parameters);
  Audit result;
  for (const LossTerm& term : terms) result.terms.push_back(term.name);
  for (std::size_t i = 0; i < terms.size(); ++i) {
    for (std::size_t j = i + 1; j < terms.size(); ++j) result.pairs.push_back({i, j});
  }
  const auto of_terms = send_backward(terms, parameters);
  InnerProducts all(terms.size());
  std::int64_t numel = 0;
  for (std::size_t k = 0; k < parameters.size(); ++k) {
    const InnerProducts products(gradients_at(k, of_terms));
    all.add(products);
    result.parameters.push_back(row_of(name_of(parameters, k), parameters[k].numel(), products, result));
    numel += parameters[k].numel();
  }
  result.all = row_of("all", numel, all, result);
  Warnings warnings(result, options);
  warnings.look_at(result.all, true);
  for (const Audit::Row& row : result.parameters) warnings.look_at(row, false);
  return result;
}

}  // namespace wengert
