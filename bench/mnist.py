#!/usr/bin/env python3
"""Times training on MNIST, 784-256-10 by Adam in batches of 128: on one thread beside PyTorch, on two, and with a push.

mnist.py PROGRAM DATA OUT.json [--networks N] [--python PYTHON]... [--commit C]

PROGRAM is the mnist example, DATA the folder of MNIST, PYTHON one that has PyTorch. So many networks are trained in each
way, by turns, from seeds of their own; each is a repetition, and gives the fastest of its five epochs, since what else the
machine does only ever adds. The file is of Google Benchmark's kind; beside the seconds of an epoch it has the mean test
accuracy with its standard error, and the greatest memory of a process in bytes.
"""

import argparse
import datetime
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys

EPOCHS = 5
PEER = pathlib.Path(__file__).parent / "peers" / "pytorch_mnist.py"


def whole(text):
    """int() would also read 1_0, spaces and other scripts' digits."""
    if not re.fullmatch("[0-9]+", text) or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 on")
    return int(text)


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("data")
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--networks", type=whole, default=9)
    parser.add_argument("--python", action="append", default=[])
    parser.add_argument("--commit", default="unknown")
    return parser.parse_args()


class Network:
    """One that was trained: the seconds of its fastest epoch, the test accuracy, and the process's greatest memory."""

    def __init__(self, epochs, accuracy, memory):
        self.seconds, self.accuracy, self.memory = min(map(float, epochs)), float(accuracy), memory


def measured(command):
    """What a command prints, and its greatest memory in bytes."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"mnist.py: exit {process.returncode} of: {' '.join(map(str, command))}")
    return printed, usage.ru_maxrss * 1024


def trained(given, seed, *more):
    """The members that the mnist example trains, by what it prints of them."""
    printed, memory = measured([given.program, "--dataset", "mnist", "--data", given.data, "--epochs", str(EPOCHS), "--seed",
                                str(seed), *more])
    accuracies = re.findall(r"^member (\d+): accuracy (\S+)", printed, re.MULTILINE)
    epochs = {k: re.findall(rf"^member {k}: epoch .*?, (\S+) s(?:,|$)", printed, re.MULTILINE) for k, _ in accuracies}
    return [Network(epochs[k], accuracy, memory) for k, accuracy in accuracies]


def trained_by_pytorch(python, given, seed):
    printed, memory = measured([python, str(PEER), given.data, str(seed), str(EPOCHS)])
    name, *epochs, accuracy = printed.split()
    return name, Network(epochs, accuracy, memory)


def versions(pythons):
    """One Python for each version of PyTorch."""
    ask = "import torch; print(torch.__version__)"
    return {measured([python, "-c", ask])[0]: python for python in pythons}.values()


def train(given):
    """Networks by WORK/CONTESTANT."""
    networks, pythons = {}, versions(given.python)

    def add(name, network):
        networks.setdefault(name, []).append(network)

    for seed in range(given.networks):
        for python in pythons:
            name, network = trained_by_pytorch(python, given, seed)
            add(f"mnist_epoch/{name}", network)
        one, = trained(given, seed)
        two, = trained(given, seed, "--threads", "2")
        plain, pushed = trained(given, seed, "--ensemble", "2", "--diversity", "inverse-ce")
        add("mnist_epoch/wengert", one)
        add("mnist_epoch_2_threads/wengert", two)
        add("mnist_epoch_2_threads/wengert_one_thread", one)
        add("mnist_epoch_pushed/wengert", pushed)
        add("mnist_epoch_pushed/wengert_plain", plain)
    return networks


def rows(name, networks):
    accuracies = [network.accuracy for network in networks]
    error = statistics.stdev(accuracies) / len(accuracies) ** 0.5 if len(accuracies) > 1 else None
    counters = {"accuracy": statistics.mean(accuracies), "accuracy_error": error,
                "memory": max(network.memory for network in networks)}
    return [{"name": name, "run_name": name, "run_type": "iteration", "real_time": network.seconds, "time_unit": "s", **counters}
            for network in networks]


def main():
    given = options()
    context = {"date": datetime.datetime.now().astimezone().isoformat(timespec="seconds"), "num_cpus": os.cpu_count(),
               "load_avg": list(os.getloadavg()), "commit": given.commit}
    benchmarks = [row for name, networks in train(given).items() for row in rows(name, networks)]
    given.out.write_text(json.dumps({"context": context, "benchmarks": benchmarks}, indent=1) + "\n", encoding="utf-8")
    print(f"wrote {given.out}", file=sys.stderr)


main()
