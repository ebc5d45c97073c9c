"""The picture: how much better than plain random initialisation each ensemble is."""

import math

from study import accuracy

STYLE = """text { font: 13px system-ui, sans-serif; fill: #1c2430; } .faint { fill: #5d6878; font-size: 12px; }
line { stroke-width: 2; } .grid { stroke: #d9dee6; stroke-width: 1; } .zero { stroke: #5d6878; stroke-width: 1; }
.w0 { stroke: #d9730d; fill: #d9730d; } .w1 { stroke: #a626a4; fill: #a626a4; } .w2 { stroke: #0b7a75; fill: #0b7a75; }
text.w0, text.w1, text.w2 { stroke: none; font-weight: 600; }
@media (prefers-color-scheme: dark) { text { fill: #e6eaf0; } .faint { fill: #9aa6b6; } .grid { stroke: #364152; }
.zero { stroke: #9aa6b6; } .w0 { stroke: #ff9d45; fill: #ff9d45; } .w1 { stroke: #e58cf0; fill: #e58cf0; }
.w2 { stroke: #4fd1c5; fill: #4fd1c5; } }"""
WIDTH, LEFT, RIGHT, TOP, ROW = 760, 120, 740, 56, 46


def picture(study):
    """The gain over plain random initialisation: a dot, and its 95 % confidence interval as a line."""
    kinds = study.kinds[1:]
    gains = {(kind, width): study.gain(kind, width, accuracy) for kind in kinds for width in study.widths}
    low = min(gain.mean - gain.reach() for gain in gains.values())
    high = max(gain.mean + gain.reach() for gain in gains.values())
    step = next(s for s in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50) if (high - low) / s <= 8)
    first, last = math.floor(low / step), math.ceil(high / step)
    x = lambda value: LEFT + (RIGHT - LEFT) * (value / step - first) / (last - first)
    bottom = TOP + ROW * len(kinds)
    title = "How much better than plain random initialisation each ensemble is"
    shapes = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {bottom + 46}" role="img" aria-label="{title}">',
              f"<title>{title}</title>", f"<style>{STYLE}</style>"]
    for k in range(first, last + 1):
        shapes.append(f'<line class="{"zero" if k == 0 else "grid"}" x1="{x(k * step):.1f}" x2="{x(k * step):.1f}" '
                      f'y1="{TOP}" y2="{bottom}"/>')
        label = f"{k * step:+.3g}".replace("-", "−") if k else "0"
        shapes.append(f'<text class="faint" x="{x(k * step):.1f}" y="{bottom + 18}" text-anchor="middle">{label}</text>')
    shapes.append(f'<text class="faint" x="{(LEFT + RIGHT) / 2}" y="{bottom + 38}" text-anchor="middle">accuracy of the vote '
                  "against none, points</text>")
    shapes.append(f'<text class="faint" x="{LEFT}" y="24">units of the hidden layer</text>')
    for k, width in enumerate(study.widths):
        shapes.append(f'<text class="w{k}" x="{LEFT + 170 + 60 * k}" y="24">{width}</text>')
    for i, kind in enumerate(kinds):
        shapes.append(f'<text x="{LEFT - 12}" y="{TOP + ROW * (i + 0.5) + 4:.1f}" text-anchor="end">{kind}</text>')
        for k, width in enumerate(study.widths):
            gain, y = gains[kind, width], TOP + ROW * i + 11 + 12 * k
            shapes.append(f'<line class="w{k}" x1="{x(gain.mean - gain.reach()):.1f}" x2="{x(gain.mean + gain.reach()):.1f}" '
                          f'y1="{y}" y2="{y}"/><circle class="w{k}" cx="{x(gain.mean):.1f}" cy="{y}" r="4"/>')
    return "\n".join(shapes) + "\n</svg>\n"
