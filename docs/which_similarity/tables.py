"""The results as tables."""

from study import accuracy, ece, members_accuracy, nll, pull

NAMES = ("parameter_cosine", "aligned_parameter_cosine", "hidden_cka", "disagreement", "kappa", "double_fault")


def marked(mean, digits, good):
    """Bold where it is told from zero; good is the sign of what is better."""
    text = mean.text(digits, "+")
    if not mean.is_told_from_zero():
        return text
    return f"**{text}** {'better' if mean.mean * good > 0 else 'worse'}"


def result_table(study, width):
    rows = ["| kind | member's accuracy, % | against none | vote's accuracy, % | against none | its NLL | against none | ECE |",
            "|---|--:|--:|--:|--:|--:|--:|--:|"]
    for kind in study.kinds:
        cells = []
        for number, digits, good in ((members_accuracy, 2, 1), (accuracy, 2, 1), (nll, 4, -1)):
            cells.append(study.mean(kind, width, number).text(digits))
            cells.append("" if kind == "none" else marked(study.gain(kind, width, number), digits, good))
        rows.append(f"| {kind} | {' | '.join(cells)} | {study.mean(kind, width, ece).text(4)} |")
    return "\n".join(rows)


def likeness_table(study, width):
    rows = ["| kind | strength | pull | cosine | aligned | CKA | disagreement | kappa | double fault |",
            "|---|--:|--:|--:|--:|--:|--:|--:|--:|"]
    for kind in study.kinds:
        strength = study.runs[kind, width][0]["strength"]
        cells = " | ".join(study.pair(kind, width, name).text(4 if name in ("disagreement", "double_fault") else 3)
                           for name in NAMES)
        of_pull = f"{study.mean(kind, width, pull).mean:.2g}" if strength else ""
        rows.append(f"| {kind} | {strength or ''} | {of_pull} | {cells} |")
    return "\n".join(rows)
