"""The results of which_similarity, by kind and width, as means over seeds."""

import json
import math
import statistics

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


class Spread:
    """From the least to the most of some numbers."""

    def __init__(self, values):
        self.least, self.most = min(values), max(values)

    def __str__(self):
        return f"{self.least:.2f} to {self.most:.2f}".replace("-", "−")


# ---- numbers of one ensemble

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


class Study:
    def __init__(self, text):
        data = json.loads(text)
        self.config, self.runs = data["config"], {}
        for run in data["runs"]:
            self.runs.setdefault((run["kind"], run["width"]), []).append(run)
        self.kinds = list(dict.fromkeys(kind for kind, _ in self.runs))
        self.widths = list(dict.fromkeys(width for _, width in self.runs))

    def mean(self, kind, width, number):
        return Mean([number(run) for run in self.runs[kind, width]])

    def gain(self, kind, width, number):
        """Against none, seed by seed: both ensembles' first members are the same network."""
        return Mean([number(run) - number(none) for run, none in zip(self.runs[kind, width], self.runs["none", width])])

    def gains(self, kind, number):
        return [self.gain(kind, width, number) for width in self.widths]

    def pair(self, kind, width, name):
        """Over all pairs; one that is undefined for a pair is left out."""
        values = [[pair[name] for pair in run["pairs"] if pair[name] is not None] for run in self.runs[kind, width]]
        return Mean([statistics.fmean(of_seed) for of_seed in values if of_seed])

    def spread(self, kinds, name):
        return Spread([self.pair(kind, width, name).mean for kind in kinds for width in self.widths])

    def spread_against_none(self, kinds, name):
        """As multiples of what it is with none at the same width."""
        return Spread([self.pair(kind, width, name).mean / self.pair("none", width, name).mean
                       for kind in kinds for width in self.widths])
