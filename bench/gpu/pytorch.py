#!/usr/bin/env python3
"""pytorch.py JSON: PyTorch, eager and compiled, on the shapes that time.cu measures. Rows are written as they come."""

import json
import statistics
import sys
import time

import torch
import torch.nn.functional as F

ROWS, MISSING = [], []
BEGIN = time.time()
MILLION = 1_000_000


def save():
    out = {"torch": torch.__version__, "seconds": time.time() - BEGIN, "results": ROWS, "missing": MISSING}
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        json.dump(out, file, indent=1)


def microseconds(work):
    """Per call; the median of seven batches."""
    for _ in range(3):
        work()
    torch.cuda.synchronize()
    start, stop = torch.cuda.Event(True), torch.cuda.Event(True)

    def batch(calls):
        start.record()
        for _ in range(calls):
            work()
        stop.record()
        stop.synchronize()
        return 1000 * start.elapsed_time(stop) / calls

    calls = int(min(max(8000 / batch(3), 3), 1000))
    return statistics.median(batch(calls) for _ in range(7))


def node(work):
    """Per call in a CUDA graph of 100."""
    stream = torch.cuda.Stream()
    with torch.cuda.stream(stream):
        for _ in range(3):
            work()
    torch.cuda.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph, stream=stream):
        for _ in range(100):
            work()
    return microseconds(graph.replay) / 100


def measure(what, how, work, bytes=0, flops=0, timer=microseconds, who="eager"):
    try:
        us = timer(work)
    except Exception as error:  # noqa: BLE001  (whatever goes wrong, the others are still measured)
        MISSING.append({"what": f"{who} {what}", "why": str(error)[:300]})
        print(who, what, "FAILED", str(error)[:200], flush=True)
        return save()
    ROWS.append({"who": f"pytorch {who}", "what": what, "how": how, "us": us, "bytes": bytes, "flops": flops})
    rate = f"{bytes / us / 1e6:8.3f} TB/s" if bytes else f"{flops / us / 1e6:8.2f} TFLOP/s"
    print(f"{who:9} {what:44} {how:5} {us:12.2f} us {rate}", flush=True)
    save()


def both(what, how, function, *args, bytes=0, flops=0):
    measure(what, how, lambda: function(*args), bytes, flops)
    compiled = torch.compile(function, dynamic=False)
    measure(what, how, lambda: compiled(*args), bytes, flops, who="compiled")


def similarity(n):
    a, b = torch.randn(n, device="cuda"), torch.randn(n, device="cuda")
    grown = b.clone().requires_grad_()

    def forward(a, b):
        return 1 / (a - b).abs().sum()

    def training(a, b):
        loss = forward(a, b)
        loss.backward()
        return loss

    with torch.no_grad():
        both(f"similarity forward {n}", "cold", forward, a, b, bytes=8 * n)
    grown.grad = torch.zeros_like(grown)
    measure(f"similarity fwd+bwd {n}", "cold", lambda: training(a, grown), 16.5 * n)
    compiled = torch.compile(forward, dynamic=False)
    measure(f"similarity fwd+bwd {n}", "cold", lambda: compiled(a, grown).backward(), 16.5 * n, who="compiled")


def cross_entropy(rows, cols, soft):
    x = torch.randn(rows, cols, device="cuda", requires_grad=True)
    target = torch.rand(rows, cols, device="cuda") if soft else torch.randint(cols, (rows,), device="cuda")
    name = f"{'soft ' if soft else ''}cross-entropy fwd+bwd {rows} x {cols}"
    bytes = (12 if soft else 8) * rows * cols

    def step(function):
        x.grad = None
        function(x, target).backward()

    measure(name, "cold", lambda: step(F.cross_entropy), bytes)
    compiled = torch.compile(F.cross_entropy, dynamic=False)
    measure(name, "cold", lambda: step(compiled), bytes, who="compiled")


def elementwise():
    n = 1 << 26
    x, dy, y = (torch.randn(n, device="cuda") for _ in range(3))
    with torch.no_grad():
        both("relu forward 2^26", "cold", torch.relu, x, bytes=8 * n)
        both("sigmoid forward 2^26", "cold", torch.sigmoid, x, bytes=8 * n)
    measure("relu backward 2^26", "cold", lambda: torch.ops.aten.threshold_backward(dy, y, 0), 12 * n)
    measure("sigmoid backward 2^26", "cold", lambda: torch.ops.aten.sigmoid_backward(dy, y), 12 * n)


def optimizers():
    def step(n, kind, **options):
        p = torch.randn(n, device="cuda", requires_grad=True)
        p.grad = torch.randn(n, device="cuda")
        optimizer = kind([p], lr=1e-3, fused=True, **options)
        return optimizer.step

    n = 100 * MILLION
    measure("adam, fused, 100M", "cold", step(n, torch.optim.Adam), 28 * n)
    measure("sgd, fused, 100M", "cold", step(n, torch.optim.SGD), 12 * n)
    n = 203530
    measure("adam, fused, 203530", "node", step(n, torch.optim.Adam, capturable=True), 28 * n, timer=node)


def linear():
    for rows, inputs, outputs in ((4096, 4096, 4096), (128, 784, 256)):
        x = torch.randn(rows, inputs, device="cuda")
        w, b = torch.randn(outputs, inputs, device="cuda"), torch.randn(outputs, device="cuda")
        flops = 2 * rows * inputs * outputs
        for precision, name in (("highest", "fp32"), ("high", "tf32")):
            torch.set_float32_matmul_precision(precision)
            work = lambda: torch.relu(F.linear(x, w, b))  # noqa: E731
            what = f"linear+relu {name} {rows} x {inputs} x {outputs}"
            measure(what, "warm", work, flops=flops)
            if rows < 1000:
                measure(what, "node", work, flops=flops, timer=node)
    torch.set_float32_matmul_precision("highest")


def main():
    with torch.no_grad():
        linear()
        optimizers()
    elementwise()
    similarity(100 * MILLION)
    cross_entropy(8192, 32000, False)
    cross_entropy(8192, 32000, True)
    cross_entropy(MILLION, 10, False)
    torch.cuda.empty_cache()
    cross_entropy(8192, 128256, False)


main()
