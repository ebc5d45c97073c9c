"""What the results say, in words. A sentence that they do not bear is an error."""

import sys
import textwrap

from study import accuracy, members_accuracy, nll


def wrapped(paragraph):
    return textwrap.fill(" ".join(paragraph.split()), 130, break_long_words=False, break_on_hyphens=False)


def claim(condition, paragraph):
    if not condition:
        sys.exit(f"failed: the numbers do not bear this: {paragraph}")
    return paragraph


def listed(gains, digits=2):
    return ", ".join(gain.text(digits, "+") for gain in gains)


# ---- before the results

def setting(study):
    c, ensembles = study.config, sum(map(len, study.runs.values()))
    return wrapped(f"""
        Networks with one hidden layer learn the first {c['train_images']:,} training images of {c['dataset'].upper()} for
        {c['epochs']} epochs and answer {c['test_images']:,} test images. An ensemble has {c['members']} members, trained one
        after another. From the second on each is pushed away from the earlier ones by one of `mnist`'s losses, at its default
        strength, inverse-ce also at ten times that, and with the other defaults (Adam, rate 0.001, batches of 128); the members
        vote by mean probability. Each kind is trained from {c['seeds']} seeds at {len(study.widths)} widths, {ensembles}
        ensembles in all. Two kinds push nothing:
        `none`, plain random initialisation, the baseline to beat, and `snapshot`, {c['members']} states of one run with a cyclic
        rate, which costs as much. With one seed all kinds but snapshots have the same first member, and kinds are compared seed
        by seed.""")


def how_to_read(study):
    differences = (len(study.kinds) - 1) * len(study.widths)
    return wrapped(f"""
        Numbers are means over seeds ± one standard error. A difference is bold where its 95 % confidence interval (Student's t,
        {study.config['seeds'] - 1} degrees of freedom) leaves out 0. Of the {differences} differences in columns of one name,
        chance alone would make {differences / 20:.1f} bold on average.""")


# ---- what came of it

def told(study, number, good, digits):
    """Which ensembles are told from those of none by that number; good is the sign of what is better."""
    better, worse = [], []
    for kind in study.kinds[1:]:
        for width in study.widths:
            gain = study.gain(kind, width, number)
            if gain.is_told_from_zero():
                (better if gain.mean * good > 0 else worse).append(f"{kind} with {width} units ({gain.text(digits, '+')})")
    return f"better: {', '.join(better) or 'nothing'}; worse: {', '.join(worse) or 'nothing'}"


def told_at_every_width(study, number, good):
    return ", ".join(kind for kind in study.kinds[1:] if all(
        gain.is_told_from_zero() and gain.mean * good > 0 for gain in study.gains(kind, number))) or "nothing"


def summary(study):
    return [
        f"""The vote is told to be better than that of `none` at every width with: {told_at_every_width(study, accuracy, 1)} by
        its accuracy; {told_at_every_width(study, nll, -1)} by its NLL.""",
        f"One by one, by accuracy, in points: {told(study, accuracy, 1, 2)}.",
        f"By NLL: {told(study, nll, -1, 4)}."]


def on_weights(study):
    kinds = ["inverse-l1", "cosine", "correlation"]
    cosine, aligned = study.spread(kinds, "parameter_cosine"), study.spread(kinds, "aligned_parameter_cosine")
    none, none_aligned = study.spread(["none"], "parameter_cosine"), study.spread(["none"], "aligned_parameter_cosine")
    apart = study.spread_against_none(kinds, "disagreement")
    return claim(
        cosine.most < none.least and aligned.most < none_aligned.least and 0.75 < apart.least and apart.most < 1.25,
        f"""**Pushing parameters apart moves parameters.** {', '.join(kinds[:-1])} and {kinds[-1]} do as they are told: the
        cosine is {cosine}, with `none` {none}, and it stays lower when hidden units are aligned, {aligned} against
        {none_aligned}. The answers do not follow: the members disagree {apart} times as much as with `none`. Many weights give
        the same answers, and a push that sees weights alone is free to take those that cost the base loss least.""")


def on_inverse_ce(study):
    hard = "inverse-ce x 10"
    apart, kappa = study.spread_against_none([hard], "disagreement"), study.spread([hard], "kappa")
    none, mild = study.spread(["none"], "kappa"), study.spread_against_none(["inverse-ce"], "disagreement")
    members, vote = study.gains(hard, members_accuracy), study.gains(hard, accuracy)
    return claim(
        apart.least > 1.2 and mild.most < apart.most and kappa.most < none.least and all(gain.mean < 0 for gain in members) and
        all(abs(of_vote.mean) < abs(of_members.mean) / 2 for of_vote, of_members in zip(vote, members)),
        f"""**Pushing answers apart hard makes members differ, and worse.** With inverse-ce x 10 they disagree {apart} times as
        much, and kappa falls to {kappa} from {none}. A member is right about most images, so that away from its answers is
        mostly away from the labels: a member's accuracy changes by {listed(members)} points, from the narrowest network to the
        widest. The vote makes up for most of that, and ends {listed(vote)} points from `none`. At a tenth of the strength, its
        default, members disagree {mild} times as much as without, and the vote ends
        {listed(study.gains('inverse-ce', accuracy))} points away.""")


def on_gentle_pushes(study):
    apart = study.spread_against_none(["negative-ce", "ncl"], "disagreement")
    return claim(
        0.95 < apart.least and apart.most < 1.2,
        f"""**Pushing them apart gently does next to nothing.** With negative-ce and ncl at these strengths members disagree
        {apart} times as much as without. What that is worth can be told, and is little: the vote's NLL changes by
        {listed(study.gains('negative-ce', nll), 4)} and {listed(study.gains('ncl', nll), 4)}.""")


def on_hidden_cka(study):
    cka, none = study.spread(["hidden-cka"], "hidden_cka"), study.spread(["none"], "hidden_cka")
    apart = study.spread_against_none(["hidden-cka"], "disagreement")
    return claim(
        cka.most < none.least and apart.least > 1,
        f"""**Unlike hidden layers are to be had.** hidden-cka brings the CKA to {cka} from {none}, and members disagree {apart}
        times as much. The vote's NLL changes by {listed(study.gains('hidden-cka', nll), 4)}, its accuracy by
        {listed(study.gains('hidden-cka', accuracy))} points.""")


def on_hidden_cosine(study):
    members, vote = study.gains("hidden-cosine", members_accuracy), study.gains("hidden-cosine", accuracy)
    widest = study.widths[-1]
    kappa, none = study.pair("hidden-cosine", widest, "kappa").mean, study.pair("none", widest, "kappa").mean
    return claim(
        all(gain.mean > 0 for gain in members[1:] + vote[1:]) and kappa > 0.98 * none,
        f"""**hidden-cosine makes better members of wide networks.** The vote's accuracy changes by {listed(vote)} points, a
        member's by {listed(members)}. With {widest} units its members fail on the same images about as much as
        those of `none` do (kappa
        {kappa:.2f} and {none:.2f}): there it is the members that are better, not their being different. Hidden activations are
        never negative, so that their cosine falls when fewer units answer at a time; that this is what helps is a guess, for
        which a run without an earlier member would be needed.""")


def on_snapshots(study):
    kinds = ["snapshot", "snapshot-ce"]
    cosine, apart = study.spread(kinds, "parameter_cosine"), study.spread_against_none(kinds, "disagreement")
    members, vote = study.gains("snapshot", members_accuracy), study.gains("snapshot", accuracy)
    return claim(
        cosine.least > 0.9,
        f"""**Snapshots stay near each other as weights,** cosine {cosine}, and yet they disagree {apart} times as much as
        networks of `none`. The first of them has had a third of the steps: a member's accuracy differs from `none`'s by
        {listed(members)} points, the vote's by {listed(vote)}.""")


def on_width(study):
    means = [gain.mean for gain in study.gains("inverse-ce x 10", accuracy)]
    return claim(
        means == sorted(means, reverse=True),
        """**Width.** The wider the network, the more inverse-ce x 10 costs the vote. That diversity helps small networks and
        harms large ones is what Abe et al. report (2024, "Pathologies of Predictive Diversity in Deep Ensembles",
        arXiv 2302.00704).""")


def on_limits(study):
    return f"""**What this does not show.** Strengths are the defaults, chosen so that terms have an effect, not to make the vote
        better: another strength, other data, more members or longer training may come out otherwise. The test images are the
        same for all {study.config['seeds']} seeds."""


def what_came_of_it(study):
    paragraphs = summary(study) + [say(study) for say in (
        on_weights, on_inverse_ce, on_gentle_pushes, on_hidden_cka, on_hidden_cosine, on_snapshots, on_width, on_limits)]
    return "\n\n".join(map(wrapped, paragraphs))


# ---- after the tables

def columns():
    return wrapped("""
        Pull: the length of the term's gradient as a share of the base loss's, at the end of the epoch where that was greatest.
        Cosine: of all parameters; aligned: after hidden units were put into one order and to one scale. CKA: linear, of the
        hidden layers. Disagreement: exactly one of two is right. Kappa: 1 if both fail on the same images, 0 if one's failures
        say nothing about the other's. Double fault: both fail.""")


def source(study):
    c = study.config
    # Files that which_similarity wrote before 30 November 2026 have its times too.
    date = f" on {c['date']}" if "date" in c else ""
    took = f", in {c['seconds'] / 60:.0f} minutes on a machine that had other work too" if "seconds" in c else ""
    return wrapped(f"""
        [which_similarity.json](which_similarity.json), written by `./run which_similarity` ({c['program']}){date},
        device {c['device']}, threads: {c['threads']}{took}.
        This page and its picture are made from it by [page.py](which_similarity/page.py).""")
