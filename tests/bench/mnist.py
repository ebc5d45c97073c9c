"""bench/mnist.py on a few images: what it writes, and how it fails."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BENCH = ROOT / "bench" / "mnist.py"
PROGRAM = sys.argv.pop(1)


def idx(*sizes, bytes_):
    return bytes([0, 0, 8, len(sizes)]) + b"".join(size.to_bytes(4, "big") for size in sizes) + bytes_


class Mnist(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        for prefix, count in ("train", 3000), ("t10k", 40):
            pixels = bytes(i * i % 251 for i in range(count * 784))
            (self.folder / f"{prefix}-images-idx3-ubyte").write_bytes(idx(count, 28, 28, bytes_=pixels))
            (self.folder / f"{prefix}-labels-idx1-ubyte").write_bytes(idx(count, bytes_=bytes(i % 10 for i in range(count))))

    def run_bench(self, program=PROGRAM):
        return subprocess.run([sys.executable, BENCH, program, self.folder, self.folder / "out.json", "--networks", "2"],
                              capture_output=True, text=True)

    def test_each_way_is_there_once_for_each_network(self):
        run = self.run_bench()
        self.assertEqual(run.returncode, 0, run.stderr)
        rows = json.loads((self.folder / "out.json").read_text())["benchmarks"]
        ways = ["mnist_epoch/wengert", "mnist_epoch_2_threads/wengert", "mnist_epoch_2_threads/wengert_one_thread",
                "mnist_epoch_pushed/wengert", "mnist_epoch_pushed/wengert_plain"]
        self.assertEqual(sorted(row["name"] for row in rows), sorted(2 * ways))
        for row in rows:
            self.assertGreater(row["real_time"], 0)
            self.assertTrue(0 <= row["accuracy"] <= 1)
            self.assertGreater(row["memory"], 1 << 20)
        accuracy = {row["name"]: row["accuracy"] for row in rows}
        self.assertEqual(accuracy["mnist_epoch/wengert"], accuracy["mnist_epoch_2_threads/wengert"])

    def test_the_report_takes_it(self):
        self.run_bench()
        page = self.folder / "page.md"
        subprocess.run([sys.executable, BENCH.parent / "report.py", self.folder / "out.json", "--out", page], check=True)
        self.assertIn("## Training on MNIST", page.read_text())
        self.assertIn("| wengert | 2 |", page.read_text())

    def test_a_program_that_fails_ends_it(self):
        run = self.run_bench("/bin/false")
        self.assertEqual(run.returncode, 1)
        self.assertIn("exit 1 of: /bin/false", run.stderr)
        self.assertFalse((self.folder / "out.json").exists())


unittest.main()
