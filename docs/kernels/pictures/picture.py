"""An SVG of boxes, lines and words that reads well on light and on dark pages."""

from html import escape

STYLE = """
:root { color-scheme: light dark; --text: #1c2430; --faint: #5d6878; --rule: #b9c2cf; --card: #f3f5f9; --page: #ffffff;
  --blue: #1f6feb; --orange: #d9730d; --teal: #0b7a75; --purple: #a626a4; }
@media (prefers-color-scheme: dark) { :root { --text: #e6eaf0; --faint: #9aa6b6; --rule: #475365; --card: #1d2530;
  --page: #11161d; --blue: #5aa2ff; --orange: #ff9d45; --teal: #4fd1c5; --purple: #e58cf0; } }
svg { font: 13px system-ui, sans-serif; background: var(--page); }
text { fill: var(--text); }
.small { font-size: 11px; }
.faint { fill: var(--faint); }
.bold { font-weight: 600; }
.code { font-family: ui-monospace, monospace; font-size: 12px; }
rect { stroke: var(--rule); fill: var(--card); }
rect.blue, rect.orange, rect.teal, rect.purple { fill-opacity: 0.28; }
rect.strong { fill-opacity: 0.75; }
rect.blue { fill: var(--blue); stroke: var(--blue); }
rect.orange { fill: var(--orange); stroke: var(--orange); }
rect.teal { fill: var(--teal); stroke: var(--teal); }
rect.purple { fill: var(--purple); stroke: var(--purple); }
rect.none { fill: none; }
line, path { stroke: var(--faint); fill: none; }
line.dashed { stroke-dasharray: 4 3; }
marker path { fill: var(--faint); stroke: none; }
""".strip()

ARROW = ('<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
         '<path d="M0,0 L8,4 L0,8 z"/></marker></defs>')


class Picture:
    def __init__(self, width, height, title, description):
        self.parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
                      f'viewBox="0 0 {width} {height}" role="img" aria-labelledby="title description">',
                      f'<title id="title">{escape(title)}</title>',
                      f'<desc id="description">{escape(description)}</desc>', f"<style>\n{STYLE}\n</style>", ARROW]

    def text(self, x, y, words, kind="", anchor="middle"):
        self.parts.append(f'<text x="{x:g}" y="{y:g}" class="{kind}" text-anchor="{anchor}">{escape(words)}</text>')

    def left(self, x, y, words, kind=""):
        self.text(x, y, words, kind, "start")

    def box(self, x, y, width, height, kind="", words="", of_words="small"):
        self.parts.append(f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" class="{kind}"/>')
        if words:
            self.text(x + width / 2, y + height / 2 + 4, words, of_words)

    def line(self, x1, y1, x2, y2, kind=""):
        self.parts.append(f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" class="{kind}"/>')

    def arrow(self, x1, y1, x2, y2):
        self.parts.append(f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" marker-end="url(#tip)"/>')

    def brace(self, x1, x2, y, words):
        """Under a range, with words below."""
        middle = (x1 + x2) / 2
        self.parts.append(f'<path d="M{x1:g},{y:g} v5 H{middle:g} v5 v-5 H{x2:g} v-5"/>')
        self.text(middle, y + 24, words, "small")

    def svg(self):
        return "\n".join(self.parts) + "\n</svg>\n"
