"""mnist against PyTorch: 100 steps from the same weights over the same batches, and networks that change sides.

On MNIST where WENGERT_MNIST_DIR says where it is, on drawn digits otherwise."""
import json
import math
import os
import subprocess
import sys
import tempfile

import numpy as np
import torch

import parity

LR = 0.001
DATA = os.environ.get("WENGERT_MNIST_DIR")
IMAGES = ["--dataset", "mnist", "--data", DATA] if DATA else ["--dataset", "synthetic", "--test-limit", "500"]

# What is run: mnist's options, and the number of hidden layers. Each is 100 steps; with 1250 images the last batches are
# smaller. Two things make more of rounding than 1e-4. A hidden unit whose input is within rounding of ReLU's kink passes
# a gradient in one program and none in the other, and Adam makes steps of full size of it: the seeds are such that no
# input of a unit comes so close. And Adam divides by sqrt(v) + 1e-8, which is 1e-8 at the pixels that hardly an
# image has: there the tenth look at the same 1250 images, by 256 units, is in PyTorch too 2e-4 off its own float64.
RUNS = {
    "adam": (["--train-limit", "12800", "--epochs", "1", *(["--seed", "8"] if DATA else ["--hidden", "64"])], 1),
    "sgd": (["--train-limit", "1250", "--epochs", "10", "--optimizer", "sgd", "--lr", "0.1",
             *([] if DATA else ["--seed", "1"])], 1),
    "two hidden layers, cosine": (
        ["--train-limit", "1250", "--epochs", "10", "--layers", "2", "--hidden", "64", "--schedule", "cosine",
         "--seed", "10" if DATA else "9"], 2),
    "mse": (["--train-limit", "1250", "--epochs", "10", "--loss", "mse", "--hidden", "64",
             "--seed", "6" if DATA else "12"], 1),
}


def option(options, name, default):
    return options[options.index(name) + 1] if name in options else default


def network(weights, layers):
    """The network of that many hidden layers, with weights by the names of mnist's files."""
    modules = []
    for k in range(layers + 1):
        weight = torch.tensor(weights[f"layers.{k}.weight"])
        linear = torch.nn.Linear(weight.shape[1], weight.shape[0])
        linear.weight.data, linear.bias.data = weight, torch.tensor(weights[f"layers.{k}.bias"])
        modules += [linear, torch.nn.ReLU()]
    return torch.nn.Sequential(*modules[:-1])


def weights_of(model):
    linears = [module for module in model if isinstance(module, torch.nn.Linear)]
    arrays = {}
    for k, linear in enumerate(linears):
        arrays[f"layers.{k}.weight"] = linear.weight.detach().numpy()
        arrays[f"layers.{k}.bias"] = linear.bias.detach().numpy()
    return arrays


def loss_of(options, logits, labels):
    if option(options, "--loss", "cross-entropy") == "mse":
        return torch.nn.functional.mse_loss(logits.softmax(1), torch.nn.functional.one_hot(labels, 10).float())
    return torch.nn.functional.cross_entropy(logits, labels)


class Kinks:
    """How close the inputs of ReLU have come to 0."""

    def __init__(self, model):
        self.closest = math.inf
        for module in model:
            if isinstance(module, torch.nn.ReLU):
                module.register_forward_pre_hook(self.look)

    def look(self, _, inputs):
        self.closest = min(self.closest, float(inputs[0].detach().abs().min()))


def train(model, options, data):
    """As mnist with these options trains, over its batches; the number of steps."""
    x, y = torch.tensor(data["x"]), torch.tensor(data["y"]).long()
    make = torch.optim.SGD if option(options, "--optimizer", "adam") == "sgd" else torch.optim.Adam
    optimizer = make(model.parameters(), lr=float(option(options, "--lr", LR)))
    batches = [part for order in data["order"] for part in torch.tensor(order).long().split(128)]
    cosine = option(options, "--schedule", "constant") == "cosine"
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, len(batches)) if cosine else None
    for batch in batches:
        optimizer.zero_grad()
        loss_of(options, model(x[batch]), y[batch]).backward()
        optimizer.step()
        if schedule:
            schedule.step()
    return len(batches)


def right(model, data):
    """How many test images it gets right."""
    with torch.no_grad():
        return int((model(torch.tensor(data["test_x"])).argmax(1).numpy() == data["test_y"]).sum())


class Runs:
    """mnist and parity_mnist, in a folder of their own."""

    def __init__(self, program, helper, folder):
        self.program, self.helper, self.folder = program, helper, folder

    def path(self, name):
        return os.path.join(self.folder, name)

    def data(self, options):
        subprocess.run([self.helper, self.path("data"), *IMAGES, *options], check=True)
        return parity.load(self.path("data"))

    def mnist(self, options):
        """Member 0's weights and its test accuracy."""
        files = ["--save", self.path("run"), "--overwrite", "--json", self.path("json")]
        subprocess.run([self.program, "--quiet", *IMAGES, *options, *files], check=True, stdout=subprocess.DEVNULL)
        with open(self.path("json")) as file:
            accuracy = json.load(file)["members"][0]["test_accuracy"]
        return parity.load(self.path("run/member-0.safetensors")), accuracy


def main(program, helper):
    torch.set_num_threads(1)
    report = parity.Report()
    with tempfile.TemporaryDirectory() as folder:
        runs = Runs(program, helper, folder)
        for name, (options, layers) in RUNS.items():
            data = runs.data(options)
            start, _ = runs.mnist(options + ["--epochs", "0"])
            ours, accuracy = runs.mnist(options)
            theirs = network(start, layers)
            kinks = Kinks(theirs)
            steps = train(theirs, options, data)
            closest = f"; an input of ReLU came as close to 0 as {kinks.closest:.1e}"
            report.check(f"{name}: steps", "" if steps == 100 else f"{steps} steps, 100 were meant")
            for parameter, expected in weights_of(theirs).items():
                moved = not np.array_equal(expected, start[parameter])
                problem = parity.difference(ours[parameter], expected, 1e-4)
                report.check(f"{name}: {parameter}", (problem and problem + closest) if moved else "training did not move it")
            count = len(data["test_y"])
            report.check(
                f"{name}: trained here, tested there",
                "" if right(network(ours, layers), data) == round(accuracy * count) else f"not {accuracy} of {count}",
            )
            parity.save(runs.path("theirs"), weights_of(theirs))
            _, accuracy = runs.mnist(options + ["--epochs", "0", "--init", runs.path("theirs")])
            report.check(
                f"{name}: trained there, tested here",
                "" if right(theirs, data) == round(accuracy * count) else f"not {accuracy} of {count}",
            )
    print(f"on {'MNIST' if DATA else 'drawn digits'}")
    report.finish("comparisons of networks")


main(*sys.argv[1:])
