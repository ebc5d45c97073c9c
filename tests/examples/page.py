"""What the tests of pages share: a page in a headless Chromium, its numbers, and what must be true of every page."""

import html.parser
import math
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

BROWSER, PROGRAM = sys.argv[1:]
failures = []


def check(condition, *what):
    if not condition:
        failures.append(" ".join(str(part) for part in what))


def finish():
    for failure in failures:
        print("failed:", failure)
    sys.exit(1 if failures else 0)


def near(text, expected, relative, absolute=0.0):
    return math.isclose(float(text), expected, rel_tol=relative, abs_tol=absolute)


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


def check_that_the_console_is_heard(folder):
    """A page that is wrong on purpose, or silence would prove nothing."""
    path = folder / "wrong.html"
    path.write_text('<svg><path d="M0 0L1"/></svg>', encoding="utf-8")
    console = " ".join(load(path)[1])
    check("path" in console, "the browser's console is not heard:", console)


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


class Page:
    """A page that a run of a program wrote, loaded, with all that every page is held to checked."""

    def __init__(self, name, path, least_drawings):
        self.name = name
        self.source = path.read_text(encoding="utf-8") if path.exists() else ""
        self.check(self.source.endswith("</html>\n"), "there is no whole page")
        dom, console = load(path)
        self.numbers = Numbers(dom)
        self.check(not console, "console:", console)
        self.check_source(least_drawings)
        self.check_rounded_numbers()

    def check(self, condition, *what):
        check(condition, self.name + ":", *what)

    def says(self, text):
        self.check(text in self.numbers.text(), "the page does not say:", text)

    def is_silent_about(self, text):
        self.check(text not in self.numbers.text(), "the page says:", text)

    def check_source(self, least_drawings):
        check_alone(self.check, self.source, least_drawings)
        self.check("<script" not in self.source, "it holds a script")

    def check_rounded_numbers(self):
        for name, value in self.numbers.values.items():
            shown, exact = float(self.numbers.texts[name]), float(value)
            self.check(near(shown, exact, 0.006) or math.isnan(exact) and math.isnan(shown) or shown == exact, name, "is",
                       exact, "and is shown as", shown)
