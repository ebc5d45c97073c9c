from picture import Picture


def draw():
    """Two bits an element."""
    p = Picture(760, 340, "The sign words", "2048 elements as 16 rows of 128 lanes; the signs of the 16 elements of a "
                "lane make one word of 32 bits.")
    p.left(8, 22, "2048 elements: 16 rows of 128 lanes. A lane's 16 signs are one word, two bits for each row.", "bold")
    lanes = ("0", "1", "2", "3", "4", "5", "6", "7", "…", "126", "127")
    for column, lane in enumerate(lanes):
        x = 100 + 34 * column
        p.text(x + 17, 44, lane, "small faint")
        for row, name in enumerate(("0", "1", "2", "…", "15")):
            kind = "blue strong" if lane == "5" else "blue" if lane in "4567" else ""
            p.box(x, 52 + 24 * row, 34, 24, "none" if "…" in (lane, name) else kind)
    for row, name in enumerate(("row 0", "row 1", "row 2", "…", "row 15")):
        p.text(90, 68 + 24 * row, name, "small faint", "end")
    p.brace(100 + 34 * 4, 100 + 34 * 8, 174, "thread 1: a quad, 16 bytes of a row")
    p.left(500, 80, "b > a: 01", "code")
    p.left(500, 102, "b < a: 10", "code")
    p.left(500, 124, "b = a: 00", "code")
    p.left(500, 146, "sign(0) = 0 takes the second bit", "small faint")
    p.left(8, 232, "Word 5:", "bold")
    signs = ("01", "00", "10", "10", "01", "01", "00", "01", "10", "01", "10", "01", "00", "10", "01", "10")
    for row, sign in enumerate(signs):
        x = 90 + (15 - row) * 40
        p.box(x, 216, 40, 24, "blue", sign, "code")
        p.text(x + 20, 256, f"row {row}", "small faint")
    p.left(8, 292, "A thread has filled four whole words and writes them as 16 bytes. The backward pass reads 1/4 byte an", "faint")
    p.left(8, 310, "element in place of the 8 bytes of a and b, and needs neither to be as it was.", "faint")
    return p
