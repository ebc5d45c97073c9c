from picture import Picture


def threads(p, x, y, count, width, kind="blue", mark=None):
    for t in range(count):
        p.box(x + t * width, y, width, 16, kind + (" strong" if t == mark else ""))


def draw():
    """Who has a row."""
    p = Picture(760, 560, "Four kernels by the length of a row", "A thread per row, a warp per row, a block per row with "
                "the row in registers, and a block that reads the row twice.")
    p.left(8, 22, "packed_rows: up to 32 columns. A thread has a row.", "bold")
    p.left(8, 42, "128 rows come as one piece of memory, by neighbouring threads; in shared memory a row begins every", "small faint")
    p.left(8, 56, "cols | 1 words, an odd number, so that 32 threads, each at the same column of its row, meet 32 banks.", "small faint")
    for row in range(4):
        for column in range(10):
            p.box(60 + 24 * column, 66 + 18 * row, 24, 18, "teal" if row == 1 else "")
        p.text(52, 79 + 18 * row, f"row {row}", "small faint", "end")
        p.box(330, 66 + 18 * row, 90, 18, "teal strong" if row == 1 else "blue", f"thread {row}")
    p.arrow(304, 101, 326, 101)
    p.left(440, 101, "max, sum, loss and gradient of row 1, in registers", "small")

    p.left(8, 172, "warp_per_row: up to 1024 columns (512 with probabilities).", "bold")
    p.left(8, 190, "Thread t has columns t, t + 32, t + 64, …; the loads of 4, 2 or 1 rows are in flight together.", "small faint")
    for row in range(2):
        p.text(52, 213 + 26 * row, f"row {row}", "small faint", "end")
        for part in range(3):
            threads(p, 60 + 196 * part, 200 + 26 * row, 32, 6, "teal" if row else "blue", 3)
        p.left(652, 213 + 26 * row, "…", "faint")
    p.left(60, 264, "A row's maximum and sum go through the warp by shuffles; nothing waits for another warp.", "small")

    p.left(8, 302, "block_per_row: up to 32768 columns. The row stays in registers.", "bold")
    p.left(8, 320, "128 threads for each 4096 columns, 32 columns each. While a row is worked on, cp.async brings the next.", "small faint")
    p.text(52, 345, "registers", "small faint", "end")
    for warp in range(8):
        p.box(60 + 72 * warp, 332, 72, 18, "blue", "4096" if warp in (0, 7) else "")
    p.text(52, 371, "shared", "small faint", "end")
    p.box(60, 358, 576, 18, "orange", "the next row on its way, asked for by the threads that will read it")
    p.left(60, 394, "max of the block → e^(x − max), summed in the tree → the gradient from the registers: 4 bytes in, 4 bytes out.", "small")

    p.left(8, 432, "long_rows: longer ones. The row is read twice.", "bold")
    p.left(8, 450, "Each warp takes blocks of 4096 columns, each with a maximum of its own, so that one pass is enough for the sums.", "small faint")
    for block in range(6):
        x = 60 + 112 * block
        p.box(x, 462, 104, 20, "purple" if block % 2 else "blue", f"max {block}, sum {block}")
        p.line(x + 52, 482, 390, 504)
    p.box(190, 504, 400, 22, "orange", "max = max of them;  sum = Σ sum b · e^(max b − max)")
    p.left(60, 548, "Then the second pass writes the gradient from x and the two numbers.", "small")
    return p
