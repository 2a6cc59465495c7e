"""An entrance for tests: a real engine, clocks moved by hand, passwords that cost little."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from flow import small_community
from flow.small_community import prepare
from ombud import staffing
from ombud.app import Engine
from ombud.entrance import Entered, Entrance, Refused, Visitor
from ombud.staff.passkeys import Party

PASSWORD = "nine herons over the delta"
OTHER = "one more heron than before"
BROWSER = "Firefox"
HERE = Party("localhost", "http://localhost:8420")


class Clock(small_community.Clock):
    """A clock that is moved by hand, in microseconds."""

    def seconds(self) -> float:
        """The same instant as a steady clock tells it."""
        return self.at / 1_000_000


@dataclass
class Place:
    """A community, its entrance, and its clock."""

    engine: Engine
    entrance: Entrance
    clock: Clock = field(default_factory=Clock)

    def first_link(self) -> str:
        """The secret of a link for the first account."""
        return staffing.first_link(self.engine, self.clock())[0].rpartition("/")[2]

    def first(self, name: str = "Ana") -> Entered:
        """The first account."""
        return self.entrance.make_first(self.first_link(), name, PASSWORD, BROWSER)

    def add(self, name: str, *roles: str) -> str:
        """Somebody more; the secret of their link."""
        staffing.change(self.engine, "added", name, "admin", roles=list(roles))
        return staffing.link(self.engine, name, self.clock())[0].rpartition("/")[2]

    def newcomer(self, name: str, *roles: str) -> Entered:
        """Somebody more, who has come in by their link."""
        return self.entrance.use_link(self.add(name, *roles), PASSWORD, BROWSER)

    def visitor(self, entered: Entered) -> Visitor:
        """Who has come in."""
        return self.seen(entered.cookie)

    def seen(self, cookie: str) -> Visitor:
        """Who has this cookie."""
        found = self.entrance.visitor(cookie)
        assert found is not None
        return found


@contextmanager
def open_place(folder: Path, settings: str = "", clock: Clock | None = None) -> Iterator[Place]:
    """A community without accounts, or the one that is there."""
    if not (folder / "ombud.toml").exists():
        prepare(folder, settings=settings)
    moved = clock or Clock()
    with Engine(folder, now=moved) as engine:
        yield Place(engine, Entrance(engine, now=moved, steady=moved.seconds), moved)


def drawn() -> str:
    """A token that nobody has handed out."""
    return secrets.token_urlsafe(32)


def refused(kind: str, do: Callable[..., object], *given: Any) -> Refused:
    """The refusal that somebody meets."""
    with pytest.raises(Refused) as caught:
        do(*given)
    assert caught.value.kind == kind
    return caught.value
