"""A demand from outside for the tests: who sends it, how it is entered, what is shown of it."""

from __future__ import annotations

from typing import Any

from flow.case_desk import decide
from flow.platform_side import Platform
from flow.small_community import rows
from ombud import demands
from ombud.app import Engine
from ombud.reading import reading

WHO, BASIS, SECRECY = "Landesamt Beispiel", "Section 12 Example Act", "Section 30 Example Act"


def demand(engine: Engine, *items: str, **more: Any) -> str:
    """One comes in, about what it names; its id."""
    told = {
        "who": WHO,
        "kind": "authority",
        "basis": BASIS,
        "words": "Take this down.",
        "clause": "spam.links",
        "country": "de",
        **more,
    }
    made = demands.perform(engine, "add demand", {**told, "items": list(items)})
    return str(made["demand"])


def step(engine: Engine, do: str, name: str, **more: Any) -> None:
    """Something is done about one."""
    demands.perform(engine, f"{do} demand", {"demand": name, **more})


def public(platform: Platform) -> list[dict[str, Any]]:
    """The public register, as of now."""
    with reading(platform.folder) as reader:
        return reader.demands().public(platform.clock[0])[0]


def removed(platform: Platform, case: str) -> str:
    """A reviewer removes what the case is about; the id of the decision."""
    made = decide(platform, case, "uphold", "remove", why={"en": "It is advertising."})
    return str(made["decisions"][0])


def statement(platform: Platform, decision: str) -> str:
    """The page that a decision is told on."""
    query = "SELECT statement FROM notice WHERE decision = ? ORDER BY seq"
    return str(rows(platform.folder, query, decision)[0][0])
