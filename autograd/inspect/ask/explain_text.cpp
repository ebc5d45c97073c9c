#include <ostream>

#include "autograd/inspect/ask/explain.hpp"
#include "autograd/inspect/numbers.hpp"
#include "autograd/inspect/show/columns.hpp"
#include "autograd/inspect/tape.hpp"

namespace wengert {
namespace {

using Reason = Explanation::Reason;

constexpr std::size_t most_cuts_told = 10;

std::string text_of(std::optional<double> number) { return number ? four_digits(*number) : "-"; }

std::string at(const Where& where) {
  const std::string place = brief(where);
  return place.empty() ? place : " at " + place;
}

std::string text_of(const Explanation::Step& step) {
  return step.op + (step.name.empty() ? "" : " '" + step.name + "'") + at(step.where);
}

std::string list_of(const std::vector<Explanation::Step>& steps) {
  std::string text;
  for (const Explanation::Step& step : steps) text.append(text.empty() ? "" : ", ").append(text_of(step));
  return text;
}

// Of a long path the ends.
std::string path_of(const std::vector<Explanation::Step>& path) {
  constexpr std::size_t ends = 4;
  std::string text;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (i > 0) text += " <- ";
    if (path.size() > 2 * ends + 1 && i == ends) {
      text += std::to_string(path.size() - 2 * ends).append(" steps <- ");
      i = path.size() - ends;
    }
    text += text_of(path[i]);
  }
  return text;
}

std::string text_of(const Explanation::FirstCut& cut) {
  const char* const verb = cut.kind == Reason::detach    ? "detached"
                           : cut.kind == Reason::no_grad ? "computed in a NoGrad scope"
                                                         : "frozen";
  std::string text = (cut.of.empty() ? "several values" : cut.of) + ", " + verb + at(cut.where);
  if (*cut.user.op) text += ", used by " + text_of(cut.user);
  return text;
}

std::string sentence(const Explanation& e) {
  const std::string reached = " is reached by " + e.loss, not_reached = " is not reached by " + e.loss;
  switch (e.reason) {
    case Reason::reached:
      return reached + ": its gradient has the norm " + text_of(e.gradient);
    case Reason::zero:
      return reached + ", and its gradient is zero, which is not the same as none";
    case Reason::backward_not_run:
      return reached + ", but backward has not run over this tape yet";
    case Reason::cleared:
      return reached + (e.is_parameter ? ": backward has run, and the gradient was cleared since"
                                       : ": backward has run, and gradients of results are kept only where they have "
                                         "a name, or in an Inspect scope");
    case Reason::frozen:
      return " is frozen: no gradient reaches it, whatever the loss";
    case Reason::detach:
      return not_reached + ": a detach cuts it off";
    case Reason::no_grad:
      return not_reached + ": a NoGrad scope cuts it off";
    case Reason::not_used:
      return not_reached + ": as far as the tape knows, the loss was made without it";
    case Reason::not_remembered:
      return not_reached + ", and the tape does not remember enough to say why";
    case Reason::used_up:
      return ": whether " + e.loss + " reaches it is not remembered, because backward has used the tape up";
    case Reason::empty_tape:
      return not_reached +
             ": the loss has no history. Nothing that it was made of wants a gradient, or it was "
             "detached, or made in a NoGrad scope";
    case Reason::constant:
      return " is a constant, which no gradient can reach: make it with Var::parameter, and pass that on";
  }
  return "";
}

// What is to be said of whose the gradient is; nothing where it is the loss's.
const char* owner_of_gradient(const Explanation& e) {
  if (e.reason == Reason::used_up) return ", of this loss or of another";
  if (!e.has_path() || e.reason == Reason::backward_not_run) return ", which another backward left";
  return e.backward_seen ? "" : ", perhaps of another loss: no backward over this tape is known of";
}

}  // namespace

const char* name_of(Reason reason) {
  switch (reason) {
    case Reason::reached:
      return "reached";
    case Reason::zero:
      return "zero";
    case Reason::backward_not_run:
      return "backward_not_run";
    case Reason::cleared:
      return "cleared";
    case Reason::frozen:
      return "frozen";
    case Reason::detach:
      return "detach";
    case Reason::no_grad:
      return "no_grad";
    case Reason::not_used:
      return "not_used";
    case Reason::not_remembered:
      return "not_remembered";
    case Reason::used_up:
      return "used_up";
    case Reason::empty_tape:
      return "empty_tape";
    case Reason::constant:
      return "constant";
  }
  return "";
}

std::ostream& operator<<(std::ostream& out, const Explanation& e) {
  out << e.parameter << sentence(e) << ".\n";
  if (e.has_path()) out << "  path: " << path_of(e.path) << '\n';
  for (const Explanation::FirstCut& cut : e.cuts) {
    if (const auto told = static_cast<std::size_t>(&cut - e.cuts.data()); told == most_cuts_told) {
      out << "  and " << e.cuts_in_all - told << " further cuts\n";
      break;
    }
    out << (e.has_path() ? "  other path, cut: " : "  cut: ") << text_of(cut) << '\n';
  }
  if (!e.zero_at.empty()) out << "  made zero by: " << list_of(e.zero_at) << '\n';
  if (!e.constants.empty()) {
    out << "  possible, but without a trace: a value read out (item, to_vector, arithmetic on a detached Tensor) and "
           "put "
           "back; constants enter at "
        << list_of(e.constants) << '\n';
  }
  if (const char* const whose = owner_of_gradient(e); e.gradient && *whose) {
    out << "  it holds a gradient of norm " << text_of(e.gradient) << whose << '\n';
  }
  if (e.forgetful > 0 && (e.reason == Reason::not_remembered || e.reason == Reason::used_up)) {
    out << "  " << e.forgetful << " of the loss's " << e.steps
        << " steps were recorded outside an Inspect scope, and know no cuts: build the loss inside one\n";
  }
  if (e.is_parameter && !e.in_module) out << "  it belongs to no module, so that no module's parameters() lists it\n";
  return out;
}

std::ostream& operator<<(std::ostream& out, const Explanations& all) {
  std::vector<std::vector<std::string>> table{{"parameter", "reason", "gradient", "cut"}};
  for (const Explanation& e : all.parameters) {
    const std::string cut = e.has_path() || e.cuts.empty() ? "" : text_of(e.cuts.front());
    table.push_back({e.parameter, name_of(e.reason), text_of(e.gradient), cut});
  }
  write_columns(out, table);
  return out;
}

}  // namespace wengert
