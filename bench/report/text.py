"""Numbers as a reader wants them: three digits and a unit. What is no finite number is a dash."""

import math

DASH = "-"


def significant(value, digits=3):
    """1234.5 is 1230, 0.012345 is 0.0123."""
    if value is None or not math.isfinite(value):
        return DASH
    if value == 0:
        return "0"
    decimals = digits - 1 - math.floor(math.log10(abs(value)))
    rounded = round(value, decimals)
    decimals = digits - 1 - math.floor(math.log10(abs(rounded)))  # 9.996 has become 10.0
    return f"{rounded:,.{max(decimals, 0)}f}"


def _scaled(value, units, digits):
    if value is None or not math.isfinite(value):
        return DASH
    for unit, scale in units:
        if abs(float(f"{value / scale:.{digits - 1}e}")) >= 1:
            break
    return f"{significant(value / scale, digits)} {unit}"


def seconds(value, digits=3):
    return _scaled(value, (("s", 1), ("ms", 1e-3), ("µs", 1e-6), ("ns", 1e-9)), digits)


def size_in_bytes(value, digits=3):
    """In binary units where they are round, as caches and limits are; decimal else, as bandwidths are."""
    unit, scale = next(((u, s) for u, s in (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10)) if value >= s), ("B", 1))
    if scale > 1 and float(f"{value / scale:.4g}") == value / scale:
        return f"{value / scale:.4g} {unit}"
    return _scaled(value, (("GB", 1e9), ("MB", 1e6), ("kB", 1e3), ("B", 1)), digits)


def count(value):
    """150000000 is 150 M, 1000 is 1,000."""
    value = int(value)
    return f"{value // 1_000_000} M" if value >= 1_000_000 and value % 1_000_000 == 0 else f"{value:,}"


def ratio(value, digits=3):
    text = significant(value, digits)
    return text if text == DASH else text + "x"


def percent(share, digits=3):
    text = significant(None if share is None else 100 * share, digits)
    return text if text == DASH else text + " %"


def distinct(write, value, bound):
    """Written with as many digits as tell it from the bound: 89.97 % is not 90 %."""
    for digits in range(3, 9):
        if write(value, digits) != write(bound, digits):
            break
    else:
        digits = 3
    return write(value, digits)


def error(value):
    """A relative error; 0 is exact."""
    return DASH if value is None or not math.isfinite(value) else "0" if value == 0 else f"{value:.1e}"
