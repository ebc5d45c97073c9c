#!/usr/bin/env python3
"""The network of the mnist example in PyTorch, as its users write it: a peer of bench/mnist.py.

pytorch_mnist.py DATA SEED EPOCHS    prints "pytorch_VERSION", the seconds of each epoch, and the test accuracy
"""

import gzip
import pathlib
import sys
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional


def idx(folder, name, header):
    path = pathlib.Path(folder) / name
    data = path.read_bytes() if path.exists() else gzip.open(f"{path}.gz").read()
    return np.frombuffer(data, np.uint8, offset=header)


def samples(folder, prefix):
    pixels = idx(folder, f"{prefix}-images-idx3-ubyte", 16).reshape(-1, 784)
    return (torch.from_numpy(pixels.astype(np.float32) / 255),
            torch.from_numpy(idx(folder, f"{prefix}-labels-idx1-ubyte", 8).astype(np.int64)))


def main(folder, seed, epochs):
    torch.set_num_threads(1)
    torch.manual_seed(int(seed))
    x, y = samples(folder, "train")
    test_x, test_y = samples(folder, "t10k")
    model = nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    seconds = []
    for _ in range(int(epochs)):
        begin = time.perf_counter()
        for batch in torch.randperm(len(x)).split(128):
            optimizer.zero_grad()
            functional.cross_entropy(model(x[batch]), y[batch]).backward()
            optimizer.step()
        seconds.append(time.perf_counter() - begin)
    with torch.no_grad():
        accuracy = (model(test_x).argmax(1) == test_y).float().mean().item()
    print(f"pytorch_{torch.__version__}", *seconds, accuracy)


main(*sys.argv[1:])
