from picture import Picture

LENGTHS = (("fc1.weight", 9000), ("fc1.bias", 100), ("fc2.weight", 5000), ("fc2.bias", 10))
SLOT = 4096
COLOURS = ("blue", "orange", "teal", "purple")


def slots():
    """(segment, elements) of each slot, as first_slot deals them out."""
    result, offset = {}, 0
    for k, (_, length) in enumerate(LENGTHS):
        for part in range(-(-length // SLOT)):
            result[offset // SLOT + k + part] = (k, min(SLOT, length - part * SLOT))
        offset += length
    return result


def draw():
    """From pairs of segments to one loss, in one launch."""
    p = Picture(760, 392, "1 / sum|A - B| in one launch", "Four parameters of two models are cut in slots of 4096 "
                "elements; a warp sums each slot; the last block adds the slots of a parameter, and the reciprocals.")
    p.left(8, 22, "Each model's parameters are one buffer. A slot is at most 4096 elements of one parameter.", "bold")
    wide, middles = 94, {}
    for number, (k, count) in sorted(slots().items()):
        x = 92 + wide * number
        for row in range(2):
            p.box(x, 44 + 26 * row, wide, 22, COLOURS[k])
        p.text(x + wide / 2, 112, f"slot {number}", "small")
        p.text(x + wide / 2, 126, str(count), "small faint")
        middles.setdefault(k, []).append((number, x + wide / 2))
    p.text(80, 60, "A", "bold", "end")
    p.text(80, 86, "B", "bold", "end")
    p.text(80, 126, "elements", "small faint", "end")
    for k, places in middles.items():
        for number, at in places:
            p.arrow(at, 132, at, 152)
            p.box(at - 24, 154, 48, 24, COLOURS[k], "a warp")
            p.arrow(at, 178, at, 198)
            p.box(at - 24, 200, 48, 24, COLOURS[k], "Σ|a − b|")
    p.text(80, 171, "forward", "code", "end")
    p.left(8, 258, "the last block:", "small")
    p.text(80, 284, "finish", "code", "end")
    for k, places in middles.items():
        centre = sum(at for _, at in places) / len(places)
        for _, at in places:
            p.arrow(at, 226, centre + (at - centre) * 0.2, 264)
        p.box(centre - 38, 266, 76, 24, COLOURS[k] + " strong", f"S{'₀₁₂₃'[k]}", "bold")
        p.text(centre, 306, LENGTHS[k][0], "small faint")
        p.arrow(centre, 312, centre, 332)
        p.box(centre - 38, 334, 76, 24, COLOURS[k], f"1 / (S{'₀₁₂₃'[k]} + ε)", "small")
    p.left(92, 380, "and these are added, in the same tree: the loss.", "faint")
    return p
