#!/usr/bin/env python3
"""PyTorch from Python, as its users write it: a peer of bench/versus.

pytorch.py --problem KEY              prints "pytorch_VERSION" and a sample of the result of five steps
pytorch.py --problem KEY --seconds S  prints "pytorch_VERSION" and the seconds that a step takes, from about S of them

Prints nothing where it does not do this work. The operands are those of bench/contest.hpp.
"""

import argparse
import math
import re
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional


def numbers(n, which, low=-1.0, high=1.0):
    """Operand `which` of every problem. The generator is linear, so that twice the states come from the first ones."""
    factor, term = np.uint64(6364136223846793005), np.uint64(1442695040888963407)
    with np.errstate(over="ignore"):
        states = np.array([np.uint64(which) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(1)]) * factor + term
        while len(states) < n:
            states = np.concatenate([states, states * factor + term])
            factor, term = factor * factor, factor * term + term
    fractions = (states[:n] >> np.uint64(40)).astype(np.float32) * np.float32(2.0**-24)
    return torch.from_numpy(np.float32(low) + np.float32(high - low) * fractions)


def sample(x):
    return x.detach().flatten()[:: x.numel() // 1000 + 1].tolist()


def leaf(values, *shape):
    return values.reshape(shape).clone().requires_grad_()


class RecordedAdd:
    def __init__(self):
        self.a, self.b = torch.ones(1, requires_grad=True), torch.ones(1)

    def step(self):
        self.sum = self.a + self.b

    def result(self):
        return sample(self.sum)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(2, 4), nn.Linear(4, 1)

    def forward(self, x):
        return torch.sigmoid(self.fc2(torch.relu(self.fc1(x))))


class TwoBlobsStep:
    def __init__(self):
        self.x, self.y = numbers(40, 1, -2, 2).reshape(20, 2), numbers(20, 2, 0, 1).reshape(20, 1)
        self.a, self.b = Net(), Net()
        for net, which in (self.a, 3), (self.b, 4):
            nn.utils.vector_to_parameters(numbers(17, which, -0.7, 0.7), net.parameters())
        self.sgd = torch.optim.SGD(self.b.parameters(), lr=0.01)

    def step(self):
        self.sgd.zero_grad()
        loss = functional.binary_cross_entropy(self.b(self.x), self.y)
        for old, new in zip(self.a.parameters(), self.b.parameters()):
            loss = loss + 1 / torch.sum(torch.abs(old.detach() - new))
        loss.backward()
        self.sgd.step()

    def result(self):
        return sample(nn.utils.parameters_to_vector(self.b.parameters()))


class Similarity:
    def __init__(self, n, pairs):
        bounds = [n * k // pairs for k in range(pairs + 1)]
        a, b = numbers(n, 1), numbers(n, 2)
        self.a = [a[i:j] for i, j in zip(bounds, bounds[1:])]
        self.b = [leaf(b[i:j], j - i) for i, j in zip(bounds, bounds[1:])]

    def step(self):
        for b in self.b:
            b.grad = None
        self.loss = sum(1 / torch.sum(torch.abs(a.detach() - b)) for a, b in zip(self.a, self.b))
        self.loss.backward()

    def result(self):
        return [self.loss.item()] + sample(torch.cat([b.grad for b in self.b]))


class CrossEntropy:
    def __init__(self, rows, classes):
        self.x = leaf(numbers(rows * classes, 1, -4, 4), rows, classes)
        self.labels = (numbers(rows, 99, 0, 1) * classes).long().clamp(max=classes - 1)

    def step(self):
        self.x.grad = None
        self.loss = functional.cross_entropy(self.x, self.labels)
        self.loss.backward()

    def result(self):
        return [self.loss.item()] + sample(self.x.grad)


class Linear:
    def __init__(self, rows, inputs, outputs, backward=True):
        self.leaves = [leaf(numbers(rows * inputs, 1), rows, inputs), leaf(numbers(outputs * inputs, 2), outputs, inputs),
                       leaf(numbers(outputs, 3), outputs)]
        self.upstream = numbers(rows * outputs, 4).reshape(rows, outputs)
        self.backward = backward

    def step(self):
        for each in self.leaves:
            each.grad = None
        self.y = functional.linear(*self.leaves)
        if self.backward:
            self.y.backward(self.upstream)

    def result(self):
        gradients = [each.grad for each in self.leaves] if self.backward else []
        return [number for each in [self.y] + gradients for number in sample(each)]


class Optimizer:
    def __init__(self, make, n):
        self.parameter = leaf(numbers(n, 1), n)
        self.parameter.grad = numbers(n, 2)
        self.optimizer = make([self.parameter], lr=0.001)

    def step(self):
        self.optimizer.step()

    def result(self):
        return sample(self.parameter)


WORKS = {
    "recorded_add": RecordedAdd,
    "two_blobs_step": TwoBlobsStep,
    "similarity": Similarity,
    "cross_entropy": CrossEntropy,
    "linear_forward": lambda *sizes: Linear(*sizes, backward=False),
    "linear": Linear,
    "sgd": lambda n: Optimizer(torch.optim.SGD, n),
    "adam": lambda n: Optimizer(torch.optim.Adam, n),
}


def step_time(run, seconds):
    """As bench/stopwatch.hpp measures it: the fastest of five rounds."""
    def timed(steps):
        begin = time.perf_counter()
        for _ in range(steps):
            run.step()
        return time.perf_counter() - begin

    rounds, steps = 5, 1
    run.step()
    first = timed(steps)
    while first < seconds / rounds:
        steps *= 2
        first = timed(steps)
    times = [first]
    while len(times) < rounds and sum(times) < 10 * seconds:
        times.append(timed(steps))
    return min(times) / steps


def positive(text):
    if not re.fullmatch(r"[0-9]+(\.[0-9]*)?(e[-+]?[0-9]+)?", text) or not 0 < float(text) < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is no finite number above 0")
    return float(text)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--problem", required=True)
    parser.add_argument("--seconds", type=positive)
    options = parser.parse_args()
    work, _, sizes = options.problem.partition("/")
    if work not in WORKS:
        return
    torch.set_num_threads(1)
    run = WORKS[work](*(int(size) for size in sizes.split("x") if size))
    print(f"pytorch_{torch.__version__}")
    if options.seconds is not None:
        print(step_time(run, options.seconds))
        return
    for _ in range(5):
        run.step()
    print(*run.result())


if __name__ == "__main__":
    main()
