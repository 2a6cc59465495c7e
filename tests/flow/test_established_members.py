"""Names of long-standing members in the whole program: after a restart, in replay, after an
erasure, and in a window that is filled from what was said before the rule was there.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from flow.small_community import NOW, agrees_with_replay, event, line, prepare, rule
from ombud.app import Engine
from ombud.errors import BadEvent
from ombud.windows import names

LIKE = rule(
    "like-a-member",
    "author.name resembles established members >= 90 %",
    "author.name resembles established members  95 %",
    "author.name resembles established members  80 %",
    kinds="post, join",
    clause="impersonation.staff",
    then='alert "names"',
)
OTHER = rule("swine", 'text contains "pork"', 'text "pork"', 'text "beef"')
PANDA = {"id": "panda", "name": "Pixel Panda", "created": "2020-01-01T00:00:00Z"}


def talk(engine: Engine, first: int, count: int = 5) -> None:
    """The member posts for a while."""
    engine.submit(
        [
            line(event(f"m{n}", n, author=PANDA, text=f"day {n}"))
            for n in range(first, first + count)
        ]
    )


def fired(engine: Engine, number: int, name: str = "Рixel Panda") -> tuple[str, ...]:
    """What a newcomer of this name sets off."""
    author = {"id": f"new{number}", "name": name, "created": "2026-11-20T00:00:00Z"}
    (answer,) = engine.submit([line(event(f"n{number}", 100 + number, author=author))])
    assert not isinstance(answer, BadEvent)
    return tuple(answer.fired)


def test_a_newcomer_is_held_against_members_after_a_restart_too(tmp_path: Path) -> None:
    """The same before and after, and replay agrees; the member's own rename sets off nothing."""
    folder = prepare(tmp_path, dict([LIKE]))
    with Engine(folder, now=lambda: NOW) as engine:
        talk(engine, 0, 2)
        assert fired(engine, 1) == ()
        talk(engine, 4, 1)
        assert fired(engine, 2) == ("like-a-member",)
        renamed = {**PANDA, "name": "Pixel Pandas"}
        (answer,) = engine.submit([line(event("r", 200, author=renamed))])
        assert not isinstance(answer, BadEvent)
        assert answer.fired == ()
        agrees_with_replay(engine)
    with Engine(folder, now=lambda: NOW) as engine:
        assert fired(engine, 3) == ("like-a-member",)
        assert fired(engine, 4, "fan of Pixel Panda") == ()
        agrees_with_replay(engine)


def test_one_account_under_hundreds_of_names_makes_nothing_unknown(tmp_path: Path) -> None:
    """Neither for a newcomer like nobody, nor for one like a member, in that room or another; the
    same after a restart, and replay agrees.
    """
    folder = prepare(tmp_path, dict([LIKE]))
    with Engine(folder, now=lambda: NOW) as engine:
        talk(engine, 0)
        relay = {"id": "relay", "created": "2020-01-01T00:00:00Z"}
        engine.submit(
            [
                line(event(f"r{n}", 10 + n / 100, author={**relay, "name": _relayed(n)}))
                for n in range(600)
            ]
        )
        for number, room in ((1, "hall"), (2, "yard")):
            assert _judged(engine, number, "Рixel Panda", room) == (("like-a-member",), ())
            assert _judged(engine, number + 10, "Blue Heron", room) == ((), ())
        agrees_with_replay(engine)
    with Engine(folder, now=lambda: NOW) as engine:
        assert _judged(engine, 3, "Blue Heron", "yard") == ((), ())
        agrees_with_replay(engine)


def test_where_members_were_let_go_nothing_is_called_unlike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In their room and in any other: unknown, unless the name is like one that is kept."""
    monkeypatch.setattr(names, "OWNERS_MAX", 2)
    folder = prepare(tmp_path, dict([LIKE]))
    with Engine(folder, now=lambda: NOW) as engine:
        for at, name in enumerate(("Pixel Panda", "Blue Heron", "Moonlit Otter")):
            author = {**PANDA, "id": name, "name": name}
            engine.submit([line(event(f"{name}{n}", 10 * at + n, author=author)) for n in range(3)])
        for number, room in ((1, "hall"), (2, "yard")):
            assert _judged(engine, number, "Pixel Panda", room) == ((), ("like-a-member",))
            assert _judged(engine, number + 10, "Blue Herron", room) == (("like-a-member",), ())
        agrees_with_replay(engine)
    with Engine(folder, now=lambda: NOW) as engine:
        assert _judged(engine, 3, "Pixel Panda", "yard") == ((), ("like-a-member",))
        agrees_with_replay(engine)


def _relayed(number: int) -> str:
    return f"walker{chr(97 + number % 26)}{chr(97 + number // 26)}"


def _judged(
    engine: Engine, number: int, name: str, room: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a newcomer of this name sets off in a room, and what is unknown of them."""
    author = {"id": f"late{number}", "name": name, "created": "2026-11-20T00:00:00Z"}
    told = event(f"l{number}", 500 + number, author=author, room={"id": room})
    (answer,) = engine.submit([line(told)])
    assert not isinstance(answer, BadEvent)
    return tuple(answer.fired), tuple(answer.unknown)


def test_an_erased_member_is_nobody_any_more(tmp_path: Path) -> None:
    """After the erasure newcomers resemble nobody, and after a restart neither."""
    folder = prepare(tmp_path, dict([LIKE]))
    with Engine(folder, now=lambda: NOW) as engine:
        talk(engine, 0)
        assert fired(engine, 1) == ("like-a-member",)
        engine.erase("chat", "panda")
        assert fired(engine, 2) == ()
        agrees_with_replay(engine)
    with Engine(folder, now=lambda: NOW) as engine:
        assert fired(engine, 3) == ()
        agrees_with_replay(engine)


def test_members_are_known_from_before_the_rule_was_there(tmp_path: Path) -> None:
    """The window is filled from the posts that are kept."""
    folder = prepare(tmp_path, dict([OTHER]))
    with Engine(folder, now=lambda: NOW) as engine:
        talk(engine, 0)
        assert fired(engine, 1) == ()
        (folder / "rules" / LIKE[0]).write_text(LIKE[1], encoding="utf-8")
        assert engine.reload()
        assert fired(engine, 2) == ("like-a-member",)
        agrees_with_replay(engine)
    with Engine(folder, now=lambda: NOW) as engine:
        assert fired(engine, 3) == ("like-a-member",)
        agrees_with_replay(engine)
