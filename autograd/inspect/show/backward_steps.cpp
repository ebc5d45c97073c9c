#include "autograd/inspect/show/backward_steps.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "autograd/inspect/numbers.hpp"
#include "autograd/inspect/show/svg.hpp"
#include "kernels/base/text_stream.hpp"
#include "kernels/ops/described.hpp"

namespace wengert {
namespace {

constexpr std::int64_t few = 4;

std::string in_code(const std::string& text) { return "<code>" + escaped(text) + "</code>"; }
std::string cell(const std::string& html) { return "<td>" + html + "</td>"; }

// The numbers if they are few, otherwise shape and norm.
std::string words_of(const Tensor& x) {
  if (!x.defined()) return "-";
  TextStream text;
  if (x.numel() > few) {
    text << "|·| " << four_digits(norm_of(x)) << ' ' << x.shape();
    return text.str();
  }
  const std::vector<double> values = x.to_vector<double>();
  for (const double value : values) text << (text.tellp() > 0 ? ", " : "") << four_digits(value);
  return values.size() == 1 ? text.str() : std::string("[").append(text.str()).append("]");
}

class Steps {
 public:
  explicit Steps(const Tape& tape) : tape_(tape), order_(backward_order(tape)) {}

  std::string html() const {
    std::string list;
    for (std::size_t k = 0; k < order_.size(); ++k) list += step(k);
    return list;
  }

 private:
  std::string label(std::size_t number) const {
    const Tape::Row& row = tape_.row(number);
    const std::string name = row.name();
    return std::to_string(number).append(" ").append(name.empty() ? row.op() : name);
  }

  std::string step(std::size_t k) const {
    const Tape::Row& row = tape_.row(order_[k]);
    const std::string place = brief(row.where()), name = row.name();
    std::string html = "<li class=\"rule\" data-row=\"" + std::to_string(row.number) + "\"><h4>Step " +
                       std::to_string(k + 1) + " of " + std::to_string(order_.size()) + ": " +
                       escaped(label(row.number));
    if (!name.empty()) html += ", " + escaped(row.op());
    if (!place.empty()) html += " <small>" + escaped(place) + "</small>";
    return html + "</h4>\n" + forward(row) + upstream(row) + products(row) + "</li>\n";
  }

  std::string forward(const Tape::Row& row) const {
    const auto* const op = kernels::description_of(row.op());
    return "<p>Forward: " + in_code(std::string("out = ") + (op ? op->words.forward : row.op())) +
           ", out = " + in_code(words_of(row.value)) + operands(row) + ".</p>\n";
  }

  std::string operands(const Tape::Row& row) const {
    static constexpr std::array<const char*, 3> placeholders{"x₁", "x₂", "x₃"};
    const std::vector<Tape::Input> inputs = tape_.inputs(row);
    if (inputs.size() > placeholders.size() || !kernels::description_of(row.op())) return "";
    std::string html;
    for (std::size_t k = 0; k < inputs.size(); ++k) {
      const Tape::Input& input = inputs[k];
      const std::string name = input.number > 0 ? label(input.number) : name_of(input.value);
      html += std::string(", ") + placeholders[k] + " = " + in_code(words_of(input.value)) +
              (name.empty() ? "" : " (" + escaped(name) + ")");
    }
    return html;
  }

  std::string upstream(const Tape::Row& row) const {
    std::vector<std::string> parts, readers;
    for (const std::size_t reader : tape_.readers(row)) {
      for (const Tape::Input& input : tape_.inputs(tape_.row(reader))) {
        if (input.number != row.number || !input.share.defined()) continue;
        parts.push_back(in_code(words_of(input.share)));
        readers.push_back(escaped(label(reader)));
      }
    }
    std::string text = "<p>Upstream gradient u = " + in_code(words_of(*row.gradient()));
    if (parts.empty()) return text + ": the result's own, with which backward began.</p>\n";
    if (parts.size() == 1) return text + ", from " + readers[0] + ".</p>\n";
    for (std::size_t k = 0; k < parts.size(); ++k) text += (k == 0 ? " = " : " + ") + parts[k] + " from " + readers[k];
    return text + ".</p>\n";
  }

  std::string products(const Tape::Row& row) const {
    std::string rows;
    const std::vector<Tape::Input> inputs = tape_.inputs(row);
    for (std::size_t k = 0; k < inputs.size(); ++k) rows += product(row, inputs[k], k);
    return "<table><thead><tr><th scope=\"col\">to</th><th scope=\"col\">local derivative</th><th "
           "scope=\"col\">sent</th><th scope=\"col\">its gradient so far</th></tr></thead>\n<tbody>" +
           rows + "</tbody></table>\n";
  }

  std::string product(const Tape::Row& row, const Tape::Input& input, std::size_t operand) const {
    const std::string name = input.number > 0 ? label(input.number) : name_of(input.value);
    const std::string head = "<tr><th scope=\"row\">" + escaped(name.empty() ? "constant" : name) + "</th>";
    if (!input.share.defined()) return head + "<td colspan=\"3\">" + why_nothing(input) + "</td></tr>\n";
    const auto* const op = kernels::description_of(row.op());
    const std::string u = words_of(*row.gradient()), sent = words_of(input.share);
    std::string local = op ? in_code(op->local(operand)) : "by the op's own rule", sum = sent;
    if (is_product(row, input)) {
      const bool written_out = input.share.numel() <= few && row.gradient()->numel() <= few;
      if (written_out) sum = "upstream " + u + " × local " + words_of(input.local) + " = " + sent;
      if (!written_out) local += " = " + in_code(words_of(input.local));
    }
    return head + cell(local) + cell(in_code(sum)) + cell(so_far(row, input)) + "</tr>\n";
  }

  // Whether what was sent is upstream times local derivative, number by number.
  static bool is_product(const Tape::Row& row, const Tape::Input& input) {
    if (!input.local.defined()) return false;
    const auto* const op = kernels::description_of(row.op());
    return row.node->shape.numel() == 1 || (op && op->elementwise() && input.share.shape() == row.node->shape);
  }

  std::string why_nothing(const Tape::Input& input) const {
    if (input.number == 0) return "nothing: a constant wants no gradient";
    const Tape::Row& row = tape_.row(input.number);
    const std::string place = brief(row.where());
    if (row.cut) return "nothing: the cut, " + escaped(row.op() + (place.empty() ? "" : " at " + place));
    return row.absence() == Tape::Row::Absence::frozen ? "nothing: frozen" : "nothing";
  }

  // Which of its readers have run: those with greater numbers run first.
  std::string so_far(const Tape::Row& row, const Tape::Input& input) const {
    const Tape::Row& target = tape_.row(input.number);
    std::size_t all = 0, come = 0;
    for (const std::size_t reader : tape_.readers(target)) {
      for (const Tape::Input& one : tape_.inputs(tape_.row(reader))) {
        if (one.number != target.number || !one.share.defined()) continue;
        ++all;
        come += reader >= row.number ? 1 : 0;
      }
    }
    const std::optional<Tensor> gradient = target.gradient();
    if (come < all) return std::to_string(come) + " of " + std::to_string(all) + " shares";
    if (!gradient) return "cleared since";
    return in_code(words_of(*gradient)) + (all > 1 ? ", the sum of " + std::to_string(all) + " shares" : "") +
           (is_sum_of_shares(target) ? "" : ", with what earlier backwards left");
  }

  bool is_sum_of_shares(const Tape::Row& target) const {
    std::vector<double> rest = target.gradient()->to_vector<double>();
    for (const std::size_t reader : tape_.readers(target)) {
      for (const Tape::Input& one : tape_.inputs(tape_.row(reader))) {
        if (one.number != target.number || !one.share.defined()) continue;
        const std::vector<double> share = one.share.to_vector<double>();
        for (std::size_t k = 0; k < rest.size(); ++k) rest[k] -= share[k];
      }
    }
    const double norm = norm_of(*target.gradient());
    return std::ranges::all_of(rest, [&](double left) { return !(std::abs(left) > 1e-4 * norm); });
  }

  const Tape& tape_;
  std::vector<std::size_t> order_;
};

}  // namespace

std::vector<std::size_t> backward_order(const Tape& tape) {
  std::vector<std::size_t> order;
  for (const Tape::Row& row : tape.rows()) {
    if (row.node && !row.node->is_leaf && !row.behind_cut && row.gradient()) order.push_back(row.number);
  }
  std::ranges::reverse(order);
  return order;
}

std::string backward_steps(const Tape& tape) { return Steps(tape).html(); }

}  // namespace wengert
