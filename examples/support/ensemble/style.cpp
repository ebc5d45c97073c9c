#include "examples/support/ensemble/sections.hpp"

namespace wengert::examples::ensemble {

// Eight colours that are told apart also by those who see red and green alike, on white and on black.
std::string ensemble_style() {
  return R"(:root { --m0: #0b7a75; --m1: #a626a4; --m2: #d9730d; --m3: #1f6feb; --m4: #7a5c00; --m5: #c2185b; --m6: #4b5f7d; --m7: #5a8a00; }
@media (prefers-color-scheme: dark) { :root { --m0: #4fd1c5; --m1: #e58cf0; --m2: #ff9d45; --m3: #5aa2ff; --m4: #e3c04d;
  --m5: #ff7aa8; --m6: #9db4d6; --m7: #a5d34b; } }
svg .curve.m0 { stroke: var(--m0); } svg .name.m0 { fill: var(--m0); }
svg .curve.m1 { stroke: var(--m1); } svg .name.m1 { fill: var(--m1); }
svg .curve.m2 { stroke: var(--m2); } svg .name.m2 { fill: var(--m2); }
svg .curve.m3 { stroke: var(--m3); } svg .name.m3 { fill: var(--m3); }
svg .curve.m4 { stroke: var(--m4); } svg .name.m4 { fill: var(--m4); }
svg .curve.m5 { stroke: var(--m5); } svg .name.m5 { fill: var(--m5); }
svg .curve.m6 { stroke: var(--m6); } svg .name.m6 { fill: var(--m6); }
svg .curve.m7 { stroke: var(--m7); } svg .name.m7 { fill: var(--m7); }
svg .heat { fill: var(--a); }
svg .ink { fill: var(--text); shape-rendering: crispEdges; }
.digits { display: grid; grid-template-columns: repeat(auto-fill, minmax(10rem, 1fr)); gap: 0.8rem; }
.digits svg { max-width: 6.5rem; }
.digits ul { list-style: none; margin: 0; padding: 0; font-variant-numeric: tabular-nums; }
.digits li.wrong { color: var(--push); }
.digits b { color: var(--text); }
.digits .wrong b { color: var(--push); }
section > figure { margin-top: 1rem; }
)";
}

}  // namespace wengert::examples::ensemble
