"""two_blobs_tape.py BROWSER PROGRAM: loads the pages that two_blobs --tape writes in a headless Chromium, steps through backward
by keys and buttons, and holds the page's numbers to each other, to a second computation, in plain Python, from the saved
parameters, and to a screenshot in light and dark."""

import json
import math
import pathlib
import re
import struct
import subprocess
import tempfile
import zlib

from blobs import PARAMETERS, bce_gradient, load_tensors
from page import PROGRAM, Numbers, check, check_alone, check_that_the_console_is_heard, finish, load, near, run_browser

# Presses keys and buttons as a person would, and writes down what is to be seen after each.
DRIVER = """<script>
const log = [];
function see(what, part) {
  const shown = (element) => getComputedStyle(element).display !== "none" && getComputedStyle(element).visibility !== "hidden";
  const view = part.querySelector(".view:not([hidden])");
  log.push({
    what, says: part.querySelector("output").textContent, view: view.dataset.view,
    rules: [...part.querySelectorAll(".rule")].filter(shown).map((rule) => Number(rule.dataset.row)),
    bands: [...view.querySelectorAll(".gradient .band")].filter(shown).length,
    now: [...view.querySelectorAll(".box.now")].map((box) => box.dataset.rows),
    texts: [...view.querySelectorAll(".box text")].filter(shown).map((text) => text.textContent),
  });
}
const press = (key, target) => (target || document.body).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
const part = document.getElementById("tape-1"), all = part.querySelectorAll(".rule").length;
see("opened", part);
press("Home"); see("before", part);
for (let step = 1; step <= all; ++step) { press("ArrowRight"); see("step " + step, part); }
press("ArrowRight"); see("begins again", part);
press("End"); press("ArrowLeft"); see("one back", part);
part.querySelector("[data-move=first]").click(); see("first", part);
part.querySelector("[data-move=on]").click(); see("on", part);
part.querySelector("[data-move=last]").click(); see("last", part);
const slider = part.querySelector("input"); slider.value = 2; slider.dispatchEvent(new Event("input")); see("slider", part);
const closed = part.querySelector("[data-open='']");
closed.click(); see("closed", part);
const group = part.querySelector(".view:not([hidden]) .group");
press("Enter", group); see("inside", part);
const chooser = part.querySelector("select");
log.push({ what: "chosen", name: chooser.value });
press("Home"); press("ArrowRight"); see("elsewhere", part);
log.push({ what: "group", role: group.getAttribute("role"), tab: group.getAttribute("tabindex"), name: group.dataset.group });
part.querySelector("[data-open='*']").click(); see("open", part);
const other = document.getElementById("tape-2");
if (other) { other.dispatchEvent(new Event("focusin")); press("Home"); see("other", other); see("not this", part); }
const out = document.createElement("pre"); out.id = "log"; out.textContent = JSON.stringify(log); document.body.append(out);
</script>
"""


def check_steps(check, page, path, data):
    """What a person sees who goes through backward step by step, against the tape's data; gives the page as it is then."""
    path.write_text(page.replace("</body>", DRIVER + "</body>"), encoding="utf-8")
    dom, console = load(path)
    check(not console, "console:", console)
    found = re.search(r'<pre id="log">(.*?)</pre>', dom, re.DOTALL)
    check(found, "the driver did not come to its end")
    if not found:
        return dom
    seen = {entry["what"]: entry for entry in json.loads(found[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))}
    rows = {row["number"]: row for row in data["rows"]}
    order = sorted((n for n, row in rows.items() if not row["leaf"] and not row["behind_cut"] and row["gradient_norm"] is not None),
                   reverse=True)
    sent = [sum(edge["gradient_norm"] is not None for edge in rows[n]["inputs"]) for n in order]
    check(len(order) > 3, "there are", len(order), "steps")
    for step in range(1, len(order) + 1):
        entry = seen[f"step {step}"]
        check(entry["says"] == f"step {step} of {len(order)}", "it says", entry["says"])
        check(entry["rules"] == [order[step - 1]], "at step", step, "it shows the rules of", entry["rules"])
        check(entry["now"] == [str(order[step - 1])], "at step", step, "it marks", entry["now"])
        check(entry["bands"] == sum(sent[:step]), "at step", step, "it shows", entry["bands"], "gradients")
    check(seen["before"]["bands"] == 0 and seen["before"]["rules"] == [], "before backward it shows a gradient")
    check(seen["before"]["texts"].count("gradient -") == len({e["number"] for n in order for e in rows[n]["inputs"]
                                                               if e["gradient_norm"] is not None}),
          "before backward it shows", seen["before"]["texts"])
    check("gradient -" not in seen["opened"]["texts"] and seen["opened"]["bands"] == sum(sent), "it does not open at the end")
    targets = [edge["number"] for n in order for edge in rows[n]["inputs"] if edge["gradient_norm"] is not None]
    unfinished = any("1 of 2 shares" in entry["texts"] for entry in seen.values() if "texts" in entry)
    check(unfinished == any(targets.count(n) > 1 for n in targets), "sums that are not complete are not shown as such")
    for what, steps in (("begins again", 0), ("one back", len(order) - 1), ("first", 0), ("on", 1), ("last", len(order)),
                        ("slider", 2), ("closed", 2), ("elsewhere", 1), ("open", 1)):
        says = f"step {steps} of {len(order)}" if steps else "before backward"
        check(seen[what]["says"] == says, what, "says", seen[what]["says"])
    check(seen["closed"]["view"] == "" and seen["open"]["view"] == "*", "modules do not open and close")
    check(len(seen["closed"]["texts"]) < len(seen["open"]["texts"]), "closed modules show as much as open ones")
    name = seen["group"]["name"]
    check(seen["inside"]["view"] == name and seen["chosen"]["name"] == name, "Enter on a module opens", seen["inside"]["view"])
    check(any(name + "." in text for text in seen["inside"]["texts"]), "an open module shows", seen["inside"]["texts"])
    check(seen["elsewhere"]["view"] == "" and seen["elsewhere"]["now"], "a step outside the open module is not shown")
    check(seen["group"]["role"] == "button" and seen["group"]["tab"] == "0", "a module is no button for the keyboard")
    if "other" in seen:
        check(seen["other"]["says"] == "before backward", "the arrow keys are not for the tape that has the focus")
        check(seen["not this"]["says"] == seen["open"]["says"], "the arrow keys move both tapes")
    return dom


def number(x):
    return float(x)  # "nan" and "inf" are strings


def check_sums(check, data):
    """That every gradient is the sum of the shares that were sent, and every norm that of its numbers."""
    sums, counts = {}, {}
    for row in data["rows"]:
        for edge in row["inputs"]:
            if edge["gradient"] is not None:
                known = sums.setdefault(edge["number"], [0.0] * len(edge["gradient"]))
                sums[edge["number"]] = [s + number(g) for s, g in zip(known, edge["gradient"])]
                norm = math.sqrt(sum(number(g) ** 2 for g in edge["gradient"]))
                check(math.isclose(norm, number(edge["gradient_norm"]), rel_tol=1e-6), "an edge's norm is", edge)
    for row in data["rows"]:
        if row["gradient"] is None or row["number"] == data["root"]:
            continue
        counts[row["op"]] = counts.get(row["op"], 0) + 1
        scale = number(row["gradient_norm"]) + 1e-30
        for total, value in zip(sums[row["number"]], row["gradient"]):
            check(abs(total - number(value)) <= 1e-5 * scale, row["name"] or row["op"], "has", value, "and was sent", total)
    check(counts, "only", counts, "were compared")


def expected_gradients(tensors, options):
    """Of B's loss with respect to B and, without detach, to A."""
    gradient = bce_gradient(tensors)
    pairs = {name: [p - q for p, q in zip(tensors["A." + name], tensors["B." + name])] for name in PARAMETERS}
    sums = {name: sum(map(abs, differences)) for name, differences in pairs.items()}
    if options["per"] == "model":
        sums = dict.fromkeys(PARAMETERS, sum(sums.values()))
    result = {}
    for name, differences in pairs.items():
        strength = options["strength"]
        push = [strength * math.copysign(1, d) / (sums[name] + options["eps"]) ** 2 for d in differences]
        if strength:
            result["A." + name] = math.hypot(*push)
        result["B." + name] = math.hypot(*(g + p for g, p in zip(gradient[name], push)))
    return result


def pixels(png):
    """Width, height, and the colours of every fourth pixel of a PNG of 8 bits a channel, row by row."""
    data, at, parts = png.read_bytes(), 8, b""
    width, height, depth, kind = struct.unpack(">IIBB", data[16:26])
    while at < len(data):
        length, name = struct.unpack(">I4s", data[at:at + 8])
        if name == b"IDAT":
            parts += data[at + 8:at + 8 + length]
        at += 12 + length
    channels = {2: 3, 6: 4}[kind]
    raw, stride, before, colours = zlib.decompress(parts), width * channels, bytes(width * channels), []
    for y in range(height):
        line = bytearray(raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
        kind = raw[y * (stride + 1)]
        for x in range(stride):
            left, up = line[x - channels] if x >= channels else 0, before[x]
            corner = before[x - channels] if x >= channels else 0
            if kind == 1:
                line[x] = (line[x] + left) & 255
            elif kind == 2:
                line[x] = (line[x] + up) & 255
            elif kind == 3:
                line[x] = (line[x] + (left + up) // 2) & 255
            elif kind == 4:
                near_left, near_up, near_corner = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
                best = left if near_left <= near_up and near_left <= near_corner else up if near_up <= near_corner else corner
                line[x] = (line[x] + best) & 255
        before = bytes(line)
        colours += [tuple(line[x:x + 3]) for x in range(0, stride, 4 * channels)]
    return width, height, colours


def check_looks(check, path, folder):
    """A screenshot in light and one in dark: not empty, the gradient's colour in both, and the one bright, the other not."""
    brightness = {}
    for looks, options, orange in (("light", [], (217, 115, 13)), ("dark", ["--blink-settings=preferredColorScheme=0"], (255, 157, 69))):
        picture = folder / (looks + ".png")
        run_browser(path, "--hide-scrollbars", "--window-size=700,500", f"--screenshot={picture}", *options)
        if not picture.exists():
            check(False, "there is no screenshot in", looks)
            continue
        width, height, colours = pixels(picture)
        check((width, height) == (700, 500), "the screenshot in", looks, "has", width, "x", height, "pixels")
        check(len(set(colours)) > 50, "the screenshot in", looks, "has", len(set(colours)), "colours")
        likest = min(max(abs(a - b) for a, b in zip(colour, orange)) for colour in set(colours))
        check(likest < 40, "in", looks, "the gradient is not to be seen: its colour is missed by", likest)
        brightness[looks] = sum(sum(colour) for colour in colours) / (3 * len(colours))
    check(brightness.get("light", 0) > 200 and brightness.get("dark", 255) < 80, "brightness is", brightness)


def run(folder, name, arguments, strength=1.0, per="tensor", eps=0.0):
    def its(condition, *what):
        check(condition, name + ":", *what)

    path, save = folder / (name + ".html"), folder / (name + ".safetensors")
    done = subprocess.run([PROGRAM, "--quiet", *arguments.split(), "--tape", path, "--save", save], capture_output=True,
                          text=True, cwd=folder, timeout=120, check=False)
    its(done.returncode == 0, "exit code", done.returncode, done.stderr)
    page = path.read_text(encoding="utf-8")
    check_alone(its, page, drawings=3)
    tapes = [json.loads(text) for text in re.findall(r'<script type="application/json" class="data">(.*?)</script>', page, re.DOTALL)]
    for tape in tapes:
        check_sums(its, tape)
    shown = Numbers(check_steps(its, page, folder / (name + " driven.html"), tapes[0]))
    expected = expected_gradients(load_tensors(save), {"strength": strength, "per": per, "eps": eps})
    titles = ["B's loss", "Without detach"] if strength else ["B's loss"]
    for title in titles:
        for parameter, norm in expected.items():
            key = f"{title}: {parameter}"
            if title == "B's loss" and parameter.startswith("A."):
                its(key not in shown.values, key, "has a gradient")
                continue
            its(key in shown.values and near(shown.values[key], norm, 2e-3, 1e-6), key, "is", norm, "and on the page",
                shown.values.get(key))
            its(near(shown.texts[key], float(shown.values[key]), 1e-3), key, "is shown as", shown.texts[key])
    its(len(tapes) == len(titles), "it has", len(tapes), "tapes")
    its(("cut by detach at 03_two_blobs.cpp:" in shown.text()) == bool(strength), "the cut is not named as it should be")
    its("Why gradients are zeroed" in shown.text(), "it does not say why gradients are zeroed")
    return path


with tempfile.TemporaryDirectory() as temporary:
    home = pathlib.Path(temporary)
    check_that_the_console_is_heard(home)
    default = run(home, "default", "--epochs 300")
    check_looks(check, default, home)
    run(home, "by model", "--epochs 200 --per model --strength 2.5 --eps 0.001 --seed 3", strength=2.5, per="model", eps=0.001)
    run(home, "none", "--epochs 100 --similarity none", strength=0.0)
finish()
