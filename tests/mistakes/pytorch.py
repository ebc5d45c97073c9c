#!/usr/bin/env python3
"""The same mistakes made with PyTorch, and what it says: writes pytorch.json beside this file.

Each function is one mistake, named as the .cpp file that makes it with Wengert. What it returns is what can be seen
afterwards, where PyTorch itself says nothing. Every one runs in a process of its own.
"""
import inspect
import json
import multiprocessing
import pathlib
import re
import sys
import warnings

import torch
from torch import nn
from torch.nn import functional as F

HERE = pathlib.Path(__file__).resolve().parent


def never_zeroed():
    model, x, y = nn.Linear(2, 1), torch.ones(4, 2), torch.zeros(4, 1)
    sgd = torch.optim.SGD(model.parameters(), lr=0.1)
    for step in range(3):
        F.mse_loss(model(x), y).backward()
        sgd.step()


def zeroed_too_late():
    model = nn.Linear(2, 1)
    before = model.weight.clone()
    sgd = torch.optim.SGD(model.parameters(), lr=0.1)
    F.mse_loss(model(torch.ones(4, 2)), torch.zeros(4, 1)).backward()
    sgd.zero_grad()
    sgd.step()
    return f"the weight has moved: {not torch.equal(before, model.weight)}"


def total_loss():
    model, total = nn.Linear(2, 1), 0
    sgd = torch.optim.SGD(model.parameters(), lr=0.1)
    for step in range(4):
        sgd.zero_grad()
        loss = F.mse_loss(model(torch.ones(4, 2)), torch.zeros(4, 1))
        loss.backward()
        sgd.step()
        total = total + loss


def second_backward():
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    penalty = w.square().sum()
    for step in range(2):
        penalty.backward()


def changed_in_place():
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    y = w.exp()
    y.detach().zero_()
    y.sum().backward()


def loss_of_many():
    w = torch.ones(3, requires_grad=True)
    w.square().backward()


def through_item():
    w = torch.ones(3, requires_grad=True)
    value = w.square().sum().item()
    loss = torch.tensor(2 * value)
    loss.backward()


def gradient_in_between():
    w = torch.ones(3, requires_grad=True)
    y = w.square()
    y.sum().backward()
    return f"y.grad is {y.grad}"


def layer_not_added():
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = [nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1)]  # a list is not looked into

        def forward(self, x):
            for layer in self.layers:
                x = layer(x)
            return x

    net = Net()
    net(torch.ones(4, 2)).mean().backward()
    return f"parameters(): {list(net.parameters())}"


def unused_layer():
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc1, self.fc2 = nn.Linear(2, 3), nn.Linear(3, 1)

        def forward(self, x):
            return self.fc1(x).relu()

    net = Net()
    sgd = torch.optim.SGD(net.parameters(), lr=0.1)
    net(torch.ones(4, 2)).mean().backward()
    sgd.step()


def frozen_with_gradient():
    model = nn.Linear(2, 1)
    sgd = torch.optim.SGD(model.parameters(), lr=0.1)
    F.mse_loss(model(torch.ones(4, 2)), torch.zeros(4, 1)).backward()
    model.requires_grad_(False)
    before = model.weight.clone()
    sgd.step()
    return f"the frozen weight has moved: {not torch.equal(before, model.weight)}"


def old_model_moves():
    A = nn.Linear(2, 1)
    sgd = torch.optim.SGD(A.parameters(), lr=0.1)
    old, snapshot = A.weight.detach(), A.weight.detach().clone()
    F.mse_loss(A(torch.ones(4, 2)), torch.zeros(4, 1)).backward()
    sgd.step()
    return f"the old model has moved: {not torch.equal(old, snapshot)}"


def against_itself():
    model = nn.Linear(2, 1)
    loss = sum(1 / (p.detach() - p).abs().sum() for p in model.parameters())
    loss.backward()
    return f"the loss is {loss.item()}, the gradient {model.weight.grad.tolist()}"


def equal_models():
    with torch.autograd.set_detect_anomaly(True):
        old, w = torch.ones(3), torch.ones(3, requires_grad=True)
        loss = 1 / (old - w).abs().sum()
        loss.backward()
    return f"the loss is {loss.item()}, the gradient {w.grad.tolist()}"


def log_of_zero():
    with torch.autograd.set_detect_anomaly(True):
        logit = torch.tensor([1.0, -200.0], requires_grad=True)
        surprise = -logit.sigmoid().log()
        surprise.mean().backward()


def root_at_zero():
    with torch.autograd.set_detect_anomaly(True):
        a, b = torch.ones(3), torch.ones(3, requires_grad=True)
        distance = (a - b).square().sum().sqrt()
        distance.backward()


def exp_too_large():
    with torch.autograd.set_detect_anomaly(True):
        logits = torch.tensor([0.0, 100.0], requires_grad=True)
        powers = logits.exp()
        probabilities = powers / powers.sum()
        probabilities.square().sum().backward()


def shapes_apart():
    model = nn.Linear(2, 1)
    F.mse_loss(model(torch.ones(4, 2)), torch.zeros(4)).backward()


def wrong_inner_size():
    model = nn.Linear(3, 1)
    model(torch.ones(4, 2))


def labels_as_floats():
    logits = torch.zeros(2, 3, requires_grad=True)
    F.cross_entropy(logits, torch.tensor([0.0, 2.0]))


def optimizer_of_result():
    w = torch.ones(3, requires_grad=True)
    torch.optim.SGD([w * 2], lr=0.1)


def added_too_late():
    net = nn.Sequential(nn.Linear(2, 3))
    sgd = torch.optim.SGD(net.parameters(), lr=0.1)
    net.append(nn.Linear(3, 1))
    net(torch.ones(4, 2)).mean().backward()
    before = net[1].weight.clone()
    sgd.step()
    return f"the new layer has moved: {not torch.equal(before, net[1].weight)}"


def frozen_side():
    A, B = nn.Linear(2, 1), nn.Linear(2, 1)
    B.requires_grad_(False)
    loss = sum(1 / (a.detach() - b).abs().sum() for a, b in zip(A.parameters(), B.parameters()))
    loss.backward()


def whole_numbers():
    torch.tensor([1, 2, 3], requires_grad=True)


def trained_reference():
    A, B = nn.Linear(2, 1), nn.Linear(2, 1)
    loss = sum(1 / (a - b).abs().sum() for a, b in zip(A.parameters(), B.parameters()))
    loss.backward()
    return f"A gets a gradient too: {A.weight.grad is not None}"


def misspelled_freeze():
    A = nn.Linear(2, 1)
    A.weight.require_grad = False
    return f"A.weight.requires_grad is {A.weight.requires_grad}"


def mistakes():
    kept = ("mistakes", "in_the_mistake", "run_one", "main")
    return {name: f for name, f in globals().items() if inspect.isfunction(f) and f.__module__ == __name__ and name not in kept}


def in_the_mistake(text, name):
    """A warning without its traceback but for the line of the mistake, and without places inside PyTorch."""
    kept, frame = [], None
    for line in text.splitlines():
        place = re.match(r'  File "(.*)", line \d+, in (\w+)$', line)
        frame = place.group(2) if place else frame if line.startswith("    ") else None
        if frame in (None, name) and not place and not line.startswith(" (Triggered internally"):
            kept.append(line)
    return re.sub(r" \(Triggered internally at .*?\)", "", "\n".join(kept))


def run_one(name):
    """What PyTorch says and what can be seen afterwards; either may be empty."""
    torch.manual_seed(0)
    error, seen = [], ""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            seen = mistakes()[name]() or ""
        except Exception as raised:
            error = [f"{type(raised).__name__}: {raised}"]
    notes = [w for w in caught if "Anomaly Detection has been enabled" not in str(w.message)]
    said = [f"{w.category.__name__}: {in_the_mistake(str(w.message), name)}" for w in notes] + error
    return {"says": "\n".join(said), "seen": seen}


def main():
    result = {"pytorch": torch.__version__, "python": sys.version.split()[0], "mistakes": {}}
    names = list(mistakes())
    with multiprocessing.get_context("fork").Pool(1, maxtasksperchild=1) as pool:  # each in a fresh process
        for name, said in zip(names, pool.map(run_one, names, chunksize=1)):
            code = inspect.cleandoc("\n" + inspect.getsource(mistakes()[name]).split("\n", 1)[1])
            result["mistakes"][name] = {"code": code, **said}
    (HERE / "pytorch.json").write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
