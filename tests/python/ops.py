"""Every op and loss against PyTorch's: values and gradients from the same inputs, in float32 and float64, with
infinities, NaN, ties, zeros and broadcasting among them."""
import itertools
import sys
import zlib

import numpy as np
import torch
import torch.nn.functional as F

import parity

INF, NAN = np.inf, np.nan


def detached(f):
    """A loss whose first operand is a reference: no gradient reaches it."""
    return lambda *x: f(x[0].detach(), *x[1:])


def inverse_l1(reference, trained, eps=0.0):
    return 1.0 / (torch.sum(torch.abs(reference - trained)) + eps)


def halves(tensors):
    """The parameters of a reference, without gradient, and those of the trained model."""
    half = len(tensors) // 2
    return [a.detach() for a in tensors[:half]], tensors[half:]


def over_pairs(loss):
    """A loss of two models: its sum over the pairs of parameters."""
    return lambda *tensors: sum(loss(a, b) for a, b in zip(*halves(tensors)))


def of_whole(loss):
    """The same of all parameters as one vector."""
    return lambda *tensors: loss(*(torch.cat([x.flatten() for x in side]) for side in halves(tensors)))


def cosine(a, b, eps=0.0):
    length = torch.sqrt(torch.sum(a * a) + eps) * torch.sqrt(torch.sum(b * b) + eps)
    return torch.sum(a * b) / length


def correlation(a, b, eps=0.0):
    return cosine(a - a.mean(), b - b.mean(), eps)


def hidden_cka(x, y):
    x, y = x - x.mean(0), y - y.mean(0)
    return cosine(x @ x.T, y @ y.T, 1e-8)


def hidden_cosine(x, y):
    return sum(cosine(a, b, 1e-8) for a, b in zip(x, y)) / len(x)


def ncl(*outputs):
    """The definition, of the members' probabilities, the last of them trained."""
    mean = sum(outputs) / len(outputs)
    others = sum(output - mean for output in outputs[:-1])
    return torch.sum((outputs[-1] - mean) * others) / len(mean)


OPS = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "neg": lambda x: -x,
    "add number": lambda x: x + 0.75,
    "number minus": lambda x: 0.75 - x,
    "mul number": lambda x: x * -1.5,
    "div number": lambda x: x / -1.5,
    "number over": lambda x: -1.5 / x,
    "abs": torch.abs,
    "exp": torch.exp,
    "log": torch.log,
    "sqrt": torch.sqrt,
    "square": torch.square,
    **{f"pow {p:f}": lambda x, p=p: x**p for p in (2.0, 3.0, 1.0, -1.0, 0.5, 2.5)},
    "pow_zero": lambda x: x**0,
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "softplus": F.softplus,
    "softmax": lambda x: F.softmax(x, -1),
    "log_softmax": lambda x: F.log_softmax(x, -1),
    "sum": torch.sum,
    "sum_first": lambda x: torch.sum(x, 0),
    "sum_last_kept": lambda x: torch.sum(x, -1, keepdim=True),
    "mean": torch.mean,
    "mean_middle": lambda x: torch.mean(x, 1),
    "max": torch.amax,
    "max_last": lambda x: torch.amax(x, -1),
    "argmax": torch.argmax,
    "argmax_first": lambda x: torch.argmax(x, 0),
    "matmul": torch.matmul,
    "linear": F.linear,
    "transpose": lambda x: torch.transpose(x, 0, 2),
    "reshape": lambda x: torch.reshape(x, (-1, 6)),
    "cat": lambda *x: torch.cat(x, 1),
    "select": lambda x: x[:, 2],
    "slice": lambda x: x[:, 1:3],
    "mse": lambda x, t: F.mse_loss(x, t.detach()),
    "bce": lambda x, t: F.binary_cross_entropy(x, t.detach()),
    "bce_with_logits": lambda x, t: F.binary_cross_entropy_with_logits(x, t.detach()),
    "cross_entropy": lambda x, t: F.cross_entropy(x, t.long()),
    "soft_cross_entropy": lambda x, t: F.cross_entropy(x, t.detach()),
    "inverse_l1": detached(inverse_l1),
    "inverse_l1_eps": detached(lambda a, b: inverse_l1(a, b, 0.25)),
    "inverse_l1_composed": detached(inverse_l1),
    "inverse_l1_models": over_pairs(inverse_l1),
    "inverse_l1_model": of_whole(lambda a, b: inverse_l1(a, b, 0.25)),
    "cosine": detached(cosine),
    "cosine_eps": detached(lambda a, b: cosine(a, b, 0.25)),
    "cosine_models": over_pairs(lambda a, b: cosine(a, b, 0.25)),
    "cosine_model": of_whole(cosine),
    "correlation": detached(correlation),
    "correlation_eps": detached(lambda a, b: correlation(a, b, 0.25)),
    "correlation_models": over_pairs(lambda a, b: correlation(a, b, 0.25)),
    "correlation_model": of_whole(correlation),
    "inverse_ce": lambda x, t: 1.0 / F.cross_entropy(x, t.detach()),
    "inverse_ce_eps": lambda x, t: 1.0 / (F.cross_entropy(x, t.detach()) + 0.25),
    "negative_ce": lambda x, t: -F.cross_entropy(x, t.detach()),
    "hidden_cka": detached(hidden_cka),
    "hidden_cosine": detached(hidden_cosine),
    "ncl": lambda f, g, h: ncl(f.detach(), g.detach(), h),
}

# "OP@VARIANT/what": why ours is not PyTorch's, on purpose.
DIFFERENCES = {
    "abs@special/grad0": "the slope of |x| at NaN is NaN here; there sign(NaN) is 0, which hides it",
    "pow 0.500000@special/grad0": "(-inf)^-0.5 is 0 here, as in C; there it is 1 / sqrt(-inf)",
    "pow 0.500000@zeros/grad0": "(-0)^-0.5 is inf here, as in C; there it is 1 / sqrt(-0)",
    "bce@certain/grad0": "the denominator's least value is 1e-12 here; there it is the float32 nearest to that, in "
    "float64 too",
}

SPECIAL = [INF, -INF, NAN, 0.0, -0.0, 1.0, -1.0, 1e-30, -1e-30, 1e30, -1e30, 0.3, -7.5, 88.0, -88.0, 104.0]
FEW = [INF, -INF, NAN, 0.0, -0.0, 1.0, -2.5]

random = None  # seeded anew for each problem


def normal(*shape):
    return random.normal(size=shape)


def positive(*shape):
    return np.abs(normal(*shape)) + 0.1


def unit(*shape):
    return random.uniform(0.02, 0.98, size=shape)


def distribution(*shape):
    weights = positive(*shape)
    return weights / weights.sum(-1, keepdims=True)


def labels(rows, classes):
    return random.integers(0, classes, size=rows).astype(np.int32)


def array(*values):
    return np.array(values, dtype=np.float64)


def spread(count, at):
    """The `at`-th operand of all pairs of FEW."""
    return array(*[pair[at] for pair in itertools.product(FEW, repeat=count)])


UNARY = {
    "normal": lambda: [normal(3, 4, 5)],
    "long": lambda: [3 * normal(1000)],
    "scalar": lambda: [normal()],
    "empty": lambda: [normal(0, 3)],
    "special": lambda: [array(*SPECIAL)],
    "zeros": lambda: [array(0.0, -0.0, 0.0, 1.0)],
}
POSITIVE = {**UNARY, "normal": lambda: [positive(3, 4, 5)], "long": lambda: [positive(1000)], "scalar": lambda: [positive()]}
BINARY = {
    "normal": lambda: [normal(3, 4), normal(3, 4)],
    "right_row": lambda: [normal(3, 4), normal(4)],
    "left_column": lambda: [normal(3, 1), normal(3, 4)],
    "both": lambda: [normal(3, 1, 5), normal(4, 1)],
    "scalar": lambda: [normal(), normal(2, 3, 2)],
    "one": lambda: [normal(1), normal(1)],
    "empty": lambda: [normal(0, 4), normal(1, 4)],
    "special": lambda: [spread(2, 0), spread(2, 1)],
}
REDUCTION = {
    "normal": lambda: [normal(3, 4, 5)],
    "odd": lambda: [normal(3, 129, 2)],
    "zeros": lambda: [np.zeros((2, 3, 4))],
    "infinite": lambda: [np.where(unit(2, 3, 4) > 0.8, INF, normal(2, 3, 4))],
    "both_infinities": lambda: [np.where(unit(2, 3, 4) > 0.8, INF, np.where(unit(2, 3, 4) > 0.7, -INF, 1.0))],
    "nan": lambda: [np.where(unit(2, 3, 4) > 0.8, NAN, normal(2, 3, 4))],
}
ROWS = {
    "normal": lambda: [normal(4, 7)],
    "three_axes": lambda: [normal(2, 3, 129)],
    "one_column": lambda: [normal(4, 1)],
    "large": lambda: [1e4 * normal(4, 7)],
    "special": lambda: [array([1, INF, 2], [1, -INF, 2], [-INF, -INF, -INF], [NAN, 1, 2], [1e30, -1e30, 0])],
    "ties": lambda: [np.zeros((2, 5))],
}
# Distinct values have one maximum; equal ones share the gradient.
MAXIMUM = {
    **{name: make for name, make in REDUCTION.items() if name not in ("infinite", "both_infinities", "nan")},
    "ties": lambda: [random.integers(0, 3, size=(3, 4, 5)).astype(np.float64)],
    "infinite": REDUCTION["infinite"],
    "nan": REDUCTION["nan"],
}
POINTWISE = {"normal": lambda: [normal(5, 3), normal(5, 3)], "one": lambda: [normal(1), normal(1)]}
PAIR = {
    "normal": lambda: [normal(5, 3), normal(5, 3)],
    "far": lambda: [normal(50), normal(50) + 1e4],
    "some_equal": lambda: [array(1, 2, 3), array(1, 5, 3)],
    "equal": lambda: [array(1, 2, 3), array(1, 2, 3)],
    "nan": lambda: [array(1, 2, 3), array(1, NAN, 4)],
    "infinite": lambda: [array(1, 2, 3), array(1, INF, 4)],
    "long": lambda: [normal(10000), normal(10000)],
}
ANGLE = {
    "normal": lambda: [normal(5, 3), normal(5, 3)],
    "long": lambda: [normal(10000), normal(10000)],
    "large": lambda: [1e4 * normal(20), 1e-4 * normal(20)],
    "zero_reference": lambda: [np.zeros(3), array(1, 2, 4)],
    "zero_trained": lambda: [array(1, 2, 4), np.zeros(3)],
    "nan": lambda: [array(1, 2, 3), array(1, NAN, 4)],
}
MODELS = {
    "normal": lambda: [normal(4, 2), normal(4), normal(1, 4), normal(1), normal(4, 2), normal(4), normal(1, 4), normal(1)],
    "a_pair_equal": lambda: [normal(4, 2), np.zeros(4), normal(4, 2), np.zeros(4)],
}
SOFT = {
    "normal": lambda: [normal(5, 3), distribution(5, 3)],
    "any_sum": lambda: [normal(5, 3), positive(5, 3)],
    "one_hot": lambda: [normal(4, 4), np.eye(4)],
    "wide": lambda: [normal(3, 5000), distribution(3, 5000)],
    "large": lambda: [1e4 * normal(5, 3), distribution(5, 3)],
}

VARIANTS = {
    **dict.fromkeys(("add", "sub", "mul", "div"), BINARY),
    **dict.fromkeys(("log", "sqrt", "pow 2.500000", "pow 0.500000"), POSITIVE),
    **dict.fromkeys(("softmax", "log_softmax"), ROWS),
    **dict.fromkeys(("sum", "sum_first", "sum_last_kept", "mean", "mean_middle"), REDUCTION),
    **dict.fromkeys(("max", "max_last", "argmax", "argmax_first"), MAXIMUM),
    "matmul": {
        "normal": lambda: [normal(3, 4), normal(4, 5)],
        "large": lambda: [normal(65, 70), normal(70, 33)],
        "vector": lambda: [normal(1, 40), normal(40, 1)],
        "nothing_inside": lambda: [normal(3, 0), normal(0, 2)],
        "infinite": lambda: [array([1, INF], [2, 3]), array([1, 2], [3, 4])],
    },
    "linear": {
        "normal": lambda: [normal(20, 2), normal(4, 2), normal(4)],
        "large": lambda: [normal(128, 100), normal(50, 100), normal(50)],
        "no_rows": lambda: [normal(0, 3), normal(2, 3), normal(2)],
    },
    "transpose": {"normal": lambda: [normal(2, 3, 4)]},
    "reshape": {"normal": lambda: [normal(2, 3, 4)]},
    "cat": {"normal": lambda: [normal(2, 3), normal(2, 1), normal(2, 4)], "empty": lambda: [normal(2, 0), normal(2, 1)]},
    "select": {"normal": lambda: [normal(2, 3, 4)]},
    "slice": {"normal": lambda: [normal(2, 3, 4)], "column": lambda: [normal(5, 4)]},
    "mse": {**POINTWISE, "special": BINARY["special"]},
    "bce": {
        "normal": lambda: [unit(5, 3), unit(5, 3)],
        "certain": lambda: [array(0, 0, 1, 1, 1e-30, 0.5), array(0, 1, 0, 1, 1, 0)],
        "one": lambda: [unit(1), unit(1)],
    },
    "bce_with_logits": {
        **POINTWISE,
        "large": lambda: [array(1e4, -1e4, 100, -100, 0, -0.0), array(1, 1, 0, 0.5, 1, 0)],
        "special": lambda: [array(INF, -INF, 0, 1), array(0, 0, 1, 1)],
    },
    "cross_entropy": {
        "normal": lambda: [normal(5, 3), labels(5, 3)],
        "digits": lambda: [3 * normal(128, 10), labels(128, 10)],
        "wide": lambda: [normal(3, 5000), labels(3, 5000)],
        "large": lambda: [1e4 * normal(5, 3), labels(5, 3)],
        "one_class": lambda: [normal(5, 1), labels(5, 1)],
        "excluded": lambda: [array([1, -INF, 2], [0, 1, -INF]), np.array([0, 1], dtype=np.int32)],
        "nan": lambda: [array([1, NAN, 2], [0, 1, 3]), np.array([0, 1], dtype=np.int32)],
    },
    **dict.fromkeys(("soft_cross_entropy", "inverse_ce", "inverse_ce_eps", "negative_ce"), SOFT),
    **dict.fromkeys(("inverse_l1", "inverse_l1_eps", "inverse_l1_composed"), PAIR),
    **dict.fromkeys(("cosine", "cosine_eps", "correlation", "correlation_eps"), ANGLE),
    **dict.fromkeys(
        ("inverse_l1_models", "inverse_l1_model", "cosine_models", "cosine_model", "correlation_models", "correlation_model"),
        MODELS,
    ),
    "hidden_cka": {
        "by_rows": lambda: [normal(8, 20), normal(8, 15)],
        "by_units": lambda: [normal(30, 4), normal(30, 6)],
        "dead": lambda: [normal(6, 3), np.zeros((6, 3))],
    },
    "hidden_cosine": {
        "normal": lambda: [normal(8, 5), normal(8, 5)],
        "dead_row": lambda: [positive(3, 2), array([1, 2], [0, 0], [3, 1])],
    },
    "ncl": {"normal": lambda: [distribution(8, 10), distribution(8, 10), distribution(8, 10)]},
}


def problems(dtype):
    """Inputs by "OP@VARIANT", and upstream gradients of the results' shapes."""
    global random
    result = {}
    for op in OPS:
        for variant, make in VARIANTS.get(op, UNARY).items():
            key = f"{op}@{variant}"
            random = np.random.default_rng(zlib.crc32(key.encode()))
            inputs = [np.asarray(x) if np.asarray(x).dtype == np.int32 else np.asarray(x, dtype) for x in make()]
            with torch.no_grad():
                shape = OPS[op](*map(torch.tensor, inputs)).shape
            result[key] = inputs, normal(*shape).astype(dtype)
    return result


def theirs(op, inputs, upstream):
    """PyTorch's value, and its gradients or None."""
    leaves = [torch.tensor(x, requires_grad=x.dtype != np.int32) for x in inputs]
    value = OPS[op](*leaves)
    if value.requires_grad:
        value.backward(torch.tensor(upstream))
    gradients = [None if leaf.grad is None else leaf.grad.numpy() for leaf in leaves]
    return value.detach().numpy(), gradients


def main(program):
    report = parity.Report()
    report.check("names", "" if sorted(OPS) == parity.listed(program) else "the two lists of ops differ")
    for dtype, tolerance in ((np.float32, 1e-5), (np.float64, 1e-10)):
        todo = problems(dtype)
        arrays = {}
        for key, (inputs, upstream) in todo.items():
            arrays.update({f"{key}/{i}": x for i, x in enumerate(inputs)})
            arrays[f"{key}/upstream"] = upstream
        ours = parity.through(program, arrays)
        for key, (inputs, upstream) in todo.items():
            value, gradients = theirs(key[: key.index("@")], inputs, upstream)
            results = {"value": value.astype(ours[f"{key}/value"].dtype)}
            results.update({f"grad{i}": g for i, g in enumerate(gradients)})
            for name, expected in results.items():
                got = ours.get(f"{key}/{name}")
                if got is None or expected is None:
                    problem = "" if got is expected else f"{got} in place of {expected}: absent is not zero"
                else:
                    problem = parity.difference(got, expected, tolerance)
                why = DIFFERENCES.get(f"{key}/{name}")
                if why:
                    print(f"{key}/{name} {dtype.__name__} {'differs' if problem else 'agrees all the same'}: {why}")
                    problem = ""
                report.check(f"{key}/{name} {dtype.__name__}", problem)
    report.finish("values and gradients")


main(sys.argv[1])
