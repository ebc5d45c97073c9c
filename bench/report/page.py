"""The report: docs/results.md, and the drawings beside it."""

from . import goals, gpu, lengths, limits, ops, plots, roofs, simulator, tables, text

INTRODUCTION = """# Results

What the benchmarks measured, and which of the project's goals that meets. The page is written by `bench/report.py` from the
programs' output alone; [the last section](#how-this-was-measured) says on which machine, and how to do it again.
"""

HOW_TO_READ = """
*How to read it.* Each repetition is a process of its own and gives the fastest of up to five rounds, since what else the machine
does only ever adds to a round. A time is the median of all repetitions; the spread is the range between their quartiles over
the median. A spread above 10 % is called noisy, and no goal is judged against a peer or a limit that is noisy. A ratio to a peer is the
peer's time over ours, in the same run and by turns: above 1x wengert is faster. A limit is what the same machine does at the
same working set when it only copies (the better of plain and non-temporal copy), or when it only multiplies and adds; a
share of it counts the bytes or operations that the work needs at least. A working set below the last-level cache is labelled
"in cache". The largest error is the greatest difference of any contestant's result from wengert's, over the largest number.
"""

LIMITS = """Bandwidth counts each byte that is read or written once. Grey lines are the limits, the others wengert's losses and
optimisers; a dot (forward) or ring (backward) is the median of all ops, its bar the middle half of them. The roofline has the
products of matrices, whose limit is arithmetic where the operands are large: rings are ops, dots affine layers."""

SIMULATOR = """CUDA kernels on one core of the processor, as users' own build them. What the C library's ucontext and the checker
cost stands as a multiple of the plain time. The bounds: a barrier in blocks of 256 takes at least 10x on ucontext, kernels without a
barrier run 50 million threads a second, and the checker takes at most 5x."""

REPRODUCE = """
    ./run bench --out DIR                            # builds and runs all
    python3 bench/report.py DIR                      # writes this page
    python3 bench/report.py DIR --gpu GPU_DIR        # also what bench/gpu_check.sh all --out GPU_DIR found
    python3 bench/report.py DIR --merge RUN.json     # keeps the run in one file, from which this page can be written too
    python3 bench/report.py DIR --compare RUN.json   # what changed beyond noise
"""


def drawings(run):
    """The SVGs, by the names of their files; None where there is nothing to draw."""
    return {"similarity": plots.similarity(run), "length": plots.length(run), "bandwidth": roofs.bandwidth(run),
            "roofline": roofs.roofline(run)}


def page(run, drawn, folder, gpus=()):
    """Markdown; the drawings are named as files of the folder, beside which the page is to stand."""
    def figure(name, alternative):
        return f"![{alternative}]({folder.name}/{name}.svg)\n" if drawn[name] else ""

    parts = [INTRODUCTION, gpu.links(gpus), _goals(run), HOW_TO_READ]
    for heading, about, works in tables.GROUPS:
        plot = figure("similarity", "Cost of the similarity against size") if "similarity" in works else ""
        content = tables.group(run, works)
        accuracies = tables.accuracies(run) if "mnist_epoch" in works else ""
        parts.append(_section(heading, about, plot, content, accuracies, _folded("all contestants", tables.everyone(run, works))))
    parts += [_section("Fused against composed", "One op of wengert's against the same made of its elementary ops.",
                       tables.composed(run)),
              _section("Cost against the graph's length", "A chain of additions of one element.",
                       figure("length", "Cost per node against the graph's length"), lengths.length(run)),
              _section("Against the machine's limits", LIMITS, figure("bandwidth", "Bandwidth against working set"),
                       figure("roofline", "Roofline"), roofs.table(run)),
              _section("The block simulator", SIMULATOR, simulator.costs(run)),
              _ops(run), _failures(run), *(gpu.section(each, folder.parent) for each in gpus), _measured(run)]
    return "\n".join(part for part in parts if part)


def _section(heading, about, *contents):
    """Nothing where there is no content."""
    return f"## {heading}\n\n{about}\n\n" + "\n".join(content for content in contents if content) if any(contents) else ""


def _folded(summary, content):
    if not content:
        return ""
    return f"<details><summary>{summary}</summary>\n\n{content}\n</details>\n"


# ---- goals

def _goals(run):
    judged = goals.judged(run)
    counts = {verdict: sum(found.verdict == verdict for found in judged) for verdict in ("met", "not met", "not measurable")}
    summary = f"Of {len(judged)}: " + ", ".join(f"{count} {verdict}" for verdict, count in counts.items()) + "."
    rows = [[found.goal.work, found.goal.demand(), _measurement(found), _verdict(found)] for found in judged]
    return f"## Goals\n\n{summary} A goal that names LibTorch is judged once for each version measured.\n\n" + tables.table(
        ["work", "goal", "measured", "verdict"], rows, words=4)


def _measurement(found):
    if found.value is None:
        return text.DASH
    times = f"{text.seconds(found.ours.median)} against {text.seconds(found.reference_time)} of {found.against}"
    return f"{found.goal.written(found.value)} ({times})"


def _verdict(found):
    notes = [found.doubt()] if found.doubt() else []
    if found.ours and found.ours.noisy:
        notes.append(f"ours is noisy: {text.percent(found.ours.spread, 2)}")
    return f"**{found.verdict}**" + ("".join(": " + "; ".join(notes)) if notes else "")


# ---- ops, failures, machine

def _ops(run):
    contents = []
    for size, content in ops.by_working_set(run):
        where = "another size, at which the limits were not timed" if size is None else text.size_in_bytes(size)
        cached = ", in cache" if size and limits.fits_in_cache(run, size) else ""
        contents.append(_folded(f"operands and results of {where}{cached}", content))
    return _section("Ops by size", "Each op by itself, forward and backward, with operands and results of at most so many bytes; "
                    "n is the op's own size.", ops.summary(run), *contents)


def _failures(run):
    return _section("What failed", "These were to be timed, and ended with an error.",
                    "".join(f"- {name}: {message}\n" for name, message in sorted(run.failures.items())))


def _measured(run):
    rows = [["processor", _recorded(run, "cpu")], ["processors seen", _recorded(run, "num_cpus")],
            ["clock, MHz", _recorded(run, "mhz_per_cpu")], ["caches", _caches(run)],
            ["last-level cache", text.size_in_bytes(run.last_level_cache) if run.last_level_cache else "not recorded"],
            ["threads", _recorded(run, "threads")], ["load average at the start of the programs", _load(run)],
            ["compiler", _recorded(run, "compiler")], ["flags", _recorded(run, "flags")],
            ["wengert", _recorded(run, "wengert_version")], ["commit", _recorded(run, "commit")],
            ["Google Benchmark", _recorded(run, "library_version")], ["date", _date(run)],
            ["peers", ", ".join(tables.peers(run)) or "none"],
            ["absent peers", "; ".join(f"{name}: {why}" if why else name for name, why in run.absent.items()) or
             ("none" if run.recorded("peers_absent") else "not recorded")]]
    listing = "| | |\n| --- | --- |\n" + "".join(f"| {key} | {value} |\n" for key, value in rows)
    return f"## How this was measured\n\n{listing}{REPRODUCE}"


def _recorded(run, key):
    return "; ".join(str(value).strip() for value in run.recorded(key)) or "not recorded"


def _caches(run):
    caches = (run.recorded("caches") or [[]])[0]
    return ", ".join(f"L{c['level']} {c['type'].lower()} {text.size_in_bytes(c['size'])}" for c in caches) or "not recorded"


def _load(run):
    loads = [load[0] for load in run.recorded("load_avg") if load]
    return f"{min(loads):.1f} to {max(loads):.1f}" if loads else "not recorded"


def _date(run):
    dates = sorted(run.recorded("date"))
    return "not recorded" if not dates else dates[0] if len(dates) == 1 else f"{dates[0]} to {dates[-1]}"
