"""./run fetch-mnist against a server that fails in every way that a mirror can. The real checksums are replaced by those
of small files: a copy of the script reads the list beside it."""
import hashlib
import http.server
import os
import pathlib
import shutil
import subprocess
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parents[2]
NAMES = [f"{half}-{kind}-ubyte.gz" for half in ("train", "t10k") for kind in ("images-idx3", "labels-idx1")]
FILES = {name: name.encode() * 5000 for name in NAMES}


class Mirror(http.server.BaseHTTPRequestHandler):
    """The first part of the path says how it fails: good, wrong, cut, 404, or moved to good; later-FAULT only for the
    last file."""

    def do_GET(self):
        how, name = self.path.strip("/").split("/")
        self.server.seen.append(self.path)
        if how.startswith("later-"):
            how = how.removeprefix("later-") if name == NAMES[-1] else "good"
        body = FILES[name]
        if how == "404":
            return self.send_error(404)
        if how == "moved":
            self.send_response(302)
            self.send_header("Location", f"/good/{name}")
            self.send_header("Connection", "close")  # wget would else use it again, and may find it closed
            return self.end_headers()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write({"good": body, "wrong": body[::-1], "cut": body[: len(body) // 2]}[how])

    def log_message(self, *_):
        pass


class Trial:
    def __init__(self, work, tools=None):
        self.work = work
        (work / ".ci").mkdir()
        for name in ("fetch-mnist", "setup.sh"):
            shutil.copy(ROOT / ".ci" / name, work / ".ci")
        sums = [f"{hashlib.sha256(FILES[name]).hexdigest()}  {name}\n" for name in NAMES]
        (work / ".ci/mnist.sha256").write_text("# small files\n" + "".join(sums))
        self.environment = dict(os.environ)
        if tools:
            self.environment["PATH"] = str(tools)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Mirror)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def fetch(self, folder, *mirrors):
        """The exit code, and what was said. A mirror is a fault of the server's, or an address."""
        here = f"http://127.0.0.1:{self.server.server_port}/"
        self.environment["WENGERT_MNIST_MIRRORS"] = " ".join(m if ":" in m else here + m for m in mirrors)
        self.server.seen = []
        done = subprocess.run([self.work / ".ci/fetch-mnist", *folder], cwd=self.work, env=self.environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
        assert done.stdout == "", done.stdout
        return done.returncode, done.stderr


def complete(folder):
    return folder.is_dir() and {p.name: p.read_bytes() for p in folder.iterdir()} == FILES


def check(what, condition, *details):
    if not condition:
        raise SystemExit(f"failed: {what}: {details}")
    print("passed:", what)


DEAD = "http://127.0.0.1:1/mnist"  # nothing listens there


def check_mirrors(trial):
    for faults in (["good"], [DEAD, "good"], ["404", "good"], ["wrong", "good"], ["cut", "good"], ["moved"],
                   [DEAD, "404", "wrong", "cut", "later-cut", "good"]):
        folder = trial.work / "-".join(fault.split(":")[0] for fault in faults)
        code, said = trial.fetch([folder], *faults)
        check(f"from {faults}", code == 0 and complete(folder), code, said)

    for faults in ([DEAD], ["404"], ["wrong"], ["cut"], ["later-wrong"], ["later-cut", "later-404"]):
        folder = trial.work / "nothing"
        code, said = trial.fetch([folder], *faults)
        check(f"nothing from {faults}", code == 1 and not folder.exists(), code, said)
        check(f"{faults}: the way out", "--dataset synthetic" in said and "no mirror gave" in said, said)


def check_folders(trial):
    code, said = trial.fetch([], DEAD)
    check("no empty folders are left", code == 1 and not (trial.work / "data").exists(), code, said)
    code, said = trial.fetch([], "good")
    check("data/mnist is the usual place", code == 0 and complete(trial.work / "data/mnist"), code, said)
    code, said = trial.fetch([], DEAD)
    check("what is there is not fetched again", code == 0 and "there already" in said, code, said)

    old = trial.work / "old"
    old.mkdir()
    (old / NAMES[0]).write_bytes(b"an old file")
    code, said = trial.fetch([old], "later-cut")
    check("a failure leaves the old files", code == 1 and [p.name for p in old.iterdir()] == [NAMES[0]], code, said)
    check("and their contents", (old / NAMES[0]).read_bytes() == b"an old file")
    code, said = trial.fetch([old], "good")
    check("a wrong file is replaced", code == 0 and complete(old), code, said)

    (trial.work / "file").write_text("")
    code, said = trial.fetch([trial.work / "file/mnist"], "good")
    check("a folder that cannot be made", code == 1 and "cannot be made" in said and not trial.server.seen, code, said)
    code, said = trial.fetch(["/proc"], "good")
    check("a folder that cannot be written to", code == 1 and "cannot be written" in said and not trial.server.seen, code, said)
    code, said = trial.fetch(["named"], "good")
    check("what was written is named last", said.splitlines()[-4:] == [f"wrote named/{name}" for name in sorted(FILES)], said)
    code, said = trial.fetch(["--overwrite"], "good")
    check("an option is no folder", code == 2 and "usage" in said and not trial.server.seen, code, said)
    code, said = trial.fetch(["a", "b"], "good")
    check("wrong usage", code == 2 and "usage" in said, code, said)


def check_tools():
    """With one downloader alone, and with none."""
    needed = "bash cat cut dirname find grep mkdir mktemp mv rm rmdir sha256sum".split()
    for downloader in ("curl", "wget", None):
        if downloader and not shutil.which(downloader):
            print(f"no {downloader} here, so not tried with it")
            continue
        with tempfile.TemporaryDirectory() as work:
            work = pathlib.Path(work)
            tools = work / "tools"
            tools.mkdir()
            for name in needed + ([downloader] if downloader else []):
                (tools / name).symlink_to(shutil.which(name))
            trial = Trial(work, tools)
            if downloader:
                check_mirrors(trial)
                check_folders(trial)
            else:
                code, said = trial.fetch([], "good")
                check("without curl and wget", code == 1 and "curl" in said and not (work / "data").exists(), code, said)


check_tools()
