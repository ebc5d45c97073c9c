"""bench/report.py on made-up runs: what it has to say is known beforehand."""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

REPORT = pathlib.Path(__file__).resolve().parents[2] / "bench" / "report.py"
CACHE = 32 << 20


def rows(name, median, spread=0.02, **counters):
    """Five repetitions in nanoseconds with this median and this range between quartiles; and an aggregate, which does not
    count."""
    times = [median * (1 + spread * k / 2) for k in (2, -1, 0, 1, -2)]
    every = [{"name": name, "run_name": name, "run_type": "iteration", "real_time": time, "cpu_time": 1, "time_unit": "ns",
              **counters} for time in times]
    return every + [{**every[0], "name": name + "_cv", "run_type": "aggregate", "real_time": 1e12, "flops": float("nan")}]


def moved(size, traffic=None):
    """The counters of work that moves memory."""
    return {"working_set": size, "traffic": traffic or size, "flops": 0}


# The goals as the issue has them: problem, ours, the reference, ours over the reference's time at the bound, the demand.
GOALS = [
    ("recorded_add", "wengert", "libtorch_1.13.0", 1 / 10, "at least 10x"),
    ("two_blobs_step", "wengert_eager", "libtorch_1.13.0", 1 / 50, "at least 50x"),
    ("two_blobs_step", "wengert", "libtorch_1.13.0", 1 / 120, "at least 120x"),
    ("two_blobs_step", "wengert", "hand_derived", 2.5, "at most 2.5x"),
    ("similarity/16000000x1", "wengert", "copy_nt", 1 / 0.90, "at least 90 %"),
    ("similarity/150000000x1", "wengert", "copy", 1 / 0.90, "at least 90 %"),
    ("similarity/16000000x1", "wengert", "libtorch_1.13.0", 1 / 6, "at least 6x"),
    ("similarity/1000x1", "wengert", "libtorch_1.13.0", 1 / 20, "at least 20x"),
    ("cross_entropy/128x10", "wengert", "libtorch_1.13.0", 1 / 8, "at least 8x"),
    ("cross_entropy/8192x10", "wengert", "libtorch_1.13.0", 1 / 5, "at least 5x"),
    ("cross_entropy/1024x32000", "wengert", "libtorch_1.13.0", 1 / 5, "at least 5x"),
    ("linear/128x784x256", "wengert", "openblas", 1 / 0.97, "at least 97 %"),
    ("linear/128x784x256", "wengert", "multiply_add", 1 / 0.65, "at least 65 %"),
    ("adam/100000000", "wengert", "copy", 28 / 16 / 0.90, "at least 90 %"),
    ("mnist_epoch", "wengert", "pytorch_1.13.0a0", 0.70, "at most 0.7x"),
    ("mnist_epoch_2_threads", "wengert", "wengert_one_thread", 1 / 1.5, "at least 1.5x"),
    ("mnist_epoch_pushed", "wengert", "wengert_plain", 1.35, "at most 1.35x"),
]
OURS = {ours for _, ours, *_ in GOALS}
COUNTERS = {"similarity/16000000x1": moved(192e6), "similarity/150000000x1": moved(1800e6), "similarity/1000x1": moved(12e3),
            "adam/100000000": moved(1600e6, 2800e6), "linear/128x784x256": {"working_set": 0, "traffic": 0, "flops": 154140672}}


def at_the_bounds(factor, spread=0.02):
    """All goals' problems at once, with wengert's times so much above the bounds, and references of such a spread."""
    times = {}
    for problem, ours, reference, bound, _ in GOALS:
        known = times.setdefault(problem, {})
        if ours in known:
            known[reference] = known[ours] / bound
        else:
            known[ours] = known.setdefault(reference, 1e6) * bound
    for problem, slower, faster in (("similarity/16000000x1", "copy", "copy_nt"), ("similarity/150000000x1", "copy_nt", "copy"),
                                    ("adam/100000000", "copy_nt", "copy"), ("linear/128x784x256", "eigen", "openblas")):
        times[problem][slower] = times[problem][faster] * 2
    return [row for problem, known in times.items() for name, time in known.items() for row in
            rows(f"{problem}/{name}", *((time * factor,) if name in OURS else (time, spread)),
                 **COUNTERS.get(problem, {}))]


class Case(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def write(self, benchmarks, name="run", **context):
        """A directory with one file of Google Benchmark's kind."""
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        context = {"date": "2026-01-02T03:04:05+00:00", "num_cpus": 2, "last_level_cache": str(CACHE), **context}
        (folder / "a.json").write_text(json.dumps({"context": context, "benchmarks": benchmarks}), encoding="utf-8")
        return folder

    def call(self, *arguments, code=0):
        done = subprocess.run([sys.executable, REPORT, *map(str, arguments)], capture_output=True, check=False, timeout=60,
                              encoding="utf-8")
        self.assertEqual(done.returncode, code, done.stderr + done.stdout)
        return done

    def page(self, *inputs, name="results"):
        """The page's text. Its drawings are kept in self.drawings; each is named, and no number of either is a nan."""
        out = self.folder / "out" / f"{name}.md"
        out.parent.mkdir(exist_ok=True)
        self.call(*inputs, "--out", out)
        text = out.read_text(encoding="utf-8")
        self.drawings = {path.name: path.read_text(encoding="utf-8") for path in (out.parent / name).glob("*")}
        self.assertEqual(set(re.findall(rf"\({name}/([^)]*)\)", text)), set(self.drawings))
        for content in (text, *self.drawings.values()):
            self.assertIsNone(re.search(r"\b([Nn]a[Nn]|[Ii]nf(inity)?|None)\b", content), content)
        return text

    def row(self, text, *beginning):
        """The only table row that begins so, by the headings of its table."""
        lines = text.splitlines()
        found = [i for i, line in enumerate(lines) if line.startswith("| " + " | ".join(beginning) + " |")]
        self.assertEqual(len(found), 1, f"{beginning}:\n{text}")
        head = max(i for i in range(found[0]) if lines[i].startswith("| ---")) - 1
        return dict(zip(*([cell.strip() for cell in lines[i].strip("|").split("|")] for i in (head, found[0]))))

    def verdicts(self, text):
        """Of the goals: (demand, against): (measured, verdict)."""
        table = text.partition("## Goals")[2].partition("*How to read")[0]
        found = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines() if line.startswith("| ")][2:]
        return [(demand, measured, verdict) for _, demand, measured, verdict in found]


class Goals(Case):
    def test_just_met(self):
        verdicts = self.verdicts(self.page(self.write(at_the_bounds(0.9999))))
        self.assertEqual([verdict for *_, verdict in verdicts], ["**met**"] * len(GOALS))
        for (demand, measured, _), goal in zip(verdicts, GOALS):
            self.assertTrue(demand.startswith(goal[4] + " "), demand)
            self.assertTrue(measured.endswith(f"of {goal[2]})"), measured)

    def test_just_missed_is_not_shown_as_the_bound(self):
        for demand, measured, verdict in self.verdicts(self.page(self.write(at_the_bounds(1.0004)))):
            self.assertEqual(verdict, "**not met**")
            self.assertNotEqual(float(re.search(r"[\d.]+", demand)[0]), float(re.search(r"[\d.]+", measured)[0]))

    def test_noisy_references(self):
        for (*_, verdict), goal in zip(self.verdicts(self.page(self.write(at_the_bounds(0.9, spread=0.12)))), GOALS):
            self.assertEqual(verdict, f"**not measurable**: {goal[2]}'s spread is 12.0 %")

    def test_our_own_noise_is_named_and_excuses_nothing(self):
        text = self.page(self.write(rows("recorded_add/wengert", 101, spread=0.4) + rows("recorded_add/libtorch_2.5", 1000)))
        self.assertEqual(self.verdicts(text)[0][2], "**not met**: ours is noisy: 40 %")

    def test_one_repetition_is_no_peer(self):
        text = self.page(self.write(rows("recorded_add/wengert", 10)[:1] + rows("recorded_add/libtorch_2.5", 1000)[:1]))
        self.assertIn("**not measurable**: libtorch_2.5 was timed once", text)

    def test_every_libtorch_is_judged(self):
        text = self.page(self.write(rows("recorded_add/wengert", 100) + rows("recorded_add/libtorch_1.13.0", 1100)
                                    + rows("recorded_add/libtorch_2.9.0", 900) + rows("recorded_add/pytorch_2.9.0", 9000)))
        self.assertEqual([verdict for *_, verdict in self.verdicts(text)[:2]], ["**met**", "**not met**"])

    def test_absent_peers(self):
        for absent, why in (("libtorch: no such library; openblas: not found", " (no such library)"),
                            ("libtorch openblas", "")):
            text = self.page(self.write(rows("recorded_add/wengert", 100), peers_absent=absent))
            self.assertEqual(self.verdicts(text)[0][2], "**not measurable**: libtorch is absent" + why)
            self.assertIn("similarity/1000x1 is not in this run", text)
        self.assertIn("| absent peers | libtorch; openblas |", text)

    def test_better_of_two_takes_both(self):
        def verdict(ours):
            benchmarks = rows("linear/128x784x256/wengert", ours, flops=1e8) + rows("linear/128x784x256/eigen", 100, flops=1e8)
            text = self.page(self.write(benchmarks, peers_absent="openblas: not found"))
            return next(verdict for demand, _, verdict in self.verdicts(text) if "Eigen" in demand)
        self.assertEqual(verdict(100), "**not measurable**: openblas is absent (not found)")
        self.assertEqual(verdict(110), "**not met**")

    def test_a_peak_that_is_none(self):
        benchmarks = [row for name, time in (("wengert", 120), ("openblas", 100), ("multiply_add", 110)) for row in
                      rows(f"linear/128x784x256/{name}", time, flops=1e8)]
        self.assertIn("**not measurable**: openblas is faster than the measured peak", self.page(self.write(benchmarks)))

    def test_failures_are_named(self):
        failed = {"name": "recorded_add/libtorch_1", "run_type": "iteration", "error_occurred": True, "error_message": "broke"}
        text = self.page(self.write(rows("recorded_add/wengert", 100) + [failed]))
        self.assertIn("- recorded_add/libtorch_1: broke", text)


class Check(Case):
    def outcomes(self, factor, code, spread=0.02):
        lines = self.call(self.write(at_the_bounds(factor, spread)), "--check", code=code).stdout.splitlines()
        return [line.rpartition(": ")[2] for line in lines[:-1]]

    def test_slack(self):
        count = len(GOALS)
        self.assertEqual(self.outcomes(1.29, code=0), ["passed"] * count)
        self.assertEqual(self.outcomes(1.31, code=1).count("FAILED"), 3)  # at most 1.3 of the bound
        self.assertEqual(self.outcomes(1 / 0.71, code=1).count("FAILED"), 3)
        self.assertEqual(self.outcomes(1 / 0.69, code=1).count("FAILED"), count)  # at least 0.7 of it

    def test_noise(self):
        self.assertEqual(self.outcomes(1.2, code=0, spread=0.25), ["passed"] * len(GOALS))
        self.assertFalse({"passed", "FAILED"} & set(self.outcomes(1.2, code=1, spread=0.35)))

    def test_nothing_to_judge(self):
        done = self.call(self.write(rows("similarity/10x1/wengert", 10, **moved(120))), "--check", code=1)
        self.assertEqual(done.stdout, "no goal could be judged\n")

    def test_only_goals_that_are_there(self):
        done = self.call(self.write(rows("recorded_add/wengert", 100) + rows("recorded_add/libtorch_1.13.0", 3000)), "--check")
        self.assertEqual(done.stdout.splitlines()[0], "recorded add of 1 element: 30.0x against libtorch_1.13.0 (at least 7x "
                         "faster than LibTorch): passed")


class Tables(Case):
    def test_a_row(self):
        peers = rows("similarity/16000000x1/libtorch_1", 60e6, spread=0.2, error=2e-7, **moved(192e6)) + rows(
            "similarity/16000000x1/pytorch_2", 55e6, error=3e-8, **moved(192e6))
        limits = rows("similarity/16000000x1/copy", 12e6, **moved(192e6)) + rows(
            "similarity/16000000x1/copy_nt", 9e6, **moved(192e6))
        row = self.row(self.page(self.write(rows("similarity/16000000x1/wengert", 10e6, spread=0.15, error=0, **moved(192e6))
                                            + peers + limits)), "16 M", "10.0 ms")
        self.assertEqual(row, {"shape": "16 M", "median": "10.0 ms", "spread": "15.0 % noisy", "GB/s": "19.2",
                               "share of limit": "90.0 % of copy_nt", "libtorch_1 / ours": "not measurable (5.40x to 6.60x)",
                               "pytorch_2 / ours": "5.50x", "largest error": "2.0e-07"})

    def test_in_cache(self):
        for size, label in ((CACHE - 12, ", in cache"), (CACHE, "")):
            name = f"similarity/{size // 12}x1"
            text = self.page(self.write(rows(name + "/wengert", 2000, **moved(size)) + rows(name + "/copy", 1000, **moved(size))))
            self.assertEqual(self.row(text, f"{size // 12:,}", "2.00 µs")["share of limit"], "50.0 % of copy" + label)

    def test_rate_of_arithmetic(self):
        problem = "linear/10x20x30"
        row = self.row(self.page(self.write(rows(f"{problem}/wengert", 1000, flops=36000, traffic=0, working_set=0) + rows(
            f"{problem}/multiply_add", 800, flops=36000))), "10x20x30, forward and backward", "1.00 µs")
        self.assertEqual((row["GFLOP/s"], row["share of limit"]), ("36.0", "80.0 % of multiply_add"))

    def test_names_lose_google_benchmarks_suffixes(self):
        text = self.page(self.write(rows("recorded_add/wengert/iterations:1/repeats:9/manual_time", 50)
                                    + rows("recorded_add/libtorch_1/min_time:0.100/real_time", 100)))
        self.assertEqual(self.row(text, "recorded add of 1 element", "50.0 ns")["libtorch_1 / ours"], "2.00x")

    def test_fused_against_composed(self):
        step = [row for name, time in (("wengert", 10), ("wengert_eager", 20), ("wengert_composed", 50)) for row in
                rows(f"two_blobs_step/{name}", time)]
        row = self.row(self.page(self.write(step)), "two_blobs step", "20.0 ns")
        self.assertEqual(row["composed / fused"], "2.50x")  # eager against eager

    def test_length(self):
        tape = [row for nodes, time in ((100, 3000), (1000000, 45e6)) for row in
                rows(f"tape: record/{nodes}/wengert/{nodes}/manual_time", time, nodes=nodes)]
        row = self.row(self.page(self.write(tape)), "record, wengert")
        self.assertEqual(row["100 nodes"], "30.0 ns")
        self.assertEqual(row["1 M nodes"], "45.0 ns")
        self.assertEqual(row["dearest / cheapest"], "1.50x")

    def test_ops(self):
        limits = [row for size in (16 << 10, 64 << 20) for row in rows(f"limits/{size}/copy", size / 20, **moved(size))]
        ops = [row for n, size in ((1365, 16000), (5000000, 60e6)) for direction, share in (("forward", 0.8), ("backward", 0.5))
               for row in rows(f"op: exp {direction}/{n}/wengert", size / 20 / share, **moved(size))]
        product = rows("op: matmul forward/64/wengert", 1000, working_set=16000, traffic=16000, flops=50000)
        peak = rows("limits/multiply_add", 1e6, flops=1e8)
        text = self.page(self.write(limits + ops + product + peak))
        self.assertLess(text.index("64 MiB</summary>"), text.index("16 KiB, in cache</summary>"))
        row = self.row(text, "exp", "5 M")
        self.assertEqual((row["forward rate"], row["forward share"]), ("16.0 GB/s", "80.0 % of copy"))
        self.assertEqual((row["backward rate"], row["backward share"]), ("10.0 GB/s", "50.0 % of copy"))
        self.assertEqual(self.row(text, "matmul", "64")["forward share"], "80.0 % of copy")  # nearer than 50 % of the peak

    def test_the_simulator(self):
        barrier = [row for name, time in (("wengert", 14), ("wengert_ucontext", 182), ("wengert_checked", 21)) for row in
                   rows(f"simt: barrier/256/{name}", 256e3 * time, steps=256e3)]
        text = self.page(self.write(barrier + rows("simt: saxpy/1048576/wengert", 8e6, steps=1e6)))
        row = self.row(text, "__syncthreads, a block of 256: a thread's share", "14.0 ns")
        self.assertEqual((row["rate"], row["on ucontext"], row["checked"]), ("71.4 M/s", "13.0x", "1.50x"))
        row = self.row(text, "saxpy of 1,048,576, no barrier: a thread", "8.00 ns")
        self.assertEqual((row["rate"], row["checked"]), ("125 M/s", "-"))

    def test_what_is_not_recorded(self):
        text = self.page(self.write(rows("recorded_add/wengert", 100), cpu="A processor", flags="-O3"))
        self.assertIn("| processor | A processor |", text)
        self.assertIn("| compiler | not recorded |", text)


class Drawings(Case):
    def whole(self):
        limits = [row for size in (16 << 10, 64 << 20) for name in ("read", "write", "copy", "copy_nt") for row in
                  rows(f"limits/{size}/{name}", size / 20, **moved(size))]
        similarity = [row for n in (100, 10000, 1000000) for name, factor in (("wengert", 2), ("libtorch_1 <&>", 9), ("copy", 1))
                      for row in rows(f"similarity/{n}x1/{name}", n * factor, **moved(12 * n))]
        tape = [row for n in (100, 1000) for row in rows(f"tape: free/{n}/wengert", 30 * n, nodes=n)]
        product = rows("linear/10x20x30/wengert", 1000, flops=36000, working_set=9000) + rows(
            "linear/10x20x30/multiply_add", 800, flops=36000)
        return self.write(limits + similarity + tape + product)

    def test_they_are_well_formed_and_stand_alone(self):
        self.page(self.whole())
        self.assertEqual(set(self.drawings), {"similarity.svg", "length.svg", "bandwidth.svg", "roofline.svg"})
        for svg in self.drawings.values():
            xml.etree.ElementTree.fromstring(svg)
            self.assertIn("prefers-color-scheme: dark", svg)
            for outside in ("href", "url(", "@import", "<script", "src="):
                self.assertNotIn(outside, svg)
        identifiers = re.findall(r'\bid="([^"]*)"', "".join(self.drawings.values()))
        self.assertEqual(len(identifiers), len(set(identifiers)))

    def test_points_stand_where_the_numbers_are(self):
        self.page(self.whole())
        root = xml.etree.ElementTree.fromstring(self.drawings["similarity.svg"])
        circles = root.iter("{http://www.w3.org/2000/svg}circle")
        points = {circle[0].text: circle for circle in circles if len(circle)}  # those beside names have no tooltip
        ours = [next(c for title, c in points.items() if title.startswith(f"similarity/{n}x1: wengert,")) for n in
                (100, 10000, 1000000)]
        x, y = ([float(circle.get(of)) for circle in ours] for of in ("cx", "cy"))
        self.assertAlmostEqual(x[1] - x[0], x[2] - x[1], delta=0.15)
        self.assertAlmostEqual(y[1] - y[0], y[2] - y[1], delta=0.15)
        self.assertLess(y[2], y[0])

    def test_old_drawings_go(self):
        self.page(self.whole())
        self.page(self.write(rows("recorded_add/wengert", 100)))
        self.assertEqual(self.drawings, {})


class Merge(Case):
    def test_the_merged_run_gives_the_same_page(self):
        folder = self.write(at_the_bounds(1.1), commit="abc")
        (folder / "b.json").write_text(json.dumps({"context": {"cpu": "B", "host_name": "secret"}, "benchmarks": rows(
            "similarity/100x1/wengert", 123.456789012345, **moved(1200), unknown=1)}), encoding="utf-8")
        text, drawings = self.page(folder), dict(self.drawings, keep="")
        merged = self.folder / "merged.json"
        self.call(folder, "--merge", merged)
        self.assertEqual(self.page(merged), text)
        self.assertEqual(dict(self.drawings, keep=""), drawings)
        self.assertNotIn("secret", merged.read_text(encoding="utf-8"))
        self.assertLess(merged.stat().st_size * 4, sum(path.stat().st_size for path in folder.iterdir()))
        again = self.folder / "again.json"
        self.call(merged, "--merge", again)
        self.assertEqual(again.read_bytes(), merged.read_bytes())


class Compare(Case):
    def changes(self, old, new):
        before, after = self.write(old, "old", commit="aaa"), self.write(new, "new", commit="bbb")
        return self.call(after, "--compare", before).stdout

    @staticmethod
    def at(machine, ours, spread=0.02):
        """On a machine so much slower, ours so much slower beside that."""
        return rows("similarity/100x1/wengert", 100 * machine * ours, spread, **moved(1200)) + rows(
            "similarity/100x1/copy", 10 * machine, **moved(1200)) + rows("similarity/100x1/libtorch_1", 900 * machine, 0.3)

    def test_a_slower_machine_is_no_change(self):
        self.assertIn("0 slower, 0 faster, 1 unchanged", self.changes(self.at(1, 1), self.at(3, 1)))

    def test_slower_and_faster(self):
        self.assertIn("similarity/100x1/wengert: 1.50x slower, 10.0x -> 15.0x of copy's time",
                      self.changes(self.at(1, 1), self.at(3, 1.5)))
        self.assertIn("similarity/100x1/wengert: 2.00x faster, 10.0x -> 5.00x of copy's time",
                      self.changes(self.at(1, 1), self.at(1, 0.5)))

    def test_noise_is_no_change(self):
        self.assertIn("0 slower", self.changes(self.at(1, 1, spread=0.3), self.at(1, 1.3, spread=0.3)))
        self.assertIn("1 slower", self.changes(self.at(1, 1, spread=0.1), self.at(1, 1.3, spread=0.1)))

    def test_without_reference(self):
        out = self.changes(rows("tape: record/10/wengert", 100), rows("tape: record/10/wengert", 200))
        self.assertIn("tape: record/10/wengert: 2.00x slower, 100 ns -> 200 ns, by the clock alone", out)

    def test_goals_and_what_is_new(self):
        peer = rows("recorded_add/libtorch_1", 1000)
        out = self.changes(rows("recorded_add/wengert", 90) + peer, rows("recorded_add/wengert", 200) + peer
                           + rows("sgd/10/wengert", 10))
        self.assertIn("at least 10x faster than LibTorch (libtorch_1): met -> not met", out)
        self.assertIn("only in the new run: sgd/10/wengert", out)
        self.assertIn("commit: aaa -> bbb", out)


# The goals on an H100 as the issue has them: kernel, how, microseconds at most; then kernel, how, who and what it is held
# against, and their time over the bound's at the bound.
MICROSECONDS = [
    ("linear fp32 (a1) 4096 x 4096 x 4096", "warm", 2700), ("linear fp32 (a1) 8192 x 8192 x 8192", "warm", 23400),
    ("linear fp32 + bias + relu (a6, a7) 128 x 784 x 256", "node", 3.0), ("relu forward 2^26 (b1)", "cold", 188),
    ("sigmoid forward 2^26 (b1)", "cold", 188), ("relu backward from mask 2^26 (b2)", "cold", 193),
    ("cross-entropy fwd+bwd 8192 x 32000 (c1, c3)", "cold", 735),
    ("soft cross-entropy fwd+bwd 8192 x 32000 (c1, c3)", "cold", 1120), ("cross-entropy fwd+bwd 1M x 10 (c4)", "cold", 34),
    ("cross-entropy fwd+bwd 128 x 10 (c4)", "node", 2.0), ("similarity forward, 100M (d1)", "cold", 258),
    ("similarity forward, 2^16 (d2)", "node", 4.7), ("similarity forward, 17 params, 4 pairs (d2)", "node", 1.7),
    ("similarity backward add, 100M (d3)", "cold", 295), ("sgd 100M (e1)", "cold", 425), ("adam 100M (e1)", "cold", 990),
    ("adam MNIST 203530 (e2)", "node", 3.2), ("adam 640000 (e2: 10000 x 64)", "node", 20),
]
BESIDE = [
    ("cublas", "linear fp32 4096 x 4096 x 4096", "warm", 0.95 * 2700),
    ("cublas", "linear fp32 8192 x 8192 x 8192", "warm", 0.95 * 23400),
    ("cub", "sum of |a - b|, 100M", "cold", 0.97 * 258),
    ("wengert", "relu backward 2^26", "cold", 1.4 * 193),
    ("pytorch eager", "cross-entropy fwd+bwd 8192 x 32000", "cold", 2.5 * 735),
    ("pytorch eager", "soft cross-entropy fwd+bwd 8192 x 32000", "cold", 3 * 1120),
    ("pytorch eager", "cross-entropy fwd+bwd 1000000 x 10", "cold", 3 * 34),
]
EPILOGUES = [(f"linear fp32 + bias + relu (a6, a7) {n} x {n} x {n}", "warm", 1.02 * us)
             for n, us in ((4096, 2700), (8192, 23400))]
GPU_GOALS = len(MICROSECONDS) + len(EPILOGUES) + 4  # three beside PyTorch's, one beside the unmasked


def timed(who, what, how, us, bytes=0.0, flops=0.0):
    return {"who": who, "what": what, "how": how, "us": us, "bytes": bytes, "flops": flops}


class Gpu(Case):
    def gpu(self, results, device="NVIDIA H100 80GB HBM3", parts=None, **stages):
        """A directory as bench/gpu_check.sh writes it, with these results and further stages."""
        folder = self.folder / "gpu-2026-01-02"
        folder.mkdir(exist_ok=True)
        machine = {"name": device, "multiprocessors": 100, "l2_bytes": 50e6, "greatest_clock_khz": 1e6}
        bench = {"time": {"device": machine, "results": results, "missing": []}, **(parts or {})}
        for name, stage in {"bench": bench, **stages}.items():
            said = {"commit": "abc", "date": "2026-01-02T03:04:05Z", "toolkit": "13", "gpu": f"{device}, 580.1, 345 MHz, 2 GHz"}
            (folder / f"{name}.json").write_text(json.dumps({**said, **stage}), encoding="utf-8")
        return folder

    def section(self, folder):
        return self.page(self.write(rows("recorded_add/wengert", 1)), "--gpu", folder)

    def bounds(self, factor, without=()):
        ours = [timed("wengert", what, how, us * factor, bytes=1e6) for what, how, us in MICROSECONDS]
        ours += [timed("wengert", what, how, us * factor**2) for what, how, us in EPILOGUES]  # the product alone has it once
        theirs = [timed(*row, bytes=1e6) for row in BESIDE]
        return ours + [row for row in theirs if row["who"] not in without]

    def judged(self, folder):
        table = self.section(folder).partition("### Goals there")[2].partition("### Kernels")[0]
        cells = [line.replace("\\|", "/").split("|")[1:-1] for line in table.splitlines() if line.startswith("| ")]
        return [[cell.strip() for cell in row] for row in cells[2:]]

    def test_just_met(self):
        judged = self.judged(self.gpu(self.bounds(0.9999)))
        self.assertEqual([row[-1] for row in judged], ["**met**"] * GPU_GOALS)

    def test_just_missed_is_not_shown_as_the_bound(self):
        judged = self.judged(self.gpu(self.bounds(1.0004)))
        self.assertEqual([row[-1] for row in judged], ["**missed**"] * GPU_GOALS)
        for _, _, demand, measured, _ in judged:
            self.assertNotEqual(float(re.search(r"[\d.]+", demand)[0]), float(re.search(r"[\d.]+", measured)[0]))

    def test_one_of_two_demands_is_enough(self):
        slower = self.bounds(1.0004, without=("cub",)) + [timed("cub", "sum of |a - b|, 100M", "cold", 258, bytes=1e6)]
        d1 = next(row for row in self.judged(self.gpu(slower)) if row[0] == "d1")
        self.assertEqual(d1[2:4], ["at most 258 µs or at least 97 % of CUB's bytes per second on sum of /a - b/",
                                   "258.1 µs; 100 % (258 µs against 258 µs)"])
        self.assertEqual(d1[4], "**met**")

    def test_what_is_absent_judges_nothing(self):
        missed = [row for row in self.judged(self.gpu(self.bounds(1.0004, without=("cub", "pytorch eager"))))
                  if "not measurable" in row[-1]]
        self.assertEqual([row[0] for row in missed], ["c1", "c3", "c4", "d1"])
        self.assertTrue(missed[-1][-1].startswith("**not measurable**: cub sum of"), missed[-1])
        met = self.judged(self.gpu(self.bounds(0.9999, without=("cub",))))
        self.assertEqual({row[-1] for row in met}, {"**met**"})

    def test_other_devices_are_not_judged(self):
        self.assertIn("The goals are an H100's", self.section(self.gpu(self.bounds(1), device="NVIDIA H200")))

    def test_tf32(self):
        self.assertIn("wengert has no time of one", self.section(self.gpu(self.bounds(1))))
        built = self.bounds(1) + [timed("wengert", "linear tf32 (a5) 8 x 8 x 8", "warm", 1, flops=1024)]
        self.assertNotIn("wengert has no time of one", self.section(self.gpu(built)))

    def test_kernels(self):
        machine = [timed("machine", "read 1 GiB", "cold", 400, bytes=1e9), timed("machine", "an empty kernel", "node", 1),
                   timed("machine", "an empty kernel", "warm", 3),
                   timed("machine", "copy 1 GiB, a", "cold", 800, bytes=2e9), timed("machine", "copy 1 GiB, b", "cold", 999, bytes=2e9)]
        kernels = [timed("wengert", "adam 100M (e1)", "cold", 1400, bytes=2.8e9),
                   timed("wengert", "adam 100M (e1), 7 blocks", "cold", 9),
                   timed("wengert", "similarity forward, 100M (d1)", "cold", 400, bytes=8e8),
                   timed("wengert", "linear fp32 (a1) 9 x 9 x 9", "warm", 100, flops=1.28e9),
                   timed("wengert", "sgd 10", "node", 4, bytes=120)]
        pytorch, cub = timed("pytorch eager", "adam, fused, 100M", "cold", 2100), timed(
            "cub", "sum of |a - b|, 100M", "cold", 380, bytes=8e8)
        peers = {"pytorch": {"torch": "9.9", "missing": [], "results": [pytorch]}, "cub": {"missing": [], "results": [cub]}}
        text = self.section(self.gpu(machine + kernels, parts=peers)).partition("### Kernels")[2]
        text, _, everything = text.partition("<details>")
        self.assertEqual(self.row(text, "adam 100M", "cold"), {
            "kernel": "adam 100M", "how": "cold", "time": "1.40 ms", "rate": "2.00 TB/s", "share": "80.0 % of copying",
            "PyTorch eager / ours": "1.50x"})
        similarity = self.row(text, "similarity forward, 100M", "cold")
        self.assertEqual((similarity["share"], similarity["CUB / ours"]), ("80.0 % of reading", "0.950x"))
        self.assertEqual(self.row(text, "linear fp32 9 x 9 x 9", "warm")["share"], "50.0 % of multiply-adds")
        self.assertEqual(self.row(text, "sgd 10", "node")["share"], "25.0 % of an empty node")
        self.assertNotIn("7 blocks", text)
        self.assertIn("| wengert | adam 100M, 7 blocks | cold |", everything)

    def test_steps(self):
        step = {"name": "a step", "how": "eager", "seconds": 9e-5, "calls": 0}
        steps = [step, {**step, "how": "captured", "seconds": 6e-5, "calls": 16}]
        row = self.row(self.section(self.gpu([], parts={"steps": steps})), "a step")
        self.assertEqual(list(row.values()), ["a step", "90.0 µs", "60.0 µs", "1.50x", "16"])
        self.assertIn("No step was timed.", self.section(self.gpu([])))

    def test_how_stages_ended(self):
        def ended(code, said):
            return {"exit": code, "seconds": 3, "end": said}
        nothing = "=====\n[doctest] test cases:  0 |  0 passed | 0 failed | 15 skipped\n"
        some = "[doctest] test cases: 10 | 10 passed | 0 failed | 45 skipped\n"
        checks = {"checks": 10, "failures": [{"name": "a sum", "wrong": "1 is not 2"}]}
        wrong = {"who": "wengert", "what": "x", "how": "cold", "wrong": "its bits"}
        test = {"run-test": ended(1, "10 checks, 1 failed\n"), "kernels": ended(0, some), "nn": ended(0, nothing),
                "losses": ended(139, "a line\nSegmentation fault\n"), "two_blobs": ended(124, ""), "checks": checks}
        stress = {"run-stress": ended(0, "0 checks, 0 failed\n")}
        text = self.section(self.gpu([wrong], build={"exit": 0}, test=test, stress=stress))
        for part, outcome, said in (
                ("test | run-test", "**failed**: exit code 1", "10 checks, 1 failed"), ("build | build", "passed", "-"),
                ("test | kernels", "passed", "test cases: 10, 10 passed, 0 failed, 45 skipped"),
                ("test | nn", "**tested nothing**", "test cases: 0, 0 passed, 0 failed, 15 skipped"),
                ("test | losses", "**failed**: exit code 139", "Segmentation fault"), ("test | autograd", "**not run**", "-"),
                ("test | two_blobs", "**failed**: it ran past its time", "-"),
                ("stress | run-stress", "**tested nothing**", "0 checks, 0 failed"),
                ("sanitize | racecheck", "**not run**: the stage left no result", "-")):
            row = self.row(text, part)
            self.assertEqual((row["ended"], row["said"]), (outcome, said))
        self.assertIn("2 passed, 3 failed, 12 not run, 2 tested nothing.", text)
        self.assertIn("- a sum: 1 is not 2\n- wengert x, cold: wrong: its bits\n", text)
        self.assertIn("No kernel was timed.", text)

    def test_no_times(self):
        folder = self.gpu([], build={"exit": 1})
        (folder / "bench.json").unlink()
        text = self.section(folder)
        self.assertIn("| driver | 580.1 |", text)
        self.assertIn("| build | build | the kernels, the engine, its tests | **failed**: exit code 1 |", text)
        self.assertIn("Of 24: 0 met, 0 missed, 24 not measurable.", text)

    def test_where_it_is_from(self):
        text = self.section(self.gpu([]))
        self.assertIn("On GPUs: [NVIDIA H100 80GB HBM3, 2026-01-02](#nvidia-h100-80gb-hbm3-2026-01-02).", text)
        self.assertIn("| results | [gpu-2026-01-02](../gpu-2026-01-02) |", text)

    def test_broken_files(self):
        run, folder = self.write(rows("recorded_add/wengert", 1)), self.gpu([timed("wengert", "x", "cold", 0)])
        for content, says in ((None, "a time that is not above 0"), ("{", "not JSON"),
                              ("[1]", "not a result of bench/gpu_check.sh"), ('{"time": {"results": []}}', "not a GPU's times"),
                              ('{"steps": [{"name": 1}]}', "not a GPU's times")):
            if content:
                (folder / "bench.json").write_text(content, encoding="utf-8")
            error = self.call(run, "--gpu", folder, "--out", self.folder / "x.md", code=1).stderr
            self.assertTrue(error.startswith(f"report.py: {folder / 'bench.json'}: ") and says in error, error)
        error = self.call(run, "--gpu", self.folder / "none", "--out", self.folder / "x.md", code=1).stderr
        self.assertIn("no results of bench/gpu_check.sh in it", error)


class Input(Case):
    def refused(self, content, says):
        path = self.folder / "broken.json"
        path.write_text(content, encoding="utf-8")
        error = self.call(path, "--out", self.folder / "x.md", code=1).stderr
        self.assertEqual(len(error.splitlines()), 1, error)
        self.assertTrue(error.startswith(f"report.py: {path}: {says}"), error)

    def test_broken_files(self):
        self.refused('{"context": {}, "benchmarks": [', "not JSON: ")
        self.refused("[1]", "not a benchmark's result")
        self.refused('{"context": {}}', "not a benchmark's result")
        self.refused('{"context": {}, "benchmarks": [{"name": "a/b", "real_time": 1}]}', "not a benchmark's result")
        self.refused(json.dumps({"context": {}, "benchmarks": rows("a/b", 0)}), "a/b: a time that is not above 0")
        self.refused(json.dumps({"context": {}, "benchmarks": rows("a/b", float("nan"))}), "a/b: a time")
        self.refused(json.dumps({"context": {}, "benchmarks": rows("alone", 1)}), "'alone' is not WORK/CONTESTANT")
        self.refused(json.dumps({"context": {}, "benchmarks": rows("a/copy", 1)}), "a/copy: a limit without its amount")

    def test_one_run_only(self):
        folder = self.write(rows("recorded_add/wengert", 1))
        (folder / "b.json").write_bytes((folder / "a.json").read_bytes())
        self.assertIn("recorded_add/wengert is there twice", self.call(folder, code=1).stderr)

    def test_missing_files(self):
        (self.folder / "empty").mkdir()
        self.assertIn("no JSON files", self.call(self.folder / "empty", code=1).stderr)
        self.assertIn("No such file", self.call(self.folder / "none.json", code=1).stderr)

    def test_wrong_usage(self):
        self.assertIn("usage:", self.call(code=2).stderr)
        self.assertIn("--wrong", self.call(self.folder, "--wrong", code=2).stderr)


if __name__ == "__main__":
    unittest.main()
