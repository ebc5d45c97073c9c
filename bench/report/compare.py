"""Two runs: what changed beyond noise.

Two machines, or a quiet and a busy hour, compare fairly only as ratios within each run. So a sample of wengert's is taken
over a limit or a peer that was timed in the same run, the one with the smallest spread of those that both runs have; where
there is none, its time is taken. Its range goes from its lower quartile over the reference's upper one to its upper quartile
over the reference's lower one. A change counts where the ranges of the two runs do not meet, and it is more than 5 %.
"""

from . import goals, text

LEAST = 0.05


class Relative:
    """A sample over a reference, or by itself."""

    def __init__(self, sample, reference=None):
        self.value, self.low, self.high = sample.median, sample.low, sample.high
        if reference:
            self.value, self.low, self.high = (sample.median / reference.median, sample.low / reference.high,
                                               sample.high / reference.low)

    def written(self, reference):
        return text.ratio(self.value) if reference else text.seconds(self.value)


def compare(old, new, say):
    for key in ("cpu", "compiler", "flags", "commit"):
        before, after = ("; ".join(map(str, run.recorded(key))) or "not recorded" for run in (old, new))
        say(f"{key}: {before}" if before == after else f"{key}: {before} -> {after}")
    say("A change counts where the ranges between quartiles, over the reference's in the same run, do not meet, and it is more "
        f"than {text.percent(LEAST)}.")
    changes = [(problem, name, _change(old, new, problem, name)) for problem in new.problems for name in new.at(problem)
               if name.startswith("wengert") and name in old.at(problem)]
    for problem, name, change in changes:
        if change:
            say(f"{problem}/{name}: {change}")
    counts = {word: sum(word in (change or "unchanged") for _, _, change in changes) for word in ("slower", "faster", "unchanged")}
    say(", ".join(f"{count} {word}" for word, count in counts.items()))
    _say_only(old, new, "old", say)
    _say_only(new, old, "new", say)
    _say_goals(old, new, say)


def _reference(old, new, problem):
    """The name of the steadiest limit or peer that both runs have at the problem; None if there is none."""
    spreads = {name: max(run.at(problem)[name].spread or 0 for run in (old, new)) for name in new.at(problem)
               if not name.startswith("wengert") and name in old.at(problem)}
    return min(spreads, default=None, key=spreads.get)


def _change(old, new, problem, name):
    reference = _reference(old, new, problem)
    before, after = (Relative(run.at(problem)[name], run.at(problem).get(reference)) for run in (old, new))
    factor = after.value / before.value
    apart = after.low > before.high or after.high < before.low
    if not apart or max(factor, 1 / factor) <= 1 + LEAST:
        return None
    beside = f" of {reference}'s time" if reference else ", by the clock alone"
    return (f"{text.ratio(max(factor, 1 / factor))} {'slower' if factor > 1 else 'faster'}, "
            f"{before.written(reference)} -> {after.written(reference)}{beside}")


def _say_only(one, other, which, say):
    names = [f"{problem}/{name}" for problem in one.problems for name in one.at(problem)
             if name.startswith("wengert") and name not in other.at(problem)]
    if names:
        say(f"only in the {which} run: " + ", ".join(names))


def _say_goals(old, new, say):
    before = {(found.goal, found.against): found.verdict for found in goals.judged(old)}
    for found in goals.judged(new):
        verdict = before.get((found.goal, found.against), found.verdict)
        if verdict != found.verdict:
            say(f"goal: {found.goal.work}, {found.goal.demand()} ({found.against}): {verdict} -> {found.verdict}")
