"""The same digests whatever happens: run through, killed, reloaded, and judged again.

`python tests/real_input/identical.py --data ../shared/data` sends both data sets, as one stream,
through four communities with one key file: one that is left in peace, one that is killed at random
records, one whose rules are taken out and put back at random records, and one to which both
happens. Every record's digest, facts, hits and window keys are compared with the first one's, and
`ombud replay --check` runs on each. It prints counts only: this program must never print or write a
text, an account or an address of the data. `figures.py` puts its table on the page.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parents[1]))  # it is run as a script

from flow import writing_process
from flow.small_community import NOW, check, rows, same_keys

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

POINTS = ("judged", "ordered")  # passed once for each record
KILLED = -9
BATCH = 64  # events handed in together
PATIENCE_SECONDS = 600
RELOAD = "!rules"

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What happens to one community: how often it is killed, and its rules changed and put back."""

    title: str
    kills: int = 0
    changes: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it. `other` counts the records that differ from the undisturbed run's."""

    plan: Plan
    events: int
    configurations: int
    other: int
    replayed: Mapping[str, int]


def plans(kills: int, changes: int) -> tuple[Plan, ...]:
    """The undisturbed run, then one for each thing that can happen, then all of it."""
    return (
        Plan("left in peace"),
        Plan("killed at random records", kills=kills),
        Plan("rules taken out and put back at random records", changes=changes),
        Plan("both", kills=kills, changes=changes),
    )


def outcomes(
    lines: Sequence[bytes], rules: Path, base: Path, wanted: Sequence[Plan], seed: int
) -> list[Outcome]:
    """Run every plan under `base`, the first one as what the others are held against.

    `rules` is a data folder that has not been started yet.
    """
    away = _away(rules, base / "away")
    found: list[Outcome] = []
    first: dict[bytes, Row] = {}
    for number, plan in enumerate(wanted):
        chance = random.Random(f"{seed} {number}")
        folder = base / f"run{number}"
        shutil.copytree(rules, folder)
        if first:  # tokens are random: who has the same key file can be compared
            same_keys(folder, base / "run0")
        stream = _stream(lines, rules / "rules", away, plan.changes, chance)
        _run(folder, stream, plan.kills, chance)
        stored = _stored(folder)
        first = first or stored
        found.append(_outcome(folder, plan, first, stored))
    return found


def _away(rules: Path, folder: Path) -> Path:
    """The same rules, all of them drafts: whatever they counted is forgotten."""
    folder.mkdir(parents=True)
    for path in (rules / "rules").iterdir():
        text = path.read_text(encoding="utf-8")
        for mode in ("watch", "live"):
            text = text.replace(f"mode    {mode}", "mode    draft")
        (folder / path.name).write_text(text, encoding="utf-8")
    return folder


def _stream(
    lines: Sequence[bytes], there: Path, away: Path, changes: int, chance: random.Random
) -> list[bytes]:
    """The events, with both reloads at random places between them."""
    stream = list(lines)
    for place in sorted(chance.sample(range(1, len(lines)), changes), reverse=True):
        stream[place:place] = [f"{RELOAD} {folder}\n".encode() for folder in (away, there)]
    return stream


def _run(folder: Path, stream: Sequence[bytes], kills: int, chance: random.Random) -> None:
    """Feed a community; after each kill it goes on with what was not acknowledged."""
    part = max(1, len(stream) // (kills + 1))
    for number in range(kills + 1):
        fault = ""
        if number < kills:
            fault = f"{chance.choice(POINTS)}:{chance.randrange(1, part)}"
        code = _feed(folder, stream[_done(folder) :], fault)
        if code != (KILLED if fault else 0):
            raise RuntimeError(f"the writing process ended with {code}, at {fault or 'no fault'}")


def _done(folder: Path) -> int:
    """How many lines were answered. RuntimeError where one of them was refused."""
    path = folder / "acks"
    answers = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    wrong = [each for each in answers if each.partition(" ")[0] in ("bad", "error", "conflict")]
    if wrong:
        raise RuntimeError(f"{len(wrong)} lines were refused, the first with {wrong[0]}")
    return len(answers)


def _feed(folder: Path, lines: Sequence[bytes], fault: str) -> int:
    arguments = [writing_process.__file__, folder, folder / "acks", NOW, BATCH]
    done = subprocess.run(
        [sys.executable, *map(str, arguments)],
        input=b"".join(lines),
        env={**os.environ, "OMBUD_FAULT": fault},
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    return done.returncode


def _stored(folder: Path) -> dict[bytes, Row]:
    """What was stored of every event, by its identity."""
    query = (
        "SELECT identity, verdict, facts, hits, entries, place FROM journal"
        " WHERE type NOT LIKE '!%'"
    )
    return {row[0]: row[1:] for row in rows(folder, query)}


def _outcome(
    folder: Path, plan: Plan, first: Mapping[bytes, Row], stored: Mapping[bytes, Row]
) -> Outcome:
    other = [each for each in {*first, *stored} if first.get(each) != stored.get(each)]
    query = "SELECT count(*) FROM journal WHERE type = '!config'"
    told = check(folder).as_json()
    names = ("checked", "same", "different", "from_facts", "not_recomputable")
    return Outcome(
        plan,
        len(stored),
        rows(folder, query)[0][0],
        len(other),
        {name: told[name] for name in names},
    )


# --- the table ------------------------------------------------------------------------------------

HEAD = ("run", "events", "kills", "changes", "configurations", "other verdicts", "checked again",
        "same", "different", "from facts", "not recomputable")  # fmt: skip


def table(found: Sequence[Outcome]) -> list[tuple[object, ...]]:
    """A row for each run."""
    return [
        (
            each.plan.title,
            each.events,
            each.plan.kills,
            each.plan.changes,
            each.configurations,
            each.other,
            *each.replayed.values(),
        )
        for each in found
    ]


def on(lines: Sequence[bytes], settings: str, kills: int, changes: int, seed: int) -> list[Outcome]:
    """All runs over these events under the shipped rules, in a folder that is gone afterwards."""
    from ombud import config, samples

    with tempfile.TemporaryDirectory(prefix="ombud-identical-") as name:
        base = Path(name)
        config.copy_samples(base / "made", {each: samples.files(each) for each in samples.FOLDERS})
        (base / "made" / "ombud.toml").write_text(settings, encoding="utf-8")
        return outcomes(lines, base / "made", base, plans(kills, changes), seed)


def main() -> None:
    """Run everything and print the table; exit 1 where anything is not the same."""
    from real_input import figures

    parser = argparse.ArgumentParser(description="The same digests, whatever happens.")
    parser.add_argument("--data", type=Path, required=True, help="the folder of the data sets")
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--changes", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    lines = figures.stream(given.data)
    found = on(lines, figures.HOLDS_ON, given.kills, given.changes, given.seed)
    for row in (HEAD, *table(found)):
        sys.stdout.write(" | ".join(map(str, row)) + "\n")
    if any(each.other or each.replayed["same"] != each.replayed["checked"] for each in found):
        sys.exit(1)


if __name__ == "__main__":
    main()
