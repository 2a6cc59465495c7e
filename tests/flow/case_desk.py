"""People at work on cases for the stories in this folder: who asks what, and what then stands."""

from __future__ import annotations

from typing import Any

from flow.platform_side import Platform
from flow.small_community import event, rows, rule
from ombud import casework

HELD = rule("bags", 'text contains "cheap bags"', 'text "cheap bags"', 'text "thanks"')
ASKED = rule(
    "shoes",
    'text contains "cheap shoes"',
    'text "cheap shoes"',
    'text "thanks"',
    then="remove this",
)
COPIED = rule(
    "same-text",
    "author.accepted posts < 20\n  text.repeat authors in last 1 hour >= 3",
    "author.accepted posts  0\n  text.repeat authors in last 1 hour  3",
    "author.accepted posts  0\n  text.repeat authors in last 1 hour  2",
    clause="spam.repeats",
    then="hold campaign",
)
FLAGGED = rule(
    "flagged",
    "reporter.flags in last 1 day >= 1",
    "reporter.flags in last 1 day  1",
    "reporter.flags in last 1 day  0",
    kinds="flag",
    then='alert "flags"',
)
DESK_RULES = dict([HELD, ASKED, COPIED, FLAGGED])
LONG = "Everybody look here today, the very best offer of the whole year for our dear friends"


def bags(number: int | str, who: str = "ana", at: float = 0) -> dict[str, Any]:
    """A post that is held."""
    return event(number, at, text="cheap bags", author={"id": who})


def shoes(number: int | str, who: str = "ana", at: float = 0) -> dict[str, Any]:
    """A post that a rule may not remove by itself: a person is asked."""
    return event(number, at, text="cheap shoes", author={"id": who})


def copies(count: int, first: int = 0, **more: Any) -> list[dict[str, Any]]:
    """The same text by so many people."""
    numbers = range(first, first + count)
    return [event(f"copy{n}", n, text=LONG, author={"id": f"copier{n}"}, **more) for n in numbers]


def flag(number: int | str, subject: str, by: str, at: float = 0) -> dict[str, Any]:
    """Somebody reports a post."""
    made = event(
        f"flag{number}",
        at,
        type="flag.created",
        reporter={"id": by},
        reported={"id": subject, "author": {"id": "ana"}},
        text=None,
        author=None,
    )
    made["data"] = {key: value for key, value in made["data"].items() if value is not None}
    return made


def ask(platform: Platform, do: str, case: str = "", by: str = "mia", **more: Any) -> Any:
    """Somebody asks something about a case."""
    return casework.perform(platform.engine, f"{do} case", {"case": case, "by": by, **more})


def decide(platform: Platform, case: str, outcome: str, *acts: str, **more: Any) -> Any:
    """Somebody decides a case; `acts` are names of actions without more."""
    told = [{"action": each} for each in acts]
    return ask(platform, "decide", case, outcome=outcome, acts=told, **more)


def waiting(platform: Platform, reason: str | None = None) -> list[str]:
    """The open cases in their order; only those of one reason."""
    query = "SELECT id FROM review_case WHERE closed IS NULL AND (?1 IS NULL OR reason = ?1)"
    return [row[0] for row in rows(platform.folder, query + " ORDER BY place, id", reason)]


def standing(platform: Platform) -> list[tuple[str, str, bool, bool]]:
    """Every decision: action, by whom, whether it has ended, whether it was undone."""
    query = "SELECT action, by_role, ended, undone_by FROM decision ORDER BY leaf"
    found = rows(platform.folder, query)
    return [(row[0], row[1], row[2] is not None, row[3] is not None) for row in found]
