"""What wengert is held to, and how each goal is judged.

Every goal is a ratio within one run: how much faster than a peer, or which share of a limit. Against a peer or a limit
that is absent or noisy it cannot be measured. Wengert's own spread is named beside and excuses nothing.
"""

from . import limits, runs, text

SLACK = 0.30  # of --check: so much laxer are its bounds, and so wide may a spread be
BEYOND = 1.02  # a share above this of the multiply-add peak says that it was no peak


class Goal:
    """`each`: judged against every contestant whose name begins so. `best_of`: against the fastest of these. The value is
    the reference's time over ours, for the same amount of work; where it is to be `at_most` so much, ours over theirs."""

    def __init__(self, work, problem, demand, bound, *, ours="wengert", each=None, best_of=(), at_most=False):
        self.work, self.problem, self.ours, self.bound = work, problem, ours, bound
        self.each, self.best_of, self.at_most = each, best_of, at_most
        self.write = text.percent if best_of else text.ratio
        self._demand = demand

    def bound_with(self, slack=0.0):
        return self.bound * (1 + slack if self.at_most else 1 - slack)

    def met(self, value, slack=0.0):
        return value <= self.bound_with(slack) if self.at_most else value >= self.bound_with(slack)

    def written(self, value, slack=0.0):
        return text.distinct(self.write, value, self.bound_with(slack))

    def demand(self, slack=0.0):
        bound = self.bound_with(slack)
        written = f"{round(100 * bound, 6):g} %" if self.best_of else f"{round(bound, 6):g}x"
        return self._demand.format(("at most " if self.at_most else "at least ") + written)


FASTER = "{} faster than LibTorch"
OF_COPY = "{} of copy bandwidth"
SIMILARITY = "1/sum of abs(A-B), forward and backward, {} floats"
CROSS_ENTROPY = "softmax cross-entropy, forward and backward, {}"
MNIST = "an epoch of MNIST, 784-256-10"
LINEAR = "linear 128x784x256, forward and backward"

GOALS = (
    Goal("recorded add of 1 element", "recorded_add", FASTER, 10, each="libtorch"),
    Goal("two_blobs step B, eager", "two_blobs_step", FASTER, 50, each="libtorch", ours="wengert_eager"),
    Goal("two_blobs step B, captured", "two_blobs_step", FASTER, 120, each="libtorch"),
    Goal("two_blobs step B, captured", "two_blobs_step", "{} the hand-derived loop's time", 2.5, each="hand_derived",
         at_most=True),
    Goal(SIMILARITY.format("16 M"), "similarity/16000000x1", OF_COPY, 0.90, best_of=limits.COPIES),
    Goal(SIMILARITY.format("150 M"), "similarity/150000000x1", OF_COPY, 0.90, best_of=limits.COPIES),
    Goal(SIMILARITY.format("16 M"), "similarity/16000000x1", FASTER, 6, each="libtorch"),
    Goal(SIMILARITY.format("1,000"), "similarity/1000x1", FASTER, 20, each="libtorch"),
    Goal(CROSS_ENTROPY.format("128x10"), "cross_entropy/128x10", FASTER, 8, each="libtorch"),
    Goal(CROSS_ENTROPY.format("8192x10"), "cross_entropy/8192x10", FASTER, 5, each="libtorch"),
    Goal(CROSS_ENTROPY.format("1024x32000"), "cross_entropy/1024x32000", FASTER, 5, each="libtorch"),
    Goal(LINEAR, "linear/128x784x256", "{} of the better of Eigen's and OpenBLAS's rate", 0.97,
         best_of=("eigen", "openblas")),
    Goal(LINEAR, "linear/128x784x256", "{} of the multiply-add peak", 0.65, best_of=("multiply_add",)),
    Goal("Adam over 100 M parameters", "adam/100000000", OF_COPY, 0.90, best_of=limits.COPIES),
    Goal(MNIST, "mnist_epoch", "{} PyTorch's time", 0.70, each="pytorch", at_most=True),
    Goal(f"{MNIST}, two threads", "mnist_epoch_2_threads", "{} faster than one", 1.5, each="wengert_one_thread"),
    Goal(f"{MNIST}, pushed by inverse-ce", "mnist_epoch_pushed", "{} a plain one's time", 1.35, each="wengert_plain",
         at_most=True),
)


class Evidence:
    """Ours against one reference. There is a value where both were timed, and an obstacle where it decides nothing."""

    def __init__(self, goal, against, ours=None, reference=None, obstacle=""):
        self.goal, self.against, self.ours, self.reference, self.obstacle = goal, against, ours, reference, obstacle
        self.value = self.reference_time = None
        if ours and reference:
            self.reference_time = limits.time_for(reference, ours)
            share = self.reference_time / ours.median
            self.value = 1 / share if goal.at_most else share

    def doubt(self, widest=runs.NOISY):
        """Why it decides nothing; empty if it does."""
        if self.obstacle or self.value is None:
            return self.obstacle
        if self.reference.spread is None:
            return f"{self.against} was timed once, so that its spread is not known"
        if self.reference.spread > widest:
            return f"{self.against}'s spread is {text.distinct(text.percent, self.reference.spread, widest)}"
        return ""

    @property
    def verdict(self):
        return "not measurable" if self.doubt() else "met" if self.goal.met(self.value) else "not met"


def evidence(run, goal):
    """One Evidence for each reference of the goal."""
    names = [" or ".join(goal.best_of)] if goal.best_of else run.contestants(goal.each) or [goal.each]
    ours = run.at(goal.problem).get(goal.ours)
    if not ours:
        reason = run.failures.get(f"{goal.problem}/{goal.ours}", f"{goal.problem} is not in this run")
        return [Evidence(goal, name, obstacle=reason) for name in names]
    if goal.best_of:
        return [_against_best(run, goal, ours, names[0])]
    at = run.at(goal.problem)
    return [Evidence(goal, name, ours, at.get(name), "" if name in at else _absent(run, goal.problem, name)) for name in names]


def _against_best(run, goal, ours, name):
    at = run.at(goal.problem)
    absent = "; ".join(_absent(run, goal.problem, each) for each in goal.best_of if each not in at)
    best = limits.fastest(at, goal.best_of)
    if not best:
        return Evidence(goal, name, ours, obstacle=absent)
    found = Evidence(goal, best.contestant, ours, best)
    if goal.met(found.value):  # the absent might have been better
        found.obstacle = absent
    faster = limits.fastest(at, [each for each in at if each not in limits.LIMITS])
    if best.contestant == "multiply_add" and limits.share_of(best, faster) > BEYOND:
        found.obstacle = f"{faster.contestant} is faster than the measured peak"
    return found


def _absent(run, problem, name):
    known = run.failures.get(f"{problem}/{name}") or run.absent.get(name) or run.absent.get(name.partition("_")[0])
    return f"{name} is absent" + (f" ({known})" if known else "")


def judged(run):
    """The evidence of all goals, in their order."""
    return [found for goal in GOALS for found in evidence(run, goal)]


def check(run, say):
    """Ratios alone, with slack, over the goals whose problems are there. Whether some were judged and all of them hold."""
    outcomes = []
    for found in judged(run):
        goal, doubt = found.goal, found.doubt(SLACK)
        if goal.problem not in run.problems:
            continue
        if not doubt:
            outcomes.append(goal.met(found.value, SLACK))
        outcome = f"not judged: {doubt}" if doubt else "passed" if outcomes[-1] else "FAILED"
        value = text.DASH if found.value is None else goal.written(found.value, SLACK)
        say(f"{goal.work}: {value} against {found.against} ({goal.demand(SLACK)}): {outcome}")
    say(f"{sum(outcomes)} of {len(outcomes)} judged goals hold with {text.percent(SLACK)} of slack" if outcomes else
        "no goal could be judged")
    return bool(outcomes) and all(outcomes)
