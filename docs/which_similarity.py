#!/usr/bin/env python3
"""The page about which_similarity's results: which_similarity.md and its picture, from which_similarity.json.

    which_similarity.py [--check]

--check compares only. What the page says in words is tied to the numbers: a sentence that they do not bear is an error."""

import json
import math
import pathlib
import statistics
import sys

HERE = pathlib.Path(__file__).resolve().parent
NAMES = ("parameter_cosine", "aligned_parameter_cosine", "hidden_cka", "disagreement", "kappa", "double_fault")
# 97.5 % of Student's t with that many degrees of freedom.
STUDENT = {1: 12.71, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262}


class Mean:
    """Of one number of each seed, with its standard error."""

    def __init__(self, values):
        self.values = values
        self.mean = statistics.fmean(values)
        self.error = statistics.stdev(values) / math.sqrt(len(values))

    def text(self, digits, sign=""):
        return f"{self.mean:{sign}.{digits}f} ± {self.error:.{digits}f}".replace("-", "−")

    def reach(self):
        """Half the 95 % confidence interval."""
        return STUDENT[len(self.values) - 1] * self.error

    def is_told_from_zero(self):
        return abs(self.mean) > self.reach()


class Study:
    def __init__(self, text):
        data = json.loads(text)
        self.config, self.runs = data["config"], {}
        for run in data["runs"]:
            self.runs.setdefault((run["loss"], run["width"]), []).append(run)
        self.losses = list(dict.fromkeys(loss for loss, _ in self.runs))
        self.widths = list(dict.fromkeys(width for _, width in self.runs))

    def mean(self, loss, width, number):
        return Mean([number(run) for run in self.runs[loss, width]])

    def against_none(self, loss, width, number):
        """Seed by seed: both ensembles' first members are the same network."""
        return Mean([number(run) - number(none) for run, none in zip(self.runs[loss, width], self.runs["none", width])])

    def pair(self, loss, width, name):
        """Over all pairs; one that is undefined for a pair is left out."""
        values = [[pair[name] for pair in run["pairs"] if pair[name] is not None] for run in self.runs[loss, width]]
        return Mean([statistics.fmean(of_seed) for of_seed in values if of_seed])


def accuracy(run):
    return 100 * run["ensemble"]["accuracy"]


def nll(run):
    return run["ensemble"]["nll"]


def members_accuracy(run):
    return 100 * statistics.fmean(member["accuracy"] for member in run["members"])


def pull(run):
    return statistics.fmean(member["pull"] for member in run["members"][1:])


# ---- tables

def marked(mean, digits, good):
    """Bold where it is told from zero; good is the sign of what is better."""
    text = mean.text(digits, "+")
    if not mean.is_told_from_zero():
        return text
    return f"**{text}** {'better' if mean.mean * good > 0 else 'worse'}"


def result_table(study, width):
    rows = ["| loss | a member's accuracy, % | the ensemble's, % | against none, points | NLL | against none | ECE |",
            "|---|--:|--:|--:|--:|--:|--:|"]
    for loss in study.losses:
        of = lambda number: study.mean(loss, width, number)
        plain = loss == "none"
        rows.append(f"| {loss} | {of(members_accuracy).text(2)} | {of(accuracy).text(2)} | "
                    f"{'' if plain else marked(study.against_none(loss, width, accuracy), 2, 1)} | {of(nll).text(4)} | "
                    f"{'' if plain else marked(study.against_none(loss, width, nll), 4, -1)} | "
                    f"{of(lambda run: run['ensemble']['ece']).text(4)} |")
    return "\n".join(rows)


def likeness_table(study, width):
    rows = ["| loss | strength | pull | cosine | aligned | CKA | disagreement | kappa | double fault |",
            "|---|--:|--:|--:|--:|--:|--:|--:|--:|"]
    for loss in study.losses:
        strength = study.runs[loss, width][0]["strength"]
        cells = " | ".join(study.pair(loss, width, name).text(4 if name in ("disagreement", "double_fault") else 3)
                           for name in NAMES)
        of_pull = f"{study.mean(loss, width, pull).mean:.2g}" if strength else ""
        rows.append(f"| {loss} | {strength or ''} | {of_pull} | {cells} |")
    return "\n".join(rows)


# ---- the picture

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
    losses = study.losses[1:]
    gains = {(loss, width): study.against_none(loss, width, accuracy) for loss in losses for width in study.widths}
    low = min(gain.mean - gain.reach() for gain in gains.values())
    high = max(gain.mean + gain.reach() for gain in gains.values())
    step = next(s for s in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50) if (high - low) / s <= 8)
    first, last = math.floor(low / step), math.ceil(high / step)
    x = lambda value: LEFT + (RIGHT - LEFT) * (value / step - first) / (last - first)
    bottom = TOP + ROW * len(losses)
    title = "How much better than plain random initialisation each ensemble is"
    shapes = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {bottom + 46}" role="img" aria-label="{title}">',
              f"<title>{title}</title>", f"<style>{STYLE}</style>"]
    for k in range(first, last + 1):
        shapes.append(f'<line class="{"zero" if k == 0 else "grid"}" x1="{x(k * step):.1f}" x2="{x(k * step):.1f}" '
                      f'y1="{TOP}" y2="{bottom}"/>')
        label = f"{k * step:+.3g}".replace("-", "−") if k else "0"
        shapes.append(f'<text class="faint" x="{x(k * step):.1f}" y="{bottom + 18}" text-anchor="middle">{label}</text>')
    shapes.append(f'<text class="faint" x="{(LEFT + RIGHT) / 2}" y="{bottom + 38}" text-anchor="middle">ensemble accuracy '
                  "against none, points</text>")
    shapes.append(f'<text class="faint" x="{LEFT}" y="24">units of the hidden layer</text>')
    for k, width in enumerate(study.widths):
        shapes.append(f'<text class="w{k}" x="{LEFT + 170 + 60 * k}" y="24">{width}</text>')
    for i, loss in enumerate(losses):
        shapes.append(f'<text x="{LEFT - 12}" y="{TOP + ROW * (i + 0.5) + 4:.1f}" text-anchor="end">{loss}</text>')
        for k, width in enumerate(study.widths):
            gain, y = gains[loss, width], TOP + ROW * i + 11 + 12 * k
            shapes.append(f'<line class="w{k}" x1="{x(gain.mean - gain.reach()):.1f}" x2="{x(gain.mean + gain.reach()):.1f}" '
                          f'y1="{y}" y2="{y}"/><circle class="w{k}" cx="{x(gain.mean):.1f}" cy="{y}" r="4"/>')
    return "\n".join(shapes) + "\n</svg>\n"


# ---- the page

def claim(condition, sentence):
    if not condition:
        sys.exit(f"failed: the numbers do not bear this sentence: {sentence}")
    return sentence


def page(study):
    config = study.config
    tables = "".join(f"\n## {width} units\n\n{result_table(study, width)}\n\n{likeness_table(study, width)}\n"
                     for width in study.widths)
    return f"""# Which similarity makes an ensemble better?
{tables}"""


def main():
    study = Study((HERE / "which_similarity.json").read_text(encoding="utf-8"))
    differ = []
    for name, text in (("which_similarity.md", page(study)), ("which_similarity.svg", picture(study))):
        path = HERE / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        differ.append(name)
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
    if "--check" in sys.argv and differ:
        sys.exit(f"failed: {', '.join(differ)} is not what which_similarity.py makes of the results")


main()
