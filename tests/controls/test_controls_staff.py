"""The staff control: what is refused, what is journalled, what is told, what comes back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.small_community import NOW, agrees_with_replay, hold_together, prepare, rows
from ombud.activation.active import EMPTY
from ombud.app import Engine
from ombud.controls import staff
from ombud.errors import BadUse
from ombud.replay.check import Replay
from ombud.staff import people
from ombud.staff.roles import Member, changed, rulers
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store
from ombud.verdicts.community import Community

QUEUES = '[queues]\nspam = "Advertising"\npestering = "One person"\nflags = "Many flags"\n'
ADMINS, AUTHORS = ["admin"], ["author"]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A community without accounts."""
    with Engine(prepare(tmp_path), now=lambda: NOW) as opened:
        yield opened


def do(engine: Engine, what: str, who: str | int, by: str | int = "admin", **given: Any) -> None:
    """One change."""
    engine.control(staff.asked(what, who, by, **given))


def refused(code: str, engine: Engine, *given: Any, **more: Any) -> BadUse:
    """The refusal that a change meets; nothing is journalled."""
    before, people_before = rows(engine.folder, "SELECT max(seq) FROM journal"), engine.staff
    with pytest.raises(BadUse) as caught:
        do(engine, *given, **more)
    assert caught.value.code == code
    assert caught.value.hint
    assert rows(engine.folder, "SELECT max(seq) FROM journal") == before
    assert engine.staff == people_before
    return caught.value


def token(engine: Engine, name: str) -> int:
    """Who is called so."""
    found = engine.credentials.token_of(people.called(name))
    assert found is not None
    return found


def payloads(folder: Path) -> list[dict[str, Any]]:
    """The changes that were journalled."""
    query = "SELECT payload FROM journal WHERE type = '!staff' ORDER BY seq"
    return [json.loads(row[0]) for row in rows(folder, query)]


def lines(folder: Path) -> list[dict[str, Any]]:
    """The lines of the public log about the staff."""
    found = [json.loads(row[0]) for row in rows(folder, "SELECT entry FROM leaf ORDER BY position")]
    return [each for each in found if each["type"] == "staff"]


def team(engine: Engine) -> None:
    """Ana, an admin, and Bình, an author whom she added."""
    do(engine, "added", "Ana", roles=ADMINS)
    do(engine, "added", "Bình", "ana", roles=AUTHORS)


def test_a_change_is_journalled_by_tokens_and_told_by_roles(engine: Engine) -> None:
    """Who did what to whom stands in the journal; the public log says what and which roles."""
    team(engine)
    do(engine, "roles", "Bình", token(engine, "Ana"), roles=["reviewer"], queues=["spam"])
    ana, binh = token(engine, "Ana"), token(engine, "Bình")
    told = [
        (each["what"], each["who"], each["by"], each["roles"]) for each in payloads(engine.folder)
    ]
    assert told == [
        ("added", ana, token(engine, "admin"), ADMINS),
        ("added", binh, ana, AUTHORS),
        ("roles", binh, ana, ["reviewer"]),
    ]
    assert payloads(engine.folder)[-1]["queues"] == ["spam"]
    assert [each["outcome"] for each in lines(engine.folder)] == [
        "added: admin",
        "added: author",
        "roles: reviewer",
    ]
    keys = {"commitment", "day", "id", "outcome", "type"}
    assert all(set(each) == keys for each in lines(engine.folder))


def test_no_name_is_in_store_or_log(engine: Engine) -> None:
    """Neither as it was written nor as it is kept, in none of the files but the key file."""
    do(engine, "added", "Annemarie", roles=ADMINS)
    do(engine, "added", "Quangminh", "annemarie", roles=AUTHORS)
    do(engine, "removed", "QUANGMINH")
    engine.close()
    found = set()
    for path in engine.folder.rglob("*"):
        if path.is_file() and b"nnemarie" in path.read_bytes():
            found.add(path.name.partition("-")[0])
        if path.is_file() and b"uangminh" in path.read_bytes():
            found.add(path.name.partition("-")[0])
    assert found == {"ombud.keys"}


def test_the_longest_line_fits_the_log(engine: Engine) -> None:
    """All roles at once."""
    every = ["admin", "author", "reviewer", "appeals reviewer", "auditor"]
    team(engine)
    do(engine, "roles", "Bình", roles=every)
    do(engine, "suspended", "Bình")
    assert lines(engine.folder)[-1]["outcome"] == f"suspended: {', '.join(every)}"


def test_the_first_account_is_made_once(engine: Engine) -> None:
    """By itself, where nobody is there yet; the second one is refused."""
    do(engine, "added", "Ana", "Ana", first=True, roles=ADMINS)
    assert payloads(engine.folder)[0]["by"] == token(engine, "Ana")
    refused("U207", engine, "added", "Bình", "Bình", first=True, roles=ADMINS)


def test_the_first_one_of_all_can_add_others(engine: Engine) -> None:
    """A staff in which nobody may change it cannot begin."""
    refused("U203", engine, "added", "Ana", roles=AUTHORS)
    do(engine, "added", "Ana", roles=["admin", "auditor"])


def test_nobody_is_added_who_could_be_taken_for_somebody(engine: Engine) -> None:
    """No name twice, in no look of it, and none that looks like whoever gives none."""
    team(engine)
    for name in ("Ana", " ANA ", "Аna", "A n a", "A.na", "binh"):  # one Cyrillic letter
        refused("U202", engine, "added", name, roles=AUTHORS)
    for name in ("admin", "Αdmin", "", "nul\0", "x" * 10_000, "\u202eana"):
        refused("U085", engine, "added", name, roles=AUTHORS)
    do(engine, "removed", "Bình")
    do(engine, "added", "Binh", roles=AUTHORS)


@pytest.mark.parametrize("what", ["roles", "suspended", "removed"])
def test_somebody_is_left_who_may_change_the_staff(engine: Engine, what: str) -> None:
    """The last admin cannot go, be suspended or stop being one, whoever asks; once there are two,
    one can.
    """
    team(engine)
    refused("U203", engine, what, "Ana", roles=AUTHORS)
    refused("U203", engine, what, "Ana", "ana", roles=AUTHORS)
    do(engine, "roles", "Bình", roles=ADMINS)
    do(engine, "suspended", "Bình")
    refused("U203", engine, what, "Ana", roles=AUTHORS)
    do(engine, "restored", "Bình")
    do(engine, what, "Ana", roles=AUTHORS)
    assert rulers(engine.staff) == [token(engine, "Bình")]


def test_only_who_may_changes_the_staff(engine: Engine) -> None:
    """Not an author, not a suspended admin, nobody who is no member: by name or by token."""
    team(engine)
    do(engine, "added", "Chi", roles=ADMINS)
    do(engine, "suspended", "Chi")
    for by in ("Bình", "Chi", token(engine, "Bình"), token(engine, "Chi")):
        assert "admin" in refused("U201", engine, "suspended", "Ana", by).hint
    do(engine, "removed", "Chi")
    for by in ("Chi", "Stranger", token(engine, "Chi"), 0, -1, token(engine, "admin")):
        refused("U200", engine, "suspended", "Bình", by)


def test_what_is_so_already_is_refused(engine: Engine) -> None:
    """Suspended twice, let in who is in, the same roles again, nobody at all, no such role."""
    team(engine)
    refused("U206", engine, "restored", "Bình")
    refused("U206", engine, "roles", "Bình", roles=AUTHORS)
    do(engine, "suspended", "Bình")
    refused("U206", engine, "suspended", "Bình")
    refused("U206", engine, "roles", "Bình", roles=AUTHORS)
    refused("U200", engine, "removed", "Dung")
    refused("U200", engine, "removed", 5)
    refused("U204", engine, "added", "Dung", roles=["owner"])
    refused("U205", engine, "added", "Dung", roles=[])


def test_queues_are_those_of_the_settings(tmp_path: Path) -> None:
    """Where ombud.toml names queues, nobody is narrowed to another one."""
    folder = prepare(tmp_path, settings=QUEUES)
    with Engine(folder, now=lambda: NOW) as engine:
        do(engine, "added", "Ana", roles=ADMINS)
        do(engine, "added", "Bình", roles=["reviewer"], queues=["spam"])
        refused("U205", engine, "added", "Chi", roles=["reviewer"], queues=["raid"])


def test_a_change_holds_after_a_restart_and_in_replay(tmp_path: Path) -> None:
    """Recovery and `replay --check` arrive at the same people."""
    folder = prepare(tmp_path)
    with Engine(folder, now=lambda: NOW) as engine:
        team(engine)
        do(engine, "roles", "Bình", roles=["reviewer"], queues=["spam"], actions=["hold"])
        do(engine, "suspended", "Bình")
        then = dict(engine.staff)
        assert then[token(engine, "Bình")] == Member(("reviewer",), ("spam",), ("hold",), True)
    with Engine(folder, now=lambda: NOW + 1) as engine:
        assert engine.staff == then
        agrees_with_replay(engine)
    hold_together(folder)
    replay = Replay(
        Store(folder / "ombud.db", readonly=True), KeyFile(folder / "ombud.keys", readonly=True)
    )
    replay.check()
    assert replay.community.staff == then


def test_a_failed_commit_leaves_the_people_as_they_were(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What could not be kept has not happened, in memory neither."""
    team(engine)
    before = dict(engine.staff)
    monkeypatch.setattr(Store, "run", _full(Store.run))
    with pytest.raises(Exception, match=r".+"):
        do(engine, "suspended", "Bình")
    monkeypatch.undo()
    assert engine.staff == before
    do(engine, "suspended", "Bình")


def _full(run: Any) -> Any:
    """A store that keeps no moved head."""

    def failing(self: Store, name: str, parameters: Any = ()) -> int:
        if name == "move_head":
            raise OSError("no room")
        return int(run(self, name, parameters))

    return failing


def test_who_acts_on_rules_must_be_a_member_where_there_are_accounts(engine: Engine) -> None:
    """Without accounts any name may; with them a member whose roles say so, or nobody by name."""
    engine.approve("bags", "Stranger")
    team(engine)
    refusals = {}
    for name in ("Somebody", "Ana"):
        with pytest.raises(BadUse) as caught:
            engine.approve("bags", name)
        refusals[name] = caught.value.code
        with pytest.raises(BadUse) as caught:
            engine.renew("bags", name)
        assert caught.value.code == refusals[name]
    assert refusals == {"Somebody": "U200", "Ana": "U201"}
    engine.approve("bags", "Bình")
    _rewrite(engine)
    for name, code in (("Somebody", "U200"), ("Ana", "U201")):
        with pytest.raises(BadUse) as caught:
            engine.reload(name)
        assert caught.value.code == code
    assert engine.reload("BÌNH")
    _rewrite(engine)
    assert engine.reload()


def _rewrite(engine: Engine) -> None:
    """Write a rule anew, so that there is something to activate."""
    path = engine.folder / "rules" / "bags.rule"
    path.write_text(path.read_text(encoding="utf-8").replace("cheap bags", "so cheap bags"))


def test_no_other_change_can_be_asked_for() -> None:
    """The list of changes is closed."""
    with pytest.raises(ValueError, match="no change"):
        staff.asked("promoted", "Ana", "admin")


HEARD = {"platform": "chat", "account": "@somebody:chat"}
NO_GROUP: Any = SimpleNamespace(later=[])  # what is to be written later is not
NAMES = ("Ana", "Bình", "Chi")
STEPS = st.tuples(
    st.sampled_from(staff.CHANGES),
    st.sampled_from(NAMES),
    st.sampled_from(("admin", *NAMES)),
    st.sampled_from((["admin"], ["author"], ["admin", "auditor"], [])),
)


@dataclass
class Hands:
    """What a control is carried out with, as far as this one uses it."""

    keys: KeyFile
    community: Community
    store: Any = None


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeyFile]:
    """One key file for all that is drawn."""
    opened = KeyFile(tmp_path_factory.mktemp("keys") / "ombud.keys")
    yield opened
    opened.close()


@given(st.lists(STEPS, max_size=20))
def test_once_there_is_a_staff_somebody_can_change_it(keys: KeyFile, steps: list[Any]) -> None:
    """Whatever is asked, in whatever order: an admin is left, refused changes change nothing, and
    what was journalled tells the same.
    """
    hands: Any = Hands(keys, Community(keys.community, EMPTY))
    replayed: dict[int, Member] = {}
    for what, who, by, roles in steps:
        before = hands.community.staff
        keys.begin()
        try:
            effect = staff.change(hands, NO_GROUP, staff.asked(what, who, by, roles=roles, **HEARD))
            replayed = changed(replayed, effect.payload)
        except BadUse:
            assert hands.community.staff is before
        finally:
            keys.flush()
        assert not hands.community.staff or rulers(hands.community.staff)
        assert replayed == hands.community.staff
