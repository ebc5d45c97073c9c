"""What wengert's kernels are held to on an H100, and how each goal is judged: by the times of one run."""

from . import text

DEVICE = "H100"  # in the name of the device; other devices are not judged


class Demand:
    """`measure(ours, theirs)` is to be at most, or at least, the bound; theirs is what `against` names, (who, plain name), at
    the same `how` as ours."""

    def __init__(self, words, bound, write, measure, *, at_most=False, against=None):
        self.words, self.bound, self.write, self.measure = words, bound, write, measure
        self.at_most, self.against = at_most, against

    def met(self, value):
        return value <= self.bound if self.at_most else value >= self.bound

    def written(self, value):
        return text.distinct(self.write, value, self.bound)


def within(us):
    bound = us * 1e-6
    return Demand(f"at most {text.seconds(bound)}", bound, text.seconds, lambda ours, _: ours.seconds, at_most=True)


def faster(times, than, name, words):
    return Demand(f"at least {times:g}x faster than {words}", times, text.ratio, lambda ours, theirs: theirs.us / ours.us,
                  against=(than, name))


def share(bound, of, name, words):
    """Of their bytes or operations in a second."""
    return Demand(f"at least {100 * bound:g} % of {words}", bound, text.percent, lambda ours, theirs: ours.rate / theirs.rate,
                  against=(of, name))


def dearer(bound, name, words):
    return Demand(f"at most {100 * bound:g} % more than {words}", bound, text.percent,
                  lambda ours, theirs: ours.us / theirs.us - 1, at_most=True, against=("wengert", name))


class Goal:
    """Met if one of the demands is."""

    def __init__(self, label, name, how, *demands):
        self.label, self.name, self.how, self.demands = label, name, how, demands


def eager(times, name):
    return faster(times, "pytorch eager", name, "PyTorch eager")


LINEAR = "linear fp32 {0} x {0} x {0}"
EPILOGUE = "linear fp32 + bias + relu {0} x {0} x {0}"


def linear(size, us):
    return Goal("a1", LINEAR.format(size), "warm", within(us), share(0.95, "cublas", LINEAR.format(size), "cuBLAS's rate"))


def epilogue(size):
    return Goal("a6", EPILOGUE.format(size), "warm", dearer(0.02, LINEAR.format(size), "the product alone"))


GOALS = (
    linear(4096, 2700), linear(8192, 23400), epilogue(4096), epilogue(8192),
    Goal("a7", "linear fp32 + bias + relu 128 x 784 x 256", "node", within(3.0)),
    Goal("b1", "relu forward 2^26", "cold", within(188)),
    Goal("b1", "sigmoid forward 2^26", "cold", within(188)),
    Goal("b2", "relu backward from mask 2^26", "cold", within(193)),
    Goal("b2", "relu backward from mask 2^26", "cold", faster(1.4, "wengert", "relu backward 2^26", "without the mask")),
    Goal("c1", "cross-entropy fwd+bwd 8192 x 32000", "cold", within(735)),
    Goal("c1", "cross-entropy fwd+bwd 8192 x 32000", "cold", eager(2.5, "cross-entropy fwd+bwd 8192 x 32000")),
    Goal("c3", "soft cross-entropy fwd+bwd 8192 x 32000", "cold", within(1120)),
    Goal("c3", "soft cross-entropy fwd+bwd 8192 x 32000", "cold", eager(3, "soft cross-entropy fwd+bwd 8192 x 32000")),
    Goal("c4", "cross-entropy fwd+bwd 1M x 10", "cold", within(34)),
    Goal("c4", "cross-entropy fwd+bwd 1M x 10", "cold", eager(3, "cross-entropy fwd+bwd 1000000 x 10")),
    Goal("c4", "cross-entropy fwd+bwd 128 x 10", "node", within(2.0)),
    Goal("d1", "similarity forward, 100M", "cold", within(258),
         share(0.97, "cub", "sum of |a - b|, 100M", "CUB's bytes per second on sum of |a - b|")),
    Goal("d2", "similarity forward, 2^16", "node", within(4.7)),
    Goal("d2", "similarity forward, 17 params, 4 pairs", "node", within(1.7)),
    Goal("d3", "similarity backward add, 100M", "cold", within(295)),
    Goal("e1", "sgd 100M", "cold", within(425)),
    Goal("e1", "adam 100M", "cold", within(990)),
    Goal("e2", "adam MNIST 203530", "node", within(3.2)),
    Goal("e2", "adam 640000", "node", within(20)),
)
VERDICTS = ("met", "missed", "not measurable")


def judge(times, goal):
    """What was measured, in words; the verdict; and why, where it is none."""
    ours = times.at("wengert", goal.name, goal.how)
    if not ours:
        return text.DASH, "not measurable", "wengert's is not in this run"
    measured, met, absent = [], False, []
    for demand in goal.demands:
        theirs = demand.against and times.at(*demand.against, goal.how)
        if demand.against and not theirs:
            absent.append(f"{' '.join(demand.against)} is not in this run")
            continue
        value = demand.measure(ours, theirs)
        met = met or demand.met(value)
        beside = f" ({text.seconds(ours.seconds)} against {text.seconds(theirs.seconds)})" if theirs else ""
        measured.append(demand.written(value) + beside)
    verdict = "met" if met else "not measurable" if absent else "missed"
    return "; ".join(measured) or text.DASH, verdict, "" if met else "; ".join(absent)
