"""A drawing, built up shape by shape. Coordinates are user units, y downwards; looks come from CSS classes."""

import html

# The house's colours, in light and in dark, for this drawing alone: so it may stand in a page beside others.
STYLE = """.plot { --text: #1c2430; --faint: #5d6878; --rule: #d9dee6; --page: #ffffff; --own: #0b7a75;
  --peer0: #d9730d; --peer1: #a626a4; --peer2: #1f6feb; --peer3: #c62828; --peer4: #4b5f7d; --peer5: #7a6a00; }
@media (prefers-color-scheme: dark) { .plot { --text: #e6eaf0; --faint: #9aa6b6; --rule: #364152; --page: #11161d;
  --own: #4fd1c5; --peer0: #ff9d45; --peer1: #e58cf0; --peer2: #5aa2ff; --peer3: #ff7b72; --peer4: #9db4d6;
  --peer5: #d6c35a; } }
.plot { font: 13px system-ui, sans-serif; }
.plot text { fill: var(--text); }
.plot .paper { fill: var(--page); }
.plot .heading { font-size: 15px; font-weight: 600; }
.plot .tick, .plot .label, .plot .note { fill: var(--faint); font-size: 12px; }
.plot .axis { stroke: var(--faint); }
.plot .grid { stroke: var(--rule); }
.plot .mark { stroke: var(--faint); stroke-dasharray: 2 4; }
.plot .curve { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.plot .whisker { stroke-width: 1.2; opacity: 0.8; }
.plot .name { font-weight: 600; }
.plot .halo { paint-order: stroke; stroke: var(--page); stroke-width: 4px; stroke-linejoin: round; }
.plot .curve.dashed { stroke-dasharray: 7 4; }
.plot .curve.dotted { stroke-dasharray: 2 4; }
.plot .curve.dashdot { stroke-dasharray: 7 3 1 3; }
.plot .curve.sparse { stroke-dasharray: 1 7; }
.plot .many { opacity: 0.65; }
"""
COLOURS = {"own": "--own", "limit": "--faint", **{f"peer{i}": f"--peer{i}" for i in range(6)}}
STYLE += "".join(
    f".plot .{name}.curve, .plot .{name}.whisker, .plot .{name}.point {{ stroke: var({colour}); }}\n"
    f".plot .{name}.name, .plot .{name}.point {{ fill: var({colour}); }}\n"
    f".plot .point.{name}.hollow {{ fill: var(--page); stroke-width: 1.6; }}\n" for name, colour in COLOURS.items())


def attribute_text(value):
    """A number to a tenth, without trailing zeros; of a text what stands for itself."""
    if isinstance(value, str):
        return html.escape(value)
    rounded = f"{value:.1f}"
    return rounded[:-2] if rounded.endswith(".0") else rounded


class Svg:
    """`title` and `description` are what a screen reader says; `name` must be unique on a page."""

    def __init__(self, width, height, name, title, description):
        self.width, self.height = width, height
        self.name, self.title, self.description = name, title, description
        self._shapes = []
        self._add("rect", "paper", width=width, height=height)

    def _add(self, tag, classes, content=None, **attributes):
        pairs = {"class": classes, **{key.replace("_", "-"): value for key, value in attributes.items()}}
        written = "".join(f' {key}="{attribute_text(value)}"' for key, value in pairs.items() if value != "")
        self._shapes.append(f"<{tag}{written}/>" if content is None else f"<{tag}{written}>{content}</{tag}>")

    def line(self, x1, y1, x2, y2, classes):
        self._add("line", classes, x1=x1, y1=y1, x2=x2, y2=y2)

    def path(self, points, classes):
        self._add("path", classes, d="M" + "L".join(f"{attribute_text(x)} {attribute_text(y)}" for x, y in points))

    def circle(self, x, y, radius, classes, tooltip=""):
        content = f"<title>{html.escape(tooltip)}</title>" if tooltip else None
        self._add("circle", classes, content, cx=x, cy=y, r=radius)

    def text(self, x, y, content, classes, anchor="start", transform=""):
        self._add("text", classes, html.escape(content), x=x, y=y, text_anchor=anchor, transform=transform)

    def element(self):
        """To stand in a page, or in a file of its own."""
        size = f'width="{self.width}" height="{self.height}" viewBox="0 0 {self.width} {self.height}"'
        head = (f'<svg xmlns="http://www.w3.org/2000/svg" {size} class="plot" role="img" '
                f'aria-labelledby="{self.name}-title {self.name}-description">')
        title = f'<title id="{self.name}-title">{html.escape(self.title)}</title>'
        description = f'<desc id="{self.name}-description">{html.escape(self.description)}</desc>'
        return "\n".join([head, title, description, f"<style>\n{STYLE}</style>", *self._shapes, "</svg>\n"])
