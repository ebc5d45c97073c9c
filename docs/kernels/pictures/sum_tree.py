from picture import Picture

LEFT, WIDTH = 130, 18  # of the grid, and of a thread's column


def draw():
    """One block of the sum tree, by one warp."""
    p = Picture(760, 372, "The sum tree in a warp", "4096 numbers as 32 rows of 128; a thread adds up a column of four "
                "lanes; then halves of the lanes are added until one number is left.")
    right = LEFT + 32 * WIDTH
    p.left(8, 22, "4096 numbers: 32 rows of 128 lanes. A thread has four neighbouring lanes, 16 bytes of each row.", "bold")
    for row, name in enumerate(("row 0", "row 1", "row 2", "…", "row 31")):
        y = 38 + 20 * row
        p.text(LEFT - 10, y + 14, name, "small faint", "end")
        for thread in range(32):
            p.box(LEFT + thread * WIDTH, y, WIDTH, 20, "blue" if thread == 5 else "none" if name == "…" else "")
    p.arrow(LEFT + 5.5 * WIDTH, 142, LEFT + 5.5 * WIDTH, 164)
    p.left(LEFT + 6.4 * WIDTH, 158, "each thread adds row after row to its four sums: lane l has l + (l + 128) + (l + 256) + …", "small")
    p.text(LEFT - 10, 182, "128 lanes", "small faint", "end")
    threads = 32
    for level in range(6):
        y = 168 + 30 * level
        for thread in range(threads):
            p.box(LEFT + thread * WIDTH, y, WIDTH, 18, "blue" if thread == 5 else "teal")
        if 0 < level < 5:
            p.left(LEFT + (threads + 0.6) * WIDTH, y + 13, f"lane l += lane l + {4 * threads}: a shuffle by {threads} threads", "small")
        if level < 5:
            threads //= 2
            p.arrow(LEFT + 1.5 * threads * WIDTH, y + 18, LEFT + threads / 2 * WIDTH, y + 30)
    p.arrow(LEFT + WIDTH, 327, LEFT + 3 * WIDTH - 4, 327)
    p.box(LEFT + 3 * WIDTH, 318, 6 * WIDTH, 18, "orange", "(0 + 2) + (1 + 3)")
    p.left(LEFT + 9.5 * WIDTH, 331, "after a shuffle by 1 thread the last two steps are inside one: the sum of the block", "small")
    p.left(8, 362, "The shape depends on the number of elements alone, so every device gives the same bits.", "faint")
    return p
