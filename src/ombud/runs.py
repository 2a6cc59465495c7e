"""Runs over the past: other rules tried on it, watching rules read, each entered in the public log.

A run's result is told only after its line is in the log (promise 11): who looks at people's past
leaves a mark. The line commits to a record of what was asked and counted. This module must never
let a result out whose line could not be written.
"""

from __future__ import annotations

import difflib
import secrets
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ombud import clock, config, journal, session
from ombud.activation import compiling
from ombud.activation.active import Active
from ombud.config import STORE_FILE, Sources
from ombud.controls import listed
from ombud.errors import BadData, BadUse, catalogue
from ombud.reading import Reader, reading
from ombud.replay import expect, labels, naming, records
from ombud.replay.expect import Expectation, Outcome
from ombud.replay.others import Others, Span
from ombud.replay.sample import SEED_MAX, Sample
from ombud.replay.tally import Tally
from ombud.replay.watching import Watching
from ombud.rules import parse
from ombud.rules.diagnostic import Report
from ombud.rules.tree import Place
from ombud.staff.people import ADMIN

catalogue(
    U065=("There is no rule in {path}.", "Name a folder with .rule files."),
    U066=('No rule called "{rule}" is watching.', "{hint}"),
    U067=(
        "--expect is given {found} times; at most {limit} expectations are taken.",
        "Leave some out, or make several runs.",
    ),
    U087=(
        "No event lies between {since} and {until}.",
        "--since is the first instant that counts, --until the first that does not any more.",
    ),
)

NOTES = (
    "What people would have done once held or warned is unknown: nobody saw these rules act.",
    "Clauses count as if they had always been published in the words they have now.",
    "Licences and caps are those of today.",
)
OWN_LISTS = "Lists are the community's as they stand today, with what was changed in them."
OTHER_LISTS = "Lists are those of the folder given, as its files say."
_KEPT = (
    "name",
    "version",
    "few",
    "hits",
    "new",
    "gone",
    "people",
    "unknown",
)  # of each rule, in records

DRAFT = "draft"

Progress = Callable[[int], None]
Begin = Callable[[int], Progress | None]  # given how many records there are
Ask = Callable[[Mapping[str, Any]], str]  # has the engine enter a run; its id


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be tried on the past."""

    rules: Path
    policies: Path | None = None
    lists: Path | None = None
    since: int | None = None
    until: int | None = None
    names: tuple[str, ...] = ()
    labels: Path | None = None
    expect: tuple[str, ...] = ()
    seed: int | None = None
    by: str = ADMIN


def tried(folder: Path, asked: Asked, begin: Begin = lambda _: None) -> dict[str, Any]:
    """Run other rules over the past of a folder, enter that in the log, and tell what came out.

    Raises BadRules for rules with errors, BadUse for what is asked wrongly; then nothing was
    judged.
    """
    if not (folder / STORE_FILE).exists():
        raise BadData("D004", str(folder), path=folder)
    sources = config.read_other(folder, asked.rules, asked.policies, asked.lists)
    if not sources.rules:
        raise BadUse("U065", str(asked.rules), path=asked.rules)
    own_lists = asked.lists is None and not (asked.rules / "lists").is_dir()
    return run(folder, sources, asked, begin, own_lists=own_lists)


def run(
    folder: Path,
    sources: Sources,
    asked: Asked,
    begin: Begin = lambda _: None,
    *,
    own_lists: bool = True,
    ask: Ask | None = None,
) -> dict[str, Any]:
    """The same with texts at hand; `asked.rules` is not read then. `ask`: by which the engine is
    asked to enter the run, where that is not whoever holds the lock.
    """
    span = _span(asked.since, asked.until)
    sources, drafts = _with_drafts(sources, asked.names)
    stored = listed.of_store(folder / STORE_FILE) if own_lists else {}
    active = compiling.from_sources(sources, stored)
    named = _named(active, asked.names)
    expectations = _expectations(asked.expect, named)
    seed, clauses = _seed(asked.seed), active.manifest["clauses"]
    with reading(folder) as reader:
        reader.allowed(asked.by, "rules")  # before minutes of work, and again where it is entered
        found = labels.gathered(reader.store, reader.keys.community, asked.labels, clauses)
        tally = Tally(active, found, Sample(seed), named)
        last = records.last(reader.store)
        key = secrets.token_bytes(32)
        past = Others(reader.store, reader.keys, active, tally, span, key)
        if own_lists:
            listed.restore(past.community, reader.store)  # as they stand now, like their files
        naming.refuse(active)
        started = time.monotonic()
        past.run(last, begin(last))
        seconds = time.monotonic() - started
    outcomes = expect.hold(expectations, tally.measure)
    report = {
        "config": active.digest,
        "since": _instant(asked.since),
        "until": _instant(asked.until),
        "records": last,
        **tally.as_json(),
        "drafts": drafts,
        "expectations": [_told(each) for each in outcomes],
        "seed": str(seed),
        "notes": [*NOTES, OWN_LISTS if own_lists else OTHER_LISTS],
    }
    return {
        **report,
        "run": _enter(folder, "rules", report, asked.by, ask),
        "seconds": round(seconds, 3),
        "records_per_second": round(last / seconds) if seconds else 0,
    }


def watched(
    folder: Path,
    name: str | None,
    file: Path | None = None,
    seed: int | None = None,
    begin: Begin = lambda _: None,
    since: int | None = None,
    by: str = ADMIN,
) -> dict[str, Any]:
    """What watching rules have hit since they went into watch, or of what was received from an
    instant on, entered in the log.
    """
    drawn = _seed(seed)
    with reading(folder) as reader:
        reader.allowed(by, "rules")
        clauses = reader.clauses()
        found = labels.gathered(reader.store, reader.keys.community, file, clauses)
        watching = Watching(
            reader.store, reader.keys, found, Sample(drawn), secrets.token_bytes(32)
        )
        if name is not None and name not in watching.rules:
            raise BadUse("U066", name, rule=name, hint=_hint(name, watching.rules))
        if since is not None:
            watching.count_from(since)
        last = records.last(reader.store)
        started = time.monotonic()
        watching.run([name] if name else list(watching.rules), last, begin(last))
        seconds = round(time.monotonic() - started, 3)
    report = {"records": last, **watching.as_json(), "seed": str(drawn)}
    return {**report, "run": _enter(folder, "watch", report, by), "seconds": seconds}


def made(folder: Path, limit: int) -> list[dict[str, Any]]:
    """The runs over the past, newest first, each with what its line in the log commits to."""
    with reading(folder) as reader:
        return [
            {
                "id": id_,
                "leaf": leaf,
                "made": clock.rfc3339(at),
                "kind": kind,
                "salt": bytes(salt).hex(),
                "record": record,
            }
            for id_, leaf, at, kind, salt, record in reader.store.all("runs", (limit,))
        ]


# --- what is asked --------------------------------------------------------------------------------


def _with_drafts(sources: Sources, names: Collection[str]) -> tuple[Sources, list[str]]:
    """The texts with the drafts that are named watching; the names of the other drafts.

    Both words have the same length, so that every column in a diagnostic is right.
    """
    texts, left = {}, []
    for file, content in sources.rules.items():
        texts[file] = content
        report = Report(file)
        rule = parse.read_rule(report, content)
        if rule.mode != DRAFT:
            continue
        if rule.name in names:
            texts[file] = _watching(report.lines, rule.places["mode"])
        else:
            left.append(rule.name)
    return replace(sources, rules=texts), sorted(each for each in left if each)


def _watching(lines: Sequence[str], mode: Place) -> bytes:
    """The lines of a file with another word for its mode."""
    line, start = lines[mode.line - 1], mode.column - 1
    changed = f"{line[:start]}watch{line[start + len(DRAFT) :]}"
    return "\n".join([*lines[: mode.line - 1], changed, *lines[mode.line :]]).encode()


def _named(active: Active, names: Iterable[str]) -> frozenset[str]:
    """The rules to tell of: those named, or all. Raises BadUse U062."""
    wanted = frozenset(names) or frozenset(active.names)
    for name in sorted(wanted - set(active.names)):
        raise BadUse("U062", "--rule", rule=name, hint=_hint(name, active.names))
    return wanted


def _hint(name: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1)
    if near:
        return f'Did you mean "{near[0]}"?'
    return f"There are: {', '.join(sorted(known)[:10])}." if known else "There is none at all."


def _expectations(texts: Collection[str], names: frozenset[str]) -> list[Expectation]:
    limit = expect.EXPECTATIONS_MAX
    if len(texts) > limit:
        raise BadUse("U067", "--expect", found=len(texts), limit=limit)
    return [expect.parse(text, names) for text in texts]


def _span(since: int | None, until: int | None) -> Span:
    """What is to be counted. Raises BadUse U087 where that can be nothing."""
    if since is not None and until is not None and since >= until:
        ends = {"since": clock.rfc3339(since), "until": clock.rfc3339(until)}
        raise BadUse("U087", "--since", **ends)
    return Span(since, until)


def _seed(given: int | None) -> int:
    return secrets.randbelow(SEED_MAX + 1) if given is None else given


# --- what is told ---------------------------------------------------------------------------------


def _told(outcome: Outcome) -> dict[str, Any]:
    found = outcome.found
    return {
        "expectation": outcome.expectation.said,
        "met": outcome.met,
        "found": None if found is None else expect.number(found),
        "why": outcome.why,
    }


def _instant(instant: int | None) -> str | None:
    return None if instant is None else clock.rfc3339(instant)


def _enter(
    folder: Path, kind: str, report: Mapping[str, Any], by: str, ask: Ask | None = None
) -> dict[str, Any]:
    """Enter a run in the public log; its id and the place of its line.

    Of the sample only the size and the seed are kept.
    """
    record = {name: value for name, value in report.items() if name not in ("notes", "drafts")}
    record["items"] = [{name: each.get(name) for name in _KEPT} for each in report["items"]]
    record["sample"] = len(report["sample"])
    entered = journal.canonical_json(record)
    told = {"kind": kind, "record": entered, "by": by}
    id_ = session.request(folder, "run", **told) if ask is None else ask(told)
    with reading(folder) as reader:
        return {"id": id_, "leaf": _line(reader, id_)}


def _line(reader: Reader, id_: str) -> int:
    row = reader.store.one("run", (id_,))
    assert row is not None  # the writer has just said so  # noqa: S101
    return int(row[1])
