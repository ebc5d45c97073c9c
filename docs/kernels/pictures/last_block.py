from picture import Picture


def draw():
    """Last block done."""
    p = Picture(760, 330, "Last block done", "Four blocks run for different times; each writes its share and takes a "
                "ticket; the one with the last ticket adds up the shares in the order of their index.")
    p.left(8, 22, "Four blocks of one launch; time goes to the right.", "bold")
    ends = (300, 190, 420, 260)
    tickets = {190: 0, 260: 1, 300: 2, 420: 3}
    memory = 640
    for block, end in enumerate(ends):
        y = 44 + 46 * block
        p.text(66, y + 18, f"block {block}", anchor="end")
        p.box(76, y, end - 76, 28, "blue", "its share")
        p.box(end, y, 44, 28, "orange", "write")
        p.box(end + 44, y, 60, 28, "orange strong" if block == 2 else "orange", f"ticket {tickets[end]}", "small bold")
        p.box(memory + 10, y, 90, 28, "teal", f"share[{block}]", "code")
        p.line(end + 104, y + 14, memory + 10, y + 14, "dashed")
    p.text(memory + 55, 34, "global memory", "small faint")
    y = 246
    p.left(8, y + 18, "block 2 again:")
    p.box(104, y, 190, 28, "", "ticket 3 of 0 … 3: I am the last", "small")
    p.arrow(294, y + 14, 320, y + 14)
    p.box(320, y, 330, 28, "teal", "share[0] + share[1] + share[2] + share[3], in this order", "small")
    p.arrow(650, y + 14, 676, y + 14)
    p.box(676, y, 64, 28, "orange", "the sum", "small bold")
    p.left(8, 300, "Who is last changes from run to run; the order of the addition does not, nor do its bits.", "faint")
    p.left(8, 318, "The ticket wraps round to 0, so the next launch needs no clearing.", "faint")
    return p
