#include "autograd/inspect/show/page_assets.hpp"

namespace wengert {

const char* page_style() {
  return R"(:root { color-scheme: light dark; --ink: #1c2430; --quiet: #5d6878; --paper: #ffffff; --ground: #f6f8fb; --rule: #d9dee6; --line: #0b7a75; --grad: #d9730d; --wild: #c62828; --now: #fff1df; --grey-line: #8a94a3; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --quiet: #a5b0bf; --paper: #11161d; --ground: #1a212b; --rule: #364152; --line: #4fd1c5; --grad: #ff9d45; --wild: #ff7b72; --now: #3a2a17; --grey-line: #7d8898; } }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { padding: 1.2rem clamp(0.8rem, 2vw, 2.5rem) 3rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 0.4rem; }
h2 { font-size: 1.2rem; margin: 0 0 0.4rem; }
h4 { font-size: 1.05rem; margin: 0 0 0.3rem; }
small { color: var(--quiet); font-weight: 400; }
p { max-width: 60rem; margin: 0.4rem 0; }
code { font: 0.92em ui-monospace, monospace; }
.legend { display: flex; flex-wrap: wrap; gap: 0.3rem 1.4rem; margin: 0.6rem 0 1rem; padding: 0; list-style: none; color: var(--quiet); font-size: 0.9rem; }
.legend span { display: inline-block; width: 2.2rem; height: 0; margin-right: 0.5rem; vertical-align: middle; border-top: 2px solid var(--line); }
.legend .back { border-top: 8px solid var(--grad); opacity: 0.75; }
.legend .none { border-color: var(--grey-line); }
.legend .cut { border-top: 2px dashed var(--wild); }
.tapes { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 46rem), 1fr)); gap: 1.2rem; align-items: start; }
section { min-width: 0; padding: 1rem; background: var(--paper); border: 1px solid var(--rule); border-radius: 10px; }
.tapes + section, section + section { margin-top: 1.2rem; }
.tapes section + section { margin-top: 0; }
.controls { display: none; flex-wrap: wrap; gap: 0.4rem; align-items: center; margin: 0.5rem 0; }
.live .controls { display: flex; }
.controls input { flex: 1 1 10rem; accent-color: var(--grad); }
.controls output { min-width: 8rem; color: var(--quiet); font-variant-numeric: tabular-nums; }
button, select { font: inherit; font-size: 0.9rem; padding: 0.25rem 0.7rem; color: var(--ink); background: var(--ground); border: 1px solid var(--rule); border-radius: 6px; cursor: pointer; }
button[aria-pressed=true] { border-color: var(--line); box-shadow: inset 0 -2px var(--line); }
button:focus-visible, select:focus-visible, input:focus-visible, .scroll:focus-visible, .group:focus-visible { outline: 2px solid var(--grad); outline-offset: 2px; }
.scroll { overflow: auto; }
.picture { max-height: 75vh; }
.view[hidden] { display: none; }
.view svg { display: block; width: clamp(var(--least), 100%, var(--most)); height: auto; margin: 0 auto; }
.view text { font-size: 11px; }
.group rect { fill: var(--ground) !important; stroke-width: 2.2; }
.group { cursor: pointer; }
.group.still rect { stroke: var(--grey-line) !important; }
.gradient .band { fill: none; stroke: var(--grad); opacity: 0.75; stroke-linecap: butt; }
.gradient .head { fill: var(--grad); }
.gradient.w1 .band { stroke-width: 1.5; } .gradient.w2 .band { stroke-width: 2.5; } .gradient.w3 .band { stroke-width: 3.5; }
.gradient.w4 .band { stroke-width: 5; } .gradient.w5 .band { stroke-width: 6.5; } .gradient.w6 .band { stroke-width: 8; }
.gradient.w7 .band { stroke-width: 10; } .gradient.w8 .band { stroke-width: 12; }
.gradient.zero .band { stroke-width: 2; stroke-dasharray: 1 5; } .gradient.zero .head { opacity: 0.5; }
.gradient.wild .band { stroke: var(--wild); stroke-width: 12; } .gradient.wild .head { fill: var(--wild); }
.gradient.ahead { visibility: hidden; }
.gradient.now .band { opacity: 1; }
.gradient.past .band { opacity: 0.45; }
svg.tape .cut rect { stroke: var(--wild); }
svg.tape .cut .heading { fill: var(--wild); }
.pending { display: none; }
.box.ahead .known { display: none; }
.box.ahead .pending { display: inline; }
.box.now rect { fill: var(--now) !important; stroke: var(--grad) !important; stroke-width: 2.6 !important; }
.box.target rect { stroke: var(--grad) !important; stroke-width: 2 !important; }
.rules { padding: 0; margin: 0.6rem 0 0; list-style: none; }
.rule { padding: 0.6rem 0.9rem; margin: 0 0 0.6rem; background: var(--ground); border-radius: 8px; overflow-x: auto; }
.live .rule { display: none; min-height: 9rem; }
.live .rule.now { display: block; }
.start { color: var(--quiet); }
td code, tbody th { white-space: nowrap; }
td:last-child code { white-space: normal; }
table { border-collapse: collapse; font-size: 0.92rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 0.25rem 1rem 0.25rem 0; border-top: 1px solid var(--rule); vertical-align: top; }
thead th { border-top: 0; color: var(--quiet); font-weight: 500; }
details { margin-top: 0.5rem; }
summary { cursor: pointer; color: var(--quiet); font-size: 0.92rem; }
pre { margin: 0.4rem 0; font: 0.78rem/1.5 ui-monospace, monospace; }
svg.bars { width: 100%; max-width: 50rem; height: auto; font: 12px system-ui, sans-serif; }
.bars text { fill: var(--quiet); } .bars .axis { stroke: var(--quiet); } .bars .grid { stroke: var(--rule); }
.bars .zeroed { fill: var(--line); } .bars .accumulated { fill: var(--grad); }
)";
}

}  // namespace wengert
