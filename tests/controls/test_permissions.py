"""Whatever is done in somebody's name is refused unless they are on the staff and may."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from flow.small_community import agrees_with_replay, event, hold_together, line, prepare, rows
from ombud import config, listwork, runs, session, staffing
from ombud.app import Engine
from ombud.errors import BadUse
from ombud.staff import people
from ombud.staff.roles import PERMISSIONS, ROLES, who_may

WEBHOOK = {"url": "https://chat.example/hook", "allow": ["127.0.0.1"]}
KEY = {"sources": ["chat/*"], "kinds": [], "doors": []}
LISTED = {"change": "add", "name": "sites", "term": "bad.example", "new": True}
RUN = {"kind": "rules", "record": "{}"}
# Each request with the permission it needs; in an order in which all of them can be done.
ASKED: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
    ("duty", "duty", {"begins": True}),
    ("emergency", "emergency", {"begins": True}),
    ("list", "lists", LISTED),
    ("undo", "undo", {"rule": "bags"}),
    ("connect", "keys", {"name": "chat", **WEBHOOK}),
    ("secret", "keys", {"name": "chat"}),
    ("key", "keys", {"name": "bot", **KEY}),
    ("revoke", "keys", {"name": "bot"}),
    ("retry", "cases", {"id": "act_none"}),
    ("run", "rules", RUN),
    ("reload", "rules", {}),
    ("erase", "erasure", {"platform": "chat", "account": "ana"}),
)


def perform(engine: Engine, do: str, asked: Mapping[str, Any]) -> Any:
    """Have a request done, as its handler does."""
    if do == "list":
        return listwork.change_list(engine, asked, b"")
    return session.perform(engine, do, asked)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A community with one person for each role, who is called like it, and Ana, who was first."""
    with Engine(prepare(tmp_path / "data")) as opened:
        added(opened, "Ana", "admin", "author", "reviewer", "appeals reviewer", first=True)
        for role in ROLES:
            added(opened, f"one {role}", role)
        opened.submit([line(event(1, text="cheap bags"))])
        yield opened


def added(engine: Engine, name: str, *roles: str, **more: Any) -> None:
    """Somebody joins the staff."""
    by = name if more.get("first") else "Ana"
    staffing.change(engine, "added", name, by, roles=list(roles), **more)


@pytest.mark.parametrize(("do", "permission", "asked"), ASKED, ids=[each[0] for each in ASKED])
def test_who_may_not_is_refused_and_nothing_is_done(
    engine: Engine, do: str, permission: str, asked: Mapping[str, Any]
) -> None:
    """By somebody who is nobody here: U200; by each role that may not, and by who is suspended:
    U201. Journal, keys and settings are as before.
    """
    staffing.change(engine, "suspended", "one admin", "Ana")
    before = rows(engine.folder, "SELECT max(seq) FROM journal")
    keys = rows(engine.folder, "SELECT * FROM platform_key")
    settings = (engine.folder / config.SETTINGS_FILE).read_bytes()
    for role in ROLES:
        if role not in who_may(permission) or role == "admin":
            with pytest.raises(BadUse, match="U201"):
                perform(engine, do, {**asked, "by": f"one {role}"})
    with pytest.raises(BadUse, match="U200"):
        perform(engine, do, {**asked, "by": "nobody here"})
    assert rows(engine.folder, "SELECT max(seq) FROM journal") == before
    assert rows(engine.folder, "SELECT * FROM platform_key") == keys
    assert rows(engine.folder, "SELECT * FROM run") == []
    assert (engine.folder / config.SETTINGS_FILE).read_bytes() == settings


def test_who_may_does_it_in_their_own_name(engine: Engine) -> None:
    """By each role that may; the journal holds the token of who it was, and never a name."""
    for do, permission, asked in ASKED:
        role = who_may(permission)[0]
        before = rows(engine.folder, "SELECT max(seq) FROM journal")[0][0]
        perform(engine, do, {**asked, "by": f"one {role}"})
        token = engine.keys.known_account(people.STAFF, f"one {role}")
        found = rows(
            engine.folder, "SELECT type, payload FROM journal WHERE seq > ? AND type > ''", before
        )
        told = [json.loads(str(payload))["by"] for type_, payload in found if type_[0] == "!"]
        assert set(told) <= {token}
        if do not in ("retry", "run", "reload"):
            assert told, do
    token = engine.keys.known_account(people.STAFF, "one author")
    assert rows(engine.folder, "SELECT person FROM run") == [(token,)]
    agrees_with_replay(engine)
    hold_together(engine.folder)


def test_every_permission_of_a_request_is_one_of_the_table() -> None:
    """Else nobody might do it, or everybody."""
    assert {each[1] for each in ASKED} <= set(PERMISSIONS)


def test_whoever_gives_no_name_is_who_has_the_folder(engine: Engine) -> None:
    """At the command line, as before there were accounts; the journal says `admin`."""
    perform(engine, "duty", {"begins": True})
    ((payload,),) = rows(engine.folder, "SELECT payload FROM journal WHERE type = '!duty'")
    assert json.loads(payload)["by"] == engine.keys.known_account(people.STAFF, "admin")


def test_undo_is_held_to_the_actions_somebody_is_narrowed_to(engine: Engine) -> None:
    """One decision that is not theirs to undo, and none of those that were asked for is undone."""
    staffing.change(engine, "roles", "one reviewer", "Ana", roles=["reviewer"], actions=["label"])
    with pytest.raises(BadUse, match="U250"):
        perform(engine, "undo", {"rule": "bags", "by": "one reviewer"})
    ((action, undone),) = rows(engine.folder, "SELECT action, undone_by FROM decision")
    assert undone is None
    staffing.change(engine, "roles", "one reviewer", "Ana", roles=["reviewer"], actions=[action])
    assert len(perform(engine, "undo", {"rule": "bags", "by": "one reviewer"})) == 1


def test_connecting_puts_nothing_else_in_force(engine: Engine) -> None:
    """Who may connect platforms and not write rules is refused while rules stand edited, and then
    there is no key and no section.
    """
    place = engine.folder / "rules" / "bags.rule"
    place.write_text(place.read_text().replace("bags", "hats"))
    with pytest.raises(BadUse, match="U201"):
        perform(engine, "connect", {"name": "chat", **WEBHOOK, "by": "one admin"})
    assert [each[4] for each in rows(engine.folder, "SELECT * FROM platform_key")] != [None]
    assert "chat.example" not in (engine.folder / config.SETTINGS_FILE).read_text()
    assert engine.reload("one author")
    perform(engine, "connect", {"name": "chat", **WEBHOOK, "by": "one admin"})
    assert "chat" in engine.settings.connectors


def test_a_run_over_the_past_is_refused_before_it_begins(engine: Engine) -> None:
    """Minutes of work would else end in a refusal."""
    begun: list[int] = []
    rules = runs.Asked(engine.folder / "rules", by="one reviewer")
    with pytest.raises(BadUse, match="U201"):
        runs.tried(engine.folder, rules, begun.append)
    with pytest.raises(BadUse, match="U201"):
        runs.watched(engine.folder, None, begin=begun.append, by="one reviewer")
    assert begun == []
