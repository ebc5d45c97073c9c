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


def ece(run):
    return run["ensemble"]["ece"]


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
    rows = ["| loss | a member's accuracy, % | against none | the vote's accuracy, % | against none | its NLL | against none | ECE |",
            "|---|--:|--:|--:|--:|--:|--:|--:|"]
    for loss in study.losses:
        cells = []
        for number, digits, good in ((members_accuracy, 2, 1), (accuracy, 2, 1), (nll, 4, -1)):
            cells.append(study.mean(loss, width, number).text(digits))
            cells.append("" if loss == "none" else marked(study.against_none(loss, width, number), digits, good))
        rows.append(f"| {loss} | {' | '.join(cells)} | {study.mean(loss, width, ece).text(4)} |")
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
    shapes.append(f'<text class="faint" x="{(LEFT + RIGHT) / 2}" y="{bottom + 38}" text-anchor="middle">accuracy of the vote '
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


def told(study, number, good):
    """Which kinds are told from none by that number."""
    better, worse = [], []
    for loss in study.losses[1:]:
        for width in study.widths:
            gain = study.against_none(loss, width, number)
            if gain.is_told_from_zero():
                (better if gain.mean * good > 0 else worse).append(f"{loss} with {width} units ({gain.text(2 if good > 0 else 4, '+')})")
    return f"better: {', '.join(better) or 'nothing'}; worse: {', '.join(worse) or 'nothing'}"


def spread(study, losses, value, digits):
    """From the least to the most, over losses and widths."""
    values = [value(loss, width) for loss in losses for width in study.widths]
    low, high = (f"{v:.{digits}f}".replace("-", "−") for v in (min(values), max(values)))
    return f"{low} to {high}", values


def what_was_done(study):
    c, comparisons = study.config, (len(study.losses) - 1) * len(study.widths)
    return f"""Networks with one hidden layer learn the first {c['train_images']:,} training images of {c['dataset'].upper()} for
{c['epochs']} epochs and answer {c['test_images']:,} test images. An ensemble has {c['members']} members, trained one after another. From
the second on each is pushed away from the earlier ones by one of `mnist`'s losses, at its default strength and with the other
defaults (Adam, rate 0.001, batches of 128); the members vote by mean probability. Each kind is trained from {c['seeds']} seeds at
{len(study.widths)} widths, {sum(map(len, study.runs.values()))} ensembles in all. Two kinds push nothing: `none`, plain random initialisation, the baseline to beat, and
`snapshot`, {c['members']} states of one run with a cyclic rate, which costs as much. With one seed all kinds but snapshots have the same first
member, and kinds are compared seed by seed.

Numbers are means over seeds ± one standard error. A difference is bold where its 95 % confidence interval (Student's t, {c['seeds'] - 1}
degrees of freedom) leaves out 0. Of {comparisons} differences in such columns, chance alone would make {comparisons / 20:.1g} or so bold."""


def why(study):
    def pair(name):
        return lambda loss, width: study.pair(loss, width, name).mean

    def over(losses, value, digits=2):
        return spread(study, losses, value, digits)

    def gains(loss, number):
        return [study.against_none(loss, width, number) for width in study.widths]

    weights = ["inverse-l1", "cosine", "correlation"]
    cosine, aligned, cka = pair("parameter_cosine"), pair("aligned_parameter_cosine"), pair("hidden_cka")
    apart, kappa = pair("disagreement"), pair("kappa")
    ratio = lambda loss, width: apart(loss, width) / apart("none", width)

    cosine_of_weights, values = over(weights, cosine)
    aligned_of_weights, aligned_values = over(weights, aligned)
    ratio_of_weights, ratios = over(weights, ratio)
    paragraphs = [claim(
        max(values) < min(over(["none"], cosine)[1]) and max(aligned_values) < min(over(["none"], aligned)[1]) and
        all(0.75 < value < 1.25 for value in ratios),
        f"**Pushing parameters apart moves parameters.** {', '.join(weights[:-1])} and {weights[-1]} do as they are told: the "
        f"cosine is {cosine_of_weights}, with `none` {over(['none'], cosine)[0]}, and it stays lower when hidden units are aligned, "
        f"{aligned_of_weights} against {over(['none'], aligned)[0]}. The answers do not follow: the members disagree "
        f"{ratio_of_weights} times as much as with `none`. Many weights give the same answers, and a push that sees weights alone "
        "is free to take those that cost the base loss least.")]

    ratio_of_ce, ratios = over(["inverse-ce"], ratio)
    kappa_of_ce, kappas = over(["inverse-ce"], kappa)
    members, vote = gains("inverse-ce", members_accuracy), gains("inverse-ce", accuracy)
    paragraphs.append(claim(
        min(ratios) > 1.2 and max(kappas) < min(over(["none"], kappa)[1]) and all(gain.mean < 0 for gain in members),
        f"**Pushing answers apart hard makes members differ, and worse.** inverse-ce lets them disagree {ratio_of_ce} times as much, "
        f"and kappa falls to {kappa_of_ce} from {over(['none'], kappa)[0]}. A member is right about most images, so that away from "
        f"its answers is mostly away from the labels: the members lose {span_of(members)} points, from the narrowest network to "
        f"the widest. The vote makes up for most of that, and ends {span_of(vote)} points from `none`."))

    soft = ["negative-ce", "ncl"]
    ratio_of_soft, ratios = over(soft, ratio)
    paragraphs.append(claim(
        all(0.95 < value < 1.2 for value in ratios),
        f"**Pushing them apart gently does next to nothing.** With negative-ce and ncl at these strengths members disagree {ratio_of_soft} "
        "times as much as without."))

    cka_of_cka, values = over(["hidden-cka"], cka)
    ratio_of_cka, ratios = over(["hidden-cka"], ratio)
    paragraphs.append(claim(
        max(values) < min(over(["none"], cka)[1]) and min(ratios) > 1,
        f"**Unlike hidden layers** are to be had: hidden-cka brings the CKA to {cka_of_cka} from {over(['none'], cka)[0]}, and members "
        f"disagree {ratio_of_cka} times as much. Its vote's NLL differs by {span_of(gains('hidden-cka', nll), 4)} from `none`'s, its "
        f"accuracy by {span_of(gains('hidden-cka', accuracy))} points."))
    return "\n\n".join(paragraphs)


def span_of(gains, digits=2):
    return ", ".join(gain.text(digits, "+") for gain in gains)


def page(study):
    tables = "".join(f"\n## With {width} hidden units\n\n{result_table(study, width)}\n\n{likeness_table(study, width)}\n"
                     for width in study.widths)
    c = study.config
    return f"""# Which similarity makes an ensemble better?

{what_was_done(study)}

![The gain over plain random initialisation, for each loss and width](which_similarity.svg)

The dots show the vote's accuracy against `none`, the lines the 95 % confidence interval.

## What came of it

By the vote's accuracy, in points, these are told from `none`: {told(study, accuracy, 1)}.

By its NLL: {told(study, nll, -1)}.

{why(study)}
{tables}
Pull: how long the term's gradient was at most, as a share of the base loss's, mean over members. Cosine: of all parameters; aligned:
after the hidden units were put into one order and to one scale. CKA: linear, of the hidden layers. Disagreement: exactly one of
two is right. Kappa: 1 if both fail on the same images, 0 if one's failures say nothing about the other's. Double fault: both fail.

## Where this comes from

[which_similarity.json](which_similarity.json), written by `./run which_similarity` ({c['program']}) on {c['date']}, device {c['device']}, {c['threads']} thread, in {c['seconds'] / 60:.0f}
minutes on a machine that had other work too. This page and its picture are made from it by [which_similarity.py](which_similarity.py).
"""


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
