#include "examples/support/page.hpp"

#include <fmt/format.h>

#include "autograd/inspect/show/svg.hpp"
#include "examples/support/chart.hpp"

namespace wengert::examples {
namespace {

constexpr const char* page_style =
    R"(body { margin: 0; background: var(--card); color: var(--text); font: 16px/1.55 system-ui, sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0.5rem 0; }
h2 { font-size: 1.15rem; margin: 2.2rem 0 0.6rem; }
p { max-width: 46rem; margin: 0.6rem 0; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr)); gap: 1rem; }
figure { margin: 0; padding: 0.8rem; background: var(--page); border: 1px solid var(--rule); border-radius: 10px; min-width: 0; }
figure svg { display: block; width: 100%; max-width: 32rem; height: auto; margin: 0 auto; }
figure .scroll svg { min-width: 44rem; max-width: 60rem; }
figure .scroll svg.tape { min-width: 60rem; max-width: 72rem; }
figcaption { color: var(--faint); font-size: 0.85rem; margin-top: 0.4rem; }
.scroll { overflow-x: auto; }
details { margin: 0.6rem 0; }
summary { cursor: pointer; color: var(--faint); font-size: 0.9rem; }
details .scroll { margin-top: 0.5rem; background: var(--page); border: 1px solid var(--rule); border-radius: 10px; }
table { border-collapse: collapse; width: 100%; font-size: 0.85rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 0.35rem 0.8rem; border-top: 1px solid var(--rule); }
thead th { border-top: 0; color: var(--faint); }
pre { margin: 0; padding: 0.8rem; font-size: 0.78rem; line-height: 1.5; }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr)); gap: 0.6rem 1.2rem; margin: 0; }
dt { color: var(--faint); font-size: 0.8rem; }
dd { margin: 0; overflow-wrap: anywhere; }
)";

}  // namespace

std::string page(const std::string& title_text, const std::string& style, const std::string& html) {
  const std::string title = escaped(title_text);
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
         title + "</title>\n<style>\n" + chart_style() + page_style + style +
         "</style>\n</head>\n<body>\n<main>\n<h1>" + title + "</h1>\n" + html + "</main>\n</body>\n</html>\n";
}

std::string settings_list(const std::vector<std::pair<std::string, std::string>>& texts) {
  std::string items;
  for (const auto& [name, value] : texts) {
    items += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", escaped(name), escaped(value));
  }
  return "<dl>\n" + items + "</dl>\n";
}

}  // namespace wengert::examples
