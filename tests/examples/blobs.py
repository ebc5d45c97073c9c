"""What two_blobs saved, and its answers and gradients by a second computation, in plain Python."""

import json
import math
import struct


def load_tensors(path):
    data = path.read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + length])
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            tensors[name] = struct.unpack(f"<{(end - begin) // 4}f", data[8 + length + begin:8 + length + end])
    return tensors


def float32(number):
    return struct.unpack("<f", struct.pack("<f", float(number)))[0]


# ---- the two blobs by a second computation

def chance(tensors, model, x):
    """The model's answer at x, and the hidden layer before its relu."""
    w1, b1, w2, b2 = (tensors[f"{model}.{name}"] for name in PARAMETERS)
    before = [w1[2 * k] * x[0] + w1[2 * k + 1] * x[1] + b1[k] for k in range(4)]
    logit = sum(w2[k] * max(before[k], 0) for k in range(4)) + b2[0]
    return (1 / (1 + math.exp(-logit)) if logit > -700 else 0.0), before


PARAMETERS = ("fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias")


def bce_gradient(tensors):
    """Of B's bce, by the chain rule, in double precision; but where float32 holds an answer of exactly 0 or 1, the
    sigmoid's slope is 0."""
    points, w2 = tensors["x"], tensors["B.fc2.weight"]
    gradient = {name: [0.0] * len(tensors["B." + name]) for name in PARAMETERS}
    for i, target in enumerate(tensors["y"]):
        x = points[2 * i:2 * i + 2]
        answer, before = chance(tensors, "B", x)
        slope = (answer - target) / len(tensors["y"]) if 0 < float32(answer) < 1 else 0.0
        gradient["fc2.bias"][0] += slope
        for k in range(4):
            gradient["fc2.weight"][k] += slope * max(before[k], 0)
            if before[k] > 0:
                gradient["fc1.bias"][k] += slope * w2[k]
                gradient["fc1.weight"][2 * k] += slope * w2[k] * x[0]
                gradient["fc1.weight"][2 * k + 1] += slope * w2[k] * x[1]
    return gradient
