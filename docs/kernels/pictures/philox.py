from picture import Picture


def draw():
    """Who makes which number."""
    p = Picture(760, 250, "Counter-based random numbers", "Each element's number is a function of its place, the seed and "
                "the counter; no thread needs what another has drawn.")
    p.left(8, 22, "Elements 4 b … 4 b + 3 are the four words of block b; any thread may make any of them.", "bold")
    for block in range(4):
        x = 30 + 180 * block
        p.box(x, 44, 160, 24, "blue", f"counter + {block},  seed")
        p.arrow(x + 80, 68, x + 80, 84)
        p.box(x, 86, 160, 24, "teal", "ten rounds")
        for word in range(4):
            p.arrow(x + 20 + 40 * word, 110, x + 20 + 40 * word, 128)
            p.box(x + 40 * word, 130, 40, 24, "orange", f"x[{4 * block + word}]")
    p.left(30, 192, "A round is two multiplications of 32 by 32 bits, their halves swapped and mixed with the key by xor.", "small")
    p.left(30, 216, "The fill moves the counter on by the number of its blocks, in device memory, so that a replayed", "faint")
    p.left(30, 234, "capture draws new numbers.", "faint")
    return p
