#include "examples/support/ensemble/report.hpp"

#include "autograd/inspect/show/svg.hpp"
#include "examples/support/ensemble/sections.hpp"
#include "examples/support/ensemble/sentences.hpp"
#include "examples/support/html.hpp"
#include "examples/support/page.hpp"

namespace wengert::examples::ensemble {
namespace {

std::string paragraphs(const std::vector<std::string>& texts) {
  std::string html;
  for (const std::string& text : texts) html += paragraph(escaped(text));
  return html;
}

}  // namespace

std::string report_page(const Story& story, const std::vector<Member>& members, const Verdict& verdict,
                        const data::Samples& test) {
  std::string body = paragraphs(story.introduction) +
                     section("What one sees", paragraphs(in_sentences(members, verdict)) + paragraphs(story.remarks)) +
                     section("How good they are", score_figures(members, verdict)) + learning_curves(members);
  if (members.size() > 1) {
    body += section("How alike they answer", agreement_figures(members, verdict)) +
            section("How alike they are made", weight_figures(verdict, story.hidden_rows)) +
            section("What they do not agree on", disputed_figures(members, verdict, test));
  }
  return page(story.title, ensemble_style(), body + section("Settings", settings_list(story.settings)));
}

}  // namespace wengert::examples::ensemble
