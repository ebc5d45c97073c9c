from picture import Picture


def draw():
    """ReLU that keeps one bit."""
    p = Picture(760, 318, "ReLU with a mask", "A warp has 1024 elements: 8 rows of 32 quads; a thread has the quads of one "
                "column, and their 32 bits are one word.")
    p.left(8, 22, "A warp has 1024 elements: 8 rows of 32 quads. A thread has a column: 8 quads, 32 elements, 32 bits.", "bold")
    for row in range(8):
        p.text(52, 53 + 20 * row, f"r = {row}", "small faint", "end")
        for thread in range(32):
            p.box(60 + 18 * thread, 40 + 20 * row, 18, 20, "blue strong" if thread == 6 else "")
    p.brace(60 + 18 * 6, 60 + 18 * 7, 202, "thread 6")
    p.left(4, 262, "mask[6]:", "bold small")
    for row in range(8):
        for q in range(4):
            bit = 4 * row + q
            passes = (bit * 7 + 3) % 5 > 1
            p.box(70 + 20 * (31 - bit), 246, 20, 24, "blue strong" if passes else "", "1" if passes else "0", "code")
        p.text(70 + 20 * (31 - 4 * row) - 20, 286, f"r = {row}", "small faint")
    p.left(8, 310, "1 where y > 0 (and where it is NaN, which passes on): 1/8 byte an element, where y would be 4.", "faint")
    return p
