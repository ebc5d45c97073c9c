#include <fmt/format.h>

#include <algorithm>

#include "autograd/inspect/show/svg.hpp"
#include "examples/support/ensemble/disputed.hpp"
#include "examples/support/ensemble/sections.hpp"
#include "examples/support/html.hpp"
#include "examples/support/picture.hpp"

namespace wengert::examples::ensemble {
namespace {

std::string said(const std::string& name, const Answers& answers, std::int64_t image, std::uint8_t truth) {
  const std::uint8_t answer = answers.predicted[static_cast<std::size_t>(image)];
  return fmt::format("<li class=\"{}\">{}: <b>{}</b>, {:.0f}&nbsp;%</li>", answer == truth ? "right" : "wrong",
                     escaped(name), answer, 100 * answers.confidence(image));
}

std::string disputed_figure(const std::vector<Member>& members, const Verdict& verdict, const data::Samples& test,
                            std::int64_t image) {
  const auto i = static_cast<std::size_t>(image), size = static_cast<std::size_t>(test.image_size());
  const Svg drawing = as_drawing({test.rows, test.columns, std::span(test.pixels).subspan(i * size, size)},
                                 fmt::format("image-{}", image), fmt::format("Test image {}", image));
  std::string list;
  for (std::size_t k = 0; k < members.size(); ++k)
    list += said(members[k].name, verdict.answers[k], image, test.labels[i]);
  if (members.size() > 2) list += said("vote", verdict.vote, image, test.labels[i]);
  return fmt::format("<figure>\n{}<figcaption>image {}: <b>{}</b><ul>{}</ul></figcaption>\n</figure>\n",
                     drawing.element(), image, test.labels[i], list);
}

}  // namespace

std::string disputed_figures(const std::vector<Member>& members, const Verdict& verdict, const data::Samples& test) {
  constexpr std::size_t most = 24;
  std::vector<std::int64_t> images = disputed(verdict);
  if (images.empty()) return paragraph("There is no test image on which members give different answers.");
  std::string text = fmt::format(
      "On <data data-name=\"disputed\" value=\"{}\">{}</data> of {} test images the members do not all "
      "give the same answer.",
      images.size(), images.size(), verdict.vote.count());
  if (images.size() > most) {
    text += fmt::format(" These are the {} on which they are surest of what they say.", most);
    images.resize(most);
  }
  std::string figures;
  for (const std::int64_t image : images) figures += disputed_figure(members, verdict, test, image);
  return paragraph(text + " Below each stands what it is, and what every member takes it for and how sure it is.") +
         "<div class=\"digits\">\n" + figures + "</div>\n";
}

}  // namespace wengert::examples::ensemble
