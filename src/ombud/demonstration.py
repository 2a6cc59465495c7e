"""`ombud demo`: the simulated community through the real flow, holds switched on, truth held
against it.

Works in a folder of its own, marked as a demonstration and made anew at each run. This module must
never touch a folder without that mark.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import msgspec

from ombud import clock, config, decisions, reading, samples, simulate
from ombud.errors import BadData, BadUse, catalogue
from ombud.session import engine

catalogue(
    U009=(
        "{path} is not a demonstration's folder.",
        "A demo starts from nothing: name a folder that does not exist yet with --data.",
    ),
)

MARK = "this-is-a-demonstration"
SETTINGS = 'name = "the demo community"\nprocedural_holds = true\n'
DECISIONS_MAX = 3  # of one event: on the content, its author and its room
START = 1_767_225_600 * clock.SECOND  # 2026-01-01, so that every run is the same


def run(folder: Path, events: int, seed: int) -> dict[str, Any]:
    """Run a simulated community; the summary, each decision's statement, and what truth says of
    it.
    """
    try:
        _prepare(folder)
    except OSError as error:
        raise BadData("D003", str(folder), detail=error.strerror or error) from None
    happened = list(simulate.generate(seed, events, START))
    content = b"".join(msgspec.json.encode(each.event) + b"\n" for each in happened)
    with engine(folder) as running:
        summary = running.ingest([content])
    truth = {each.event.get("subject") or each.event["id"]: each.truth for each in happened}
    with reading.reading(folder) as reader:
        made = reader.decisions(limit=len(happened) * DECISIONS_MAX)
        head = reader.ledger_head()
        titles = reader.clause_titles()
        touched = {each["subject"] for each in made}
        made.sort(key=lambda each: each["receipt"]["leaf"])  # in the order they were made
        found = [_told(each, titles) for each in made]
    harmful = {subject for subject, harm in truth.items() if harm != "benign"}
    return {
        **summary.as_json(),
        "decisions": found,
        "caught": len(touched & harmful),
        "harmful": len(harmful),
        "touched": len(touched & set(truth) - harmful),
        "benign": len(truth) - len(harmful),
        "ledger": head,
    }


def _told(made: dict[str, Any], titles: dict[str, dict[str, str]]) -> dict[str, Any]:
    """A decision as it is told to its person, in their language."""
    record = msgspec.convert(
        {key: value for key, value in made.items() if key in decisions.Decision.__struct_fields__},
        decisions.Decision,
    )
    statement = decisions.statement(record, titles.get(record.clause, {}), record.lang)
    return {"id": record.id, "subject": record.subject, "lang": record.lang, "statement": statement}


def _prepare(folder: Path) -> None:
    """An empty folder with the mark; an earlier demonstration is removed, anything else refused."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).exists():
            raise BadUse("U009", str(folder), path=folder)
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).touch()
    (folder / "ombud.toml").write_text(SETTINGS, encoding="utf-8")
    # what an operator does first: say who the staff is
    lists = {**samples.files("lists")}
    lists["staff.txt"] += f"{simulate.ADMIN_ID}\n".encode()
    lists["staff-names.txt"] += f"{simulate.ADMIN_NAME}\n".encode()
    config.copy_samples(folder, {"lists": lists})
