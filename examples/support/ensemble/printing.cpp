#include "examples/support/ensemble/printing.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "examples/support/ensemble/disputed.hpp"
#include "examples/support/ensemble/sentences.hpp"
#include "examples/support/picture.hpp"
#include "kernels/base/text_stream.hpp"

namespace wengert::examples::ensemble {
namespace {

constexpr std::size_t terminal_width = 80;

std::string filled(const std::string& paragraph) {
  TextReader words(paragraph);
  std::string text, line, word;
  while (words >> word) {
    if (!line.empty() && line.size() + 1 + word.size() > terminal_width) {
      text.append(line).append("\n");
      line.clear();
    }
    if (!line.empty()) line += ' ';
    line += word;
  }
  return text + line + "\n";
}

std::string number(const std::optional<double>& value) { return value ? fmt::format("{:.4f}", *value) : "-"; }

std::string table_of_members(const std::vector<Member>& members, const Verdict& verdict) {
  std::string text = fmt::format("{:<16}{:>10}{:>10}{:>10}\n", "", "accuracy", "NLL", "ECE");
  for (std::size_t k = 0; k < members.size(); ++k) {
    const MemberScores& scores = verdict.members[k];
    text += fmt::format("{:<16}{:>8.2f} %{:>10.4f}\n", members[k].name, 100 * scores.accuracy, scores.nll);
  }
  if (members.size() == 1) return text;
  const EnsembleScores& vote = verdict.ensemble;
  return text +
         fmt::format("{:<16}{:>8.2f} %{:>10.4f}{:>10.4f}\n", "soft vote", 100 * vote.accuracy, vote.nll, vote.ece);
}

std::string table_of_pairs(const Verdict& verdict) {
  std::string text = fmt::format("\n{:<8}{:>11}{:>14}{:>9}{:>9}{:>14}{:>13}\n", "pair", "agreement", "disagreement",
                                 "Q", "kappa", "double fault", "b given a");
  for (const Pair& pair : verdict.pairs) {
    const AnswerPair& answers = pair.answers;
    text += fmt::format("{:<8}{:>11.4f}{:>14.4f}{:>9}{:>9}{:>14.4f}{:>13}\n", fmt::format("{}, {}", pair.a, pair.b),
                        answers.agreement, answers.disagreement, number(answers.q), number(answers.kappa),
                        answers.double_fault, number(answers.b_accuracy_given_a));
  }
  text += fmt::format("\n{:<8}{:>18}{:>12}{:>18}{:>12}{:>12}\n", "pair", "parameter cosine", "aligned", "sum |A - B|",
                      "aligned", "hidden CKA");
  for (const Pair& pair : verdict.pairs) {
    const ParameterPair& parameters = pair.parameters;
    text += fmt::format("{:<8}{:>18}{:>12}{:>18.1f}{:>12.1f}{:>12}\n", fmt::format("{}, {}", pair.a, pair.b),
                        number(parameters.parameter_cosine), number(parameters.aligned_parameter_cosine),
                        parameters.parameter_l1, parameters.aligned_l1, number(pair.hidden_cka));
  }
  text += "\n";
  for (const Pair& pair : verdict.pairs) text += fmt::format("{}, {}: {}\n", pair.a, pair.b, in_words(pair.relation));
  return text;
}

// An image and what is said about it, lines of one width.
std::vector<std::string> block(const std::vector<Member>& members, const Verdict& verdict, const data::Samples& test,
                               std::int64_t image) {
  const auto i = static_cast<std::size_t>(image), size = static_cast<std::size_t>(test.image_size());
  std::vector<std::string> lines =
      as_characters({test.rows, test.columns, std::span(test.pixels).subspan(i * size, size)});
  lines.push_back(fmt::format("image {}, class {}", image, test.labels[i]));
  for (std::size_t k = 0; k < members.size(); ++k) {
    lines.push_back(fmt::format("{}: {} ({:.0f} %){}", members[k].name, verdict.answers[k].predicted[i],
                                100 * verdict.answers[k].confidence(image),
                                verdict.answers[k].predicted[i] == test.labels[i] ? "" : " wrong"));
  }
  const std::size_t width = std::ranges::max_element(lines, {}, &std::string::size)->size();
  for (std::string& line : lines) line.resize(width, ' ');
  return lines;
}

// Without lines and ends of lines that are blank.
std::string trimmed(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    const std::size_t last = line.find_last_not_of(' ');
    if (last != std::string::npos) text.append(line, 0, last + 1).append("\n");
  }
  return text;
}

}  // namespace

std::string verdict_text(const std::vector<Member>& members, const Verdict& verdict) {
  std::string text = table_of_members(members, verdict);
  if (!verdict.pairs.empty()) text += table_of_pairs(verdict);
  for (const std::string& paragraph : in_sentences(members, verdict)) text.append("\n").append(filled(paragraph));
  return text;
}

std::string disputed_text(const std::vector<Member>& members, const Verdict& verdict, const data::Samples& test,
                          std::size_t count) {
  const std::vector<std::int64_t> images = disputed(verdict);
  std::string text;
  std::vector<std::string> rows;
  for (std::size_t k = 0; k < std::min(count, images.size()); ++k) {
    const std::vector<std::string> lines = block(members, verdict, test, images[k]);
    if (!rows.empty() && rows[0].size() + 3 + lines[0].size() > terminal_width) {
      text += trimmed(std::exchange(rows, {})) + "\n";
    }
    rows.resize(lines.size());
    for (std::size_t i = 0; i < lines.size(); ++i) rows[i].append(rows[i].empty() ? "" : "   ").append(lines[i]);
  }
  return text + trimmed(rows);
}

}  // namespace wengert::examples::ensemble
