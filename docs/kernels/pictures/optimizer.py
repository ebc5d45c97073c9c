from picture import Picture

ARRAYS = {"sgd_step": "gp", "momentum_step": "gvp", "adam_step": "gmvp"}


def draw():
    """What a step moves."""
    p = Picture(760, 300, "Bytes of an optimiser's step", "Each parameter's gradient is read, and the state and the "
                "parameter read and written once.")
    p.left(8, 22, "One launch over the whole range of parameters; each number crosses the bus once each way.", "bold")
    for line, (kernel, arrays) in enumerate(ARRAYS.items()):
        y = 44 + 84 * line
        p.text(112, y + 30, kernel, "code", "end")
        for i, name in enumerate(arrays):
            x = 130 + 72 * i
            p.box(x, y, 64, 22, "blue", f"read {name}")
            if name != "g":
                p.box(x, y + 34, 64, 22, "orange", f"write {name}")
                p.arrow(x + 32, y + 22, x + 32, y + 34)
        p.left(450, y + 32, f"{4 * len(arrays)} + {4 * (len(arrays) - 1)} = {8 * len(arrays) - 4} bytes a parameter")
    p.left(8, 292, "g gradient, v velocity or second moment, m first moment, p parameter; float32.", "faint")
    return p
