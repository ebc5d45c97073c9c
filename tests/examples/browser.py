"""What the tests of pages share: a headless Chromium, the numbers on a page, saved tensors, and what every page must hold."""

import html.parser
import json
import math
import re
import struct
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

BROWSER, PROGRAM = sys.argv[1:]
failures = []


def check(condition, *what):
    if not condition:
        failures.append(" ".join(str(part) for part in what))


def run_browser(path, *options):
    """What the browser writes, and what its console said; without a network."""
    with tempfile.TemporaryDirectory() as profile:
        command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                   "--user-data-dir=" + profile, "--host-resolver-rules=MAP * ~NOTFOUND", "--enable-logging=stderr",
                   "--virtual-time-budget=2000", *options, path.as_uri()]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    console = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    return done.stdout, console


def load(path):
    """The page as the browser holds it, and what its console said."""
    return run_browser(path, "--dump-dom")


class Numbers(html.parser.HTMLParser):
    """The text of every element with a data-name, and the exact values of those that are rounded; all text beside."""

    def __init__(self, page):
        super().__init__()
        self.texts, self.values, self.words, self.open_name = {}, {}, [], None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.open_name = attributes.get("data-name")
        if self.open_name:
            check(self.open_name not in self.texts, "two elements are called", self.open_name)
            self.texts[self.open_name] = ""
            if "value" in attributes:
                self.values[self.open_name] = attributes["value"]

    def handle_endtag(self, tag):
        self.open_name = None

    def handle_data(self, data):
        self.words.append(data)
        if self.open_name:
            self.texts[self.open_name] += data

    def text(self):
        return " ".join(" ".join(self.words).split())


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


def near(text, expected, relative, absolute=0.0):
    return math.isclose(float(text), expected, rel_tol=relative, abs_tol=absolute)


def check_alone(check, page, drawings):
    """That the page needs nothing but itself, and its drawings are well-formed and as many at least."""
    check(len(page.encode()) < 300_000, "it has", len(page.encode()), "bytes")
    without_namespace = page.replace('xmlns="http://www.w3.org/2000/svg"', "")
    for outside in ("http:", "https:", "src=", "href=", "url(", "@import", "<link", "fetch(", "XMLHttpRequest", "import("):
        check(outside not in without_namespace, "it holds", outside)
    found = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    check(len(found) >= drawings, "it has", len(found), "drawings")
    for drawing in found:
        try:
            xml.etree.ElementTree.fromstring(drawing)
        except xml.etree.ElementTree.ParseError as error:
            check(False, "a drawing is not well-formed:", error)
    ids = re.findall(r'\bid="([^"]*)"', page)
    check(len(ids) == len(set(ids)), "an id is there twice")


def check_that_the_console_is_heard(folder):
    """A page that is wrong on purpose, or silence would prove nothing."""
    path = folder / "wrong.html"
    path.write_text('<svg><path d="M0 0L1"/></svg>', encoding="utf-8")
    console = " ".join(load(path)[1])
    check("path" in console, "the browser's console is not heard:", console)


def report():
    for failure in failures:
        print("failed:", failure)
    sys.exit(1 if failures else 0)
