"""Whether what is restricted on a platform is what was decided: the restrictions that nobody told
anybody of.

The platform's list is held against the decisions in force, one by one. What it restricts without a
decision is shown to whoever asks; how many there are enters the public log and is published,
without a subject and without a person. This module must never decide anything about what it finds,
and never publish whom it is about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ombud import clock, config, egress, events, intake, journal
from ombud.config import SETTINGS_FILE
from ombud.connectors import restrictions
from ombud.connectors.restrictions import Restriction
from ombud.controls import programs
from ombud.decisions import lane
from ombud.errors import BadUse, catalogue
from ombud.inforce import restricts
from ombud.rules.vocabulary import ACTIONS
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store

catalogue(
    U442=(
        "No platform called {name} is connected, or there is nothing to sign a question with.",
        "`ombud connect list` shows those that are; `ombud connect secret` makes the secret.",
    ),
    U481=(
        "{name} is a Matrix homeserver, which does not list what is restricted on it.",
        "Give what you know as a file: `ombud reconcile {name} --file restrictions.ndjson`.",
    ),
)

SHOWN_MAX = 1000
SAME = ({"hold", "remove"},)  # a platform may call what is hidden by either
REASONS = NEVER, OVER = "never decided", "over"  # why a restriction has no decision in force


@dataclass(slots=True)
class Found:
    """What became of one comparison. `items` are the restrictions without a decision in force, at
    most SHOWN_MAX of them; `missing` decisions in force that the platform does not tell of.
    """

    reported: int = 0
    explained: int = 0
    without: Counter[str] = field(default_factory=Counter)
    by_action: Counter[str] = field(default_factory=Counter)
    items: list[dict[str, str]] = field(default_factory=list)
    missing: int = 0
    missed: list[str] = field(default_factory=list)

    def record(self, platform: str) -> str:
        """What is kept of it, and committed to in the public log: counts, canonical JSON."""
        return journal.canonical_json(
            {
                "platform": platform,
                "reported": self.reported,
                "explained": self.explained,
                "without": {name: self.without[name] for name in REASONS},
                "by_action": dict(sorted(self.by_action.items())),
                "missing": self.missing,
            }
        )


def asked(
    folder: Path,
    keys: KeyFile,
    platform: str,
    resolve: egress.Resolve = egress.system_resolver,
) -> Iterator[Restriction]:
    """What a connected platform tells. Raises BadUse U440 to U442."""
    settings = config.parse_settings(config.read_file(folder / SETTINGS_FILE))
    if platform in settings.matrix:
        raise BadUse("U481", "platform", name=platform)
    try:
        told = settings.connectors[platform], keys.key(programs.secret_name(platform))
    except LookupError:
        raise BadUse("U442", "platform", name=platform[:100]) from None
    connector, secret = told
    return restrictions.asked(connector, secret, platform, clock.now, resolve)


def lines(file: Path, platform: str) -> Iterator[Restriction]:
    """What a file tells, a line of JSON each. Raises BadUse U002 or U441."""
    for each in events.lines(intake.chunks(file)):
        if each.content is None or each.content.strip():
            yield restrictions.line(each.content or b"", platform, each.number)


def compare(store: Store, keys: KeyFile, platform: str, told: Iterable[Restriction]) -> Found:
    """Hold what a platform tells against the decisions of the live timeline."""
    found, seen = Found(), set[tuple[bytes, str]]()
    for each in told:
        subject = lane(keys.community, platform, each.subject)
        if (subject, each.action) in seen:
            continue  # told twice
        seen.add((subject, each.action))
        found.reported += 1
        why = _why(store, subject, each.action)
        if why is None:
            found.explained += 1
            continue
        found.without[why] += 1
        found.by_action[each.action if each.action in ACTIONS else "other"] += 1
        if len(found.items) < SHOWN_MAX:
            found.items.append({**_shown(each), "why": why})
    for decision, subject, action in store.each("carried_out_on", (platform,)):
        if restricts(action) and not any((bytes(subject), name) in seen for name in _names(action)):
            found.missing += 1
            if len(found.missed) < SHOWN_MAX:
                found.missed.append(decision)
    return found


def _why(store: Store, subject: bytes, action: str) -> str | None:
    """Why no decision in force is behind a restriction; None where one is."""
    rows: list[Any] = store.all("decisions_behind", (subject,))
    names = _names(action)
    alike = [row for row in rows if row[0] in names]
    if any(row[1] is None and row[2] is None for row in alike):
        return None
    return OVER if alike else NEVER


def _names(action: str) -> set[str]:
    """By which names a platform and a decision may mean the same."""
    return next((set(each) for each in SAME if action in each), {action})


def _shown(each: Restriction) -> dict[str, str]:
    return {
        "subject": each.subject,
        "action": each.action,
        "account": each.account,
        "since": each.since,
    }
