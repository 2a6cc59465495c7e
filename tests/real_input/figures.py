"""The figures on real input, as a page.

`python tests/real_input/figures.py --data ../shared/data --out docs/reference/real-input.md`
converts two public data sets, runs each through `ombud ingest` (holds off and on, alone and
together) and joins the decisions with the labels. The page holds counts and rates only: this
program must never print or write a text, an account or an address of the data.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parents[1]))  # it is run as a script

from real_input import convert, identical

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

OMBUD = Path(sys.executable).with_name("ombud")
SAMPLES = Path(__file__).parents[2] / "src" / "ombud" / "samples"
HOLDS_ON = 'name = "real input"\nprocedural_holds = true\n'
HOLDS_OFF = 'name = "real input"\nprocedural_holds = false\n'
DECISIONS_MAX = 100_000
KILLS, CHANGES = 10, 5


@dataclass(frozen=True, slots=True)
class Set:
    """One input: its events, and the labels of those that have one, by subject."""

    title: str
    events: Sequence[convert.Wire]
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Run:
    """One run: what `ombud ingest` printed, and the rules that restricted each subject."""

    title: str
    holds: bool
    rows: int
    summary: Mapping[str, Any]
    touched: Mapping[str, frozenset[str]]
    labels: Mapping[str, str]


def sets(data: Path) -> list[Set]:
    """Both data sets, and the two as one stream."""
    comments = list(convert.read(data, convert.YOUTUBE))
    youtube, labels = list(convert.youtube(comments)), convert.labels(comments)
    reddit = list(convert.reddit(convert.read(data, convert.REDDIT)))
    return [
        Set("youtube_spam", youtube, labels),
        Set("reddit_2013_posts", reddit, {}),
        Set("both together", convert.merged(youtube, reddit), labels),
    ]


def stream(data: Path) -> list[bytes]:
    """Both sets as one stream of lines, as they stand on the wire."""
    return convert.ndjson(sets(data)[-1].events).splitlines(keepends=True)


def run(given: Set, holds: bool) -> Run:
    """The set through a fresh data folder. RuntimeError with what the command said if it fails."""
    with tempfile.TemporaryDirectory(prefix="ombud-figures-") as name:
        folder, file = Path(name) / "data", Path(name) / "events.ndjson"
        folder.mkdir()
        (folder / "ombud.toml").write_text(HOLDS_ON if holds else HOLDS_OFF, encoding="utf-8")
        file.write_bytes(convert.ndjson(given.events))
        summary = _ombud("ingest", file, "--timeline", "history", "--data", folder, "--json")
        limit = ("--limit", DECISIONS_MAX)
        decisions = _ombud("decisions", "list", "--json", *limit, "--data", folder)["items"]
    if len(decisions) == DECISIONS_MAX:
        raise RuntimeError("there are more decisions than were asked for")
    touched: dict[str, frozenset[str]] = {}
    for decision in decisions:
        rules = frozenset(rule["name"] for rule in decision["rules"])
        touched[decision["subject"]] = touched.get(decision["subject"], frozenset()) | rules
    return Run(given.title, holds, len(given.events), summary, touched, given.labels)


def _ombud(*arguments: object) -> dict[str, Any]:
    """What a command prints with --json; exit code 1 says that some events were refused."""
    command = [str(OMBUD), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(
            f"{arguments[0]}: exit {done.returncode}: {done.stderr.decode()[-2000:]}"
        )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


# --- the page ------------------------------------------------------------------------------------


_HOW = """\
Written by `python tests/real_input/figures.py`; do not edit. Every event went through the whole
flow with `ombud ingest --timeline`, under the rules, policies and lists as shipped (SHA-256 of
all files: `{rules}`), in a fresh data folder each time."""
_WHAT = """\
Two public data sets: comments under five music videos, which people labelled as spam or not
(YouTube Spam Collection, CC BY 4.0), and top posts of 24 communities of 2013 without labels (PDDL
1.0), taken here as benign throughout. What they lack is not invented: neither has ages of
accounts, the second has no authors at all, and 230 comments have no time and stand at their
video's last known one. Facts that rest on what is missing are unknown, and unknown never fires a
rule. How rows become events stands in `tests/real_input/convert.py`."""
_HARD = """\
Of the comments more than half are spam, where elsewhere it is a few per cent: the figures say
what the rules catch there, and not how precise they are in an ordinary community."""


_SAME = """\
Both sets as one stream, live and with holds on, through four communities that share one key file,
under the shipped rules of the digest `{rules}`.
`python tests/real_input/identical.py --data ../shared/data` does this alone. A change takes every
rule back to a draft and puts it on watch again at one place in the stream, so that all windows are
given up and filled anew from the past. Other verdicts: records whose digest, facts, hits or window
keys differ from those of the run that was left in peace. The rest is what `ombud replay --check`
says of the same folder."""


def page(runs: Sequence[Run], rules: str, same: Sequence[identical.Outcome] = ()) -> str:
    """The page in Markdown; `rules` is the digest of the rules that judged, `same` what became of
    the digests.
    """
    parts = [
        "# Real input",
        _HOW.format(rules=rules),
        _WHAT,
        _HARD,
        "## Runs",
        _table(
            ("input", "holds", "rows", "accepted", "rejected", "duplicate", "conflict", "seconds",
             "events/s"),
            [_run_row(each) for each in runs],
        ),
        "Seconds are from the first byte read to the last verdict durable, without the start.",
    ]  # fmt: skip
    for each in runs:
        if each.holds:
            before = next(run for run in runs if run.title == each.title and not run.holds)
            parts += _section(each, before)
    if same:
        parts += [
            "## The same digests",
            _SAME.format(rules=rules),
            _table(identical.HEAD, identical.table(same)),
        ]
    return "\n\n".join(parts) + "\n"


def _run_row(each: Run) -> tuple[object, ...]:
    seconds = float(each.summary["seconds"])
    return (
        each.title,
        "on" if each.holds else "off",
        each.rows,
        *(each.summary[name] for name in ("accepted", "rejected", "duplicate", "conflict")),
        f"{seconds:.2f}",
        round(each.rows / seconds) if seconds else "",
    )


def _section(on: Run, off: Run) -> list[str]:
    """One input: what the rules did, what was caught, and who was touched."""
    spam = {subject for subject, label in on.labels.items() if label == "spam"}
    touched = set(on.touched)
    parts = [f"## {on.title}", _rules_table(on, off, spam)]
    actions = ", ".join(
        f"{name} {count}" for name, count in sorted(on.summary["by_action"].items())
    )
    parts.append(f"Actions with holds on: {actions or 'none'}.")
    if spam:
        caught = len(touched & spam)
        parts.append(
            f"Labelled spam caught: {caught} of {len(spam)} ({100 * caught / len(spam):.1f} %)."
        )
    benign, wrongly = on.rows - len(spam), len(touched - spam)
    parts.append(
        f"Benign posts touched: {wrongly} of {benign} ({10_000 * wrongly / benign:.1f} per 10,000)."
    )
    return parts


def _rules_table(on: Run, off: Run, spam: set[str]) -> str:
    """Per rule: hits and unknowns in both runs, then what its holds restricted."""
    caught: Counter[str] = Counter()
    wrongly: Counter[str] = Counter()
    for subject, rules in on.touched.items():
        (caught if subject in spam else wrongly).update(rules)
    named = ("hits_by_rule", "unknown_by_rule")
    names = {rule for each in (on, off) for name in named for rule in each.summary[name]}
    rows = []
    for rule in sorted(names | set(caught) | set(wrongly)):
        counts = [each.summary[name].get(rule, 0) for each in (off, on) for name in named]
        recall = f"{100 * caught[rule] / len(spam):.1f} %" if spam else ""
        rows.append((rule, *counts, caught[rule] if spam else "", recall, wrongly[rule]))
    return _table(
        ("rule", "hits, holds off", "unknown, off", "hits, holds on", "unknown, on",
         "spam caught", "recall", "benign touched"),
        rows,
    )  # fmt: skip


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def samples_digest(folder: Path = SAMPLES) -> str:
    """SHA-256 over the shipped rules, policies and lists: names and contents, in order."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".rule", ".md", ".txt"):
            digest.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def main() -> None:
    """Run everything and write the page."""
    parser = argparse.ArgumentParser(description="Figures on real input, as one Markdown page.")
    parser.add_argument("--data", type=Path, required=True, help="the folder of the data sets")
    parser.add_argument("--out", type=Path, required=True, help="the page to write")
    given = parser.parse_args()
    runs = [run(each, holds) for each in sets(given.data) for holds in (False, True)]
    same = identical.on(stream(given.data), HOLDS_ON, KILLS, CHANGES, seed=1)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(page(runs, samples_digest(), same), encoding="utf-8")


if __name__ == "__main__":
    main()
