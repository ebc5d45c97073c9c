from picture import Picture

SIDE, BANKS = 8, ("blue", "orange", "teal", "purple")


def tile(p, x, stride, words):
    p.left(x, 44, words, "bold")
    for row in range(SIDE):
        for column in range(SIDE):
            bank = (row * stride + column) % SIDE
            kind = BANKS[bank % 4] + (" strong" if column == 2 else "")
            p.box(x + 26 * column, 56 + 22 * row, 26, 22, kind, str(bank), "small bold" if column == 2 else "small faint")
        if stride > SIDE:
            p.box(x + 26 * SIDE, 56 + 22 * row, 26, 22, "none")


def draw():
    """Why a row has one word too many."""
    p = Picture(760, 300, "A tile in shared memory", "With rows of eight words a column lies in one bank; with rows of nine "
                "it is spread over all.")
    p.left(8, 22, "Drawn for 8 × 8 and 8 banks; the kernel has 32 × 32 and 32 banks. The numbers are banks.", "faint")
    tile(p, 40, SIDE, "rows of 8 words")
    tile(p, 440, SIDE + 1, "rows of 9 words")
    p.left(40, 256, "A column is in one bank: the threads that", "small")
    p.left(40, 272, "read it wait for each other, one by one.", "small")
    p.left(440, 256, "A column is in all banks: one access", "small")
    p.left(440, 272, "serves all its threads.", "small")
    return p
