"""A community whose rules ask a list that others publish, for the stories about such lists."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flow.small_community import NOW, prepare, rule
from ombud import listwork
from ombud.app import Engine
from ombud.controls.followed import Published
from ombud.signals.lists.terms import key

LIST, ROOM = "their list", "!list:far"
RULES = dict(
    [
        rule(
            "listed",
            f'author in list "{LIST}"',
            f'author in list "{LIST}"  yes',
            f'author in list "{LIST}"  no',
        ),
        rule(
            "bags",
            'text contains "cheap bags"',
            'text "cheap bags"',
            'text "thanks"',
            then='alert "look"',
        ),
    ]
)


def followed(folder: Path) -> Path:
    """The folder of that community: its list follows a room on which nothing stands."""
    prepare(folder, {"bags.rule": RULES["bags.rule"]})
    with Engine(folder, now=lambda: NOW) as engine:
        publish(engine)
    for name, text in RULES.items():
        (folder / "rules" / name).write_text(text, encoding="utf-8")
    return folder


@contextmanager
def opened(folder: Path) -> Iterator[Engine]:
    """Its engine, at a clock that stands still."""
    with Engine(folder, now=lambda: NOW) as engine:
        yield engine


def published(entity: str, kind: str = "user", **more: Any) -> tuple[str, Published]:
    """An entry as it stands in the room."""
    told: dict[str, Any] = {
        "room": ROOM,
        "event": f"${entity}",
        "kind": kind,
        "recommendation": "ban",
    }
    told |= {"writer": "@list:far", "reason": "sells bags", "written": NOW, **more}
    return entity, Published(key(entity), **told)


def publish(engine: Engine, *entities: str, own: tuple[str, ...] = (), **more: Any) -> int:
    """Entries appear in the room."""
    found = [published(each, **more) for each in entities]
    return listwork.take_in(engine, LIST, ROOM, found, {key(each) for each in own})


def take_back(engine: Engine, *entities: str) -> None:
    """Entries are taken back."""
    listwork.let_go(engine, LIST, ROOM, [key(each) for each in entities])


def stands(engine: Engine, term: str) -> str:
    """How an entry stands, or nothing."""
    from ombud.config import STORE_FILE
    from ombud.listing import shown
    from ombud.store.sqlite import Store

    store = Store(engine.folder / STORE_FILE, readonly=True)
    try:
        found = shown(store, LIST, NOW, state=None, limit=100_000, skip=0)["items"]
    finally:
        store.close()
    return next((str(each["state"]) for each in found if each["term"] == term), "")
