"""`ombud transparency dsa`: ids for what has none, files, sending, and how it all stands.

This module must never begin to send before every id is kept.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ombud import config, session
from ombud.config import STORE_FILE, Dsa
from ombud.dsa import statements, submission
from ombud.dsa.statements import Ask, Begin, Filer
from ombud.dsa.submission import Database, Fault, Submission
from ombud.errors import BadData
from ombud.filing import BATCH_MAX, REFUSED, SENDING, STATES, WRITTEN
from ombud.staff.people import ADMIN
from ombud.store.sqlite import Store

REFUSED_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: files in `out`, of `every` statement or only of what was not taken yet;
    to send what waits, and to try once more what was refused.
    """

    out: Path | None = None
    by: str = ADMIN
    every: bool = False
    submit: bool = False
    retry: bool = False


def files(folder: Path, wanted: Wanted, begin: Begin, fault: Fault) -> dict[str, Any]:
    """Do what is asked for, and tell how the statements stand then.

    Raises BadData D004, BadUse U381 for files, U382 to U385 for sending.
    """
    if not (folder / STORE_FILE).exists():
        raise BadData("D004", str(folder), path=folder)
    if not (wanted.out or wanted.submit or wanted.retry):
        return {**_standing(folder), "new": 0, "written": None, "sent": None}
    terms = _terms(folder)
    database = Database(terms, submission.token(folder, terms)) if wanted.submit else None
    written = sent = None
    try:
        with session.asking(folder, by=wanted.by) as ask:
            store = Store(folder / STORE_FILE, readonly=True)
            try:
                if wanted.retry:
                    _once_more(store, ask)
                with closing(Store(folder / STORE_FILE, readonly=True)) as another:
                    filer = Filer(ask, another)
                    if wanted.out is not None:
                        written = _written(store, terms, wanted, filer, begin)
                    else:
                        filer.whole()
                if database is not None:
                    with submission.alone(folder):
                        sent = _sent(store, terms, database, ask, begin, fault)
            finally:
                store.close()
    finally:
        if database is not None:
            database.close()
    return {**_standing(folder), "new": filer.new, "written": written, "sent": sent}


def _terms(folder: Path) -> Dsa:
    path = folder / config.SETTINGS_FILE
    if not path.exists():
        return Dsa()
    return config.parse_settings(config.read_file(path), str(path)).dsa


def _standing(folder: Path) -> dict[str, Any]:
    store = Store(folder / STORE_FILE, readonly=True)
    try:
        store.check_version()
        return statements.standing(store)
    finally:
        store.close()


def _written(
    store: Store, terms: Dsa, wanted: Wanted, filer: Filer, begin: Begin
) -> dict[str, Any]:
    """Write files while the ids are given: neither the engine nor this process waits for both."""
    states = STATES if wanted.every else (WRITTEN, SENDING)
    lines = store.all("last_leaf")[0][0]
    progress = begin(lines)
    assert wanted.out is not None  # noqa: S101 -- asked for only then
    parts = statements.ahead(filer.parts())
    every = statements.every(store, terms, states, progress, parts)
    kept = statements.write(statements.batches(every), wanted.out)
    if progress is not None:
        progress(lines)
    return {
        "statements": kept.statements,
        "batches": kept.batches,
        "files": [str(wanted.out / name) for name in kept.files],
    }


def _sent(
    store: Store, terms: Dsa, database: Database, ask: Ask, begin: Begin, fault: Fault
) -> dict[str, int]:
    run = Submission(store, terms, database, ask, fault)
    return run.run(begin(_count(store, (WRITTEN,)))).as_json()


def _once_more(store: Store, ask: Ask) -> None:
    """Let what was refused wait again: its clause or the settings were mended since."""
    while rows := store.all("refused_filings", {"limit": REFUSED_AT_ONCE}):
        for start in range(0, len(rows), BATCH_MAX):
            leaves = [row[0] for row in rows[start : start + BATCH_MAX]]
            ask("move statements", leaves=leaves, was=REFUSED, state=WRITTEN)


def _count(store: Store, states: tuple[str, ...]) -> int:
    return sum(row[1] for row in store.all("filings_by_state") if row[0] in states)
