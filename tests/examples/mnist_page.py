"""mnist_page.py BROWSER PROGRAM: loads the pages of several runs of mnist in a headless Chromium and holds them to the JSON of
the same runs, and to what a second computation, in plain Python, makes of the saved members."""

import json
import math
import pathlib
import struct
import subprocess
import tempfile

from page import PROGRAM, Page, check, check_that_the_console_is_heard, finish, near


def load_parameters(path):
    """All numbers of a member as one list."""
    data = path.read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    return struct.unpack(f"<{(len(data) - 8 - length) // 4}f", data[8 + length:])


class Run(Page):
    def __init__(self, folder, name, arguments):
        page_path, json_path, self.saved = (folder / (name + end) for end in (".html", ".json", ".saved"))
        command = [PROGRAM, "--quiet", "--dataset", "synthetic", "--train-limit", "600", "--hidden", "16", *arguments.split(),
                   "--report", page_path, "--json", json_path, "--save", self.saved]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        check(done.returncode == 0, name, "ends with", done.returncode, done.stderr)
        super().__init__(name, page_path, least_drawings=2)
        self.results = json.loads(json_path.read_text(encoding="utf-8"))
        self.check_against_json()

    def shows(self, name, expected, digits, scale=1, unit=""):
        """The page's number is the JSON's, rounded so; "-" where that is null."""
        text = self.numbers.texts.get(name)
        wanted = "-" if expected is None else f"{scale * expected:.{digits}f}{unit}"
        self.check(text == wanted or expected is not None and text is not None and text.endswith(unit) and
                   near(text.removesuffix(unit), scale * expected, 0, 0.51 * 10**-digits), name, "is", wanted,
                   "in the JSON, and on the page", text)

    def check_against_json(self):
        for k, member in enumerate(self.results["members"]):
            self.shows(f"member.{k}.accuracy", member["test_accuracy"], 2, 100, " %")
            self.shows(f"member.{k}.nll", member["test_nll"], 4)
        ensemble = self.results["ensemble"]
        self.shows("ensemble.accuracy", ensemble["accuracy"], 2, 100, " %")
        self.shows("ensemble.nll", ensemble["nll"], 4)
        self.shows("ensemble.ece", ensemble["ece"], 4)
        for pair in self.results["pairs"]:
            name = f"pair.{pair['a']}.{pair['b']}."
            for what in ("agreement", "disagreement", "q", "kappa", "double_fault", "b_accuracy_given_a", "parameter_cosine",
                         "aligned_parameter_cosine", "hidden_cka"):
                self.shows(name + what, pair[what], 4)
            self.shows(name + "parameter_l1", pair["parameter_l1"], 2)
            self.shows(name + "aligned_l1", pair["aligned_l1"], 2)
            self.check(self.numbers.texts[name + "relation"] == pair["relation"], name, "is another relation")

    def check_against_second_computation(self):
        members = [load_parameters(self.saved / f"member-{k}.safetensors") for k in range(len(self.results["members"]))]
        for pair in self.results["pairs"]:
            a, b = members[pair["a"]], members[pair["b"]]
            products = [math.fsum(x * y for x, y in zip(*both)) for both in ((a, b), (a, a), (b, b))]
            cosine = products[0] / math.sqrt(products[1] * products[2])
            distance = math.fsum(abs(x - y) for x, y in zip(a, b))
            self.check(near(pair["parameter_cosine"], cosine, 1e-9, 1e-9), "cosine is", cosine, "and not", pair)
            self.check(near(pair["parameter_l1"], distance, 1e-9), "sum |A - B| is", distance, "and not", pair)


def main(folder):
    check_that_the_console_is_heard(folder)

    run = Run(folder, "apart", "--ensemble 3 --epochs 3")
    check(len(run.results["pairs"]) == 3, "three members have three pairs")
    run.check_against_second_computation()
    for expected in ("different functions", "What they do not agree on", "McNemar", "Plus or minus", "How they got there"):
        run.says(expected)
    run.is_silent_about("identical copies")

    run = Run(folder, "pushed", "--ensemble 2 --epochs 2 --layers 2 --diversity inverse-ce")
    run.check_against_second_computation()
    run.says("inverse-ce")

    # Snapshots of a run that does not move.
    run = Run(folder, "copies", "--ensemble 2 --epochs 1 --lr 0 --diversity snapshot")
    run.check_against_second_computation()
    run.says("identical copies")
    run.says("no test image on which members give different answers")

    run = Run(folder, "alone", "--epochs 1")
    check(not run.results["pairs"], "one member has no pairs")
    run.says("There is no other member to compare it with")


with tempfile.TemporaryDirectory() as temporary:
    main(pathlib.Path(temporary))
finish()
