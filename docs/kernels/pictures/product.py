from picture import Picture

COLOURS = ("blue", "orange")


def tile(p):
    p.left(8, 44, "A block: 128 × 128 of C, 8 warps", "bold")
    for m in range(4):
        for n in range(2):
            p.box(60 + 100 * n, 76 + 50 * m, 100, 50, "blue strong" if (m, n) == (1, 0) else "blue", f"warp {4 * n + m}")
    p.box(12, 76, 24, 200, "teal", "A", "bold")
    p.text(24, 292, "8 k's", "small faint")
    p.box(60, 54, 200, 16, "orange", "B: 8 k's", "small")
    p.text(160, 292, "a warp has 32 × 64", "small faint")


def warp(p):
    p.left(300, 44, "A warp: a thread has four squares of 4 × 4", "bold")
    for m in range(8):
        for n in range(16):
            thread = m % 4 * 8 + n % 8
            p.box(324 + 26 * n, 76 + 25 * m, 26, 25, "purple strong" if thread == 10 else "blue", str(thread),
                  "small bold" if thread == 10 else "small faint")
    for m in (1, 5):
        p.box(302, 76 + 25 * m, 16, 25, "teal strong")
    for n in (2, 10):
        p.box(324 + 26 * n, 54, 26, 16, "orange strong")
    p.text(532, 292, "for each k: 16 bytes four times from shared memory, 64 multiply-adds", "small faint")


def pipeline(p):
    p.left(8, 330, "Time: one step is 8 k's. Shared memory holds two slices, and a barrier ends each step.", "bold")
    for step in range(3):
        x = 100 + 216 * step
        p.box(x, 346, 150, 24, COLOURS[step % 2], f"load slice {step + 1} to registers")
        p.box(x, 374, 150, 24, COLOURS[(step + 1) % 2] + " strong", f"multiply slice {step}")
        p.box(x + 150, 346, 56, 52, COLOURS[step % 2], "store")
        p.line(x + 211, 340, x + 211, 404)
    p.text(92, 363, "memory", "small faint", "end")
    p.text(92, 391, "arithmetic", "small faint", "end")
    p.left(8, 428, "One barrier a step is enough: what is stored goes to the slice that nobody has read since the last one.", "faint")


def draw():
    """The large product."""
    p = Picture(760, 440, "Tiles of the large product", "A block's tile, a warp's part of it, a thread's four squares, and "
                "how the loads of the next slice overlap the arithmetic of this one.")
    p.left(8, 22, "C = A Bᵀ, in float32, by multiply-adds.", "faint")
    tile(p)
    warp(p)
    pipeline(p)
    return p
