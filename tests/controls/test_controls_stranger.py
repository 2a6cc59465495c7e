"""Nobody judges what they said themselves, nor what was decided about it, while there is somebody
else who may.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flow.case_desk import ask, decide
from flow.chat_room import ANA, BO, ChatRoom, chat_room
from flow.platform_side import SECOND, all_holds
from flow.small_community import DAY, rows
from ombud import casework, session, staffing
from ombud.appealbook import AppealBook
from ombud.appeals import AppealMade
from ombud.controls import stranger
from ombud.errors import BadUse


@pytest.fixture
def room(tmp_path: Path) -> Iterator[ChatRoom]:
    """Ana and Bo are reviewers, each bound to an account on the platform."""
    with chat_room(tmp_path) as made:
        yield made


@pytest.mark.parametrize("outcome", ["release", "uphold"])
def test_at_the_console_too_nobody_judges_their_own_post(room: ChatRoom, outcome: str) -> None:
    """Neither way; somebody else does, and nothing of the refusal stays behind."""
    case, _ = room.post("cheap bags", id=ANA)
    with pytest.raises(BadUse) as caught:
        decide(room.platform, case, outcome, by="Ana")
    assert caught.value.code == "U449"
    assert room.reviews(case) == []
    decide(room.platform, case, "release", by="Bo")
    assert room.reviews(case) == ["released"]
    all_holds(room.platform)


def test_whoever_is_left_alone_judges_it(room: ChatRoom) -> None:
    """Else nobody could ever let go what a rule held of the only person there is."""
    case, _ = room.post("cheap bags", id=ANA)
    staffing.change(room.platform.engine, "suspended", "Bo", "admin")
    decide(room.platform, case, "release", by="Ana")
    assert room.reviews(case) == ["released"]


def test_others_posts_are_judged_as_ever(room: ChatRoom) -> None:
    """Also after a claim, by whoever is bound."""
    case, _ = room.post("cheap bags")
    ask(room.platform, "claim", case, by="Ana")
    decide(room.platform, case, "release", by="Ana")
    assert room.reviews(case) == ["released"]


def test_of_two_the_other_confirms_what_needs_both(room: ChatRoom) -> None:
    """Who wanted it is nobody else: else what cannot be taken back could not be done at all."""
    case, _ = room.post("cheap bags", id=BO)
    assert decide(room.platform, case, "uphold", "remove", by="Ana")["proposed"]
    ask(room.platform, "confirm", case, by="Bo")
    assert room.reviews(case) == ["upheld"]


def refused(code: str, do: Callable[[], object]) -> None:
    """Something is refused, and nothing of it stays behind."""
    with pytest.raises(BadUse) as caught:
        do()
    assert caught.value.code == code


def undo(room: ChatRoom, by: str, **chosen: object) -> list[str]:
    """Somebody takes decisions back."""
    return list(session.perform(room.platform.engine, "undo", {"by": by, **chosen}))


def held(room: ChatRoom, account: str) -> str:
    """A rule holds what an account says; the decision."""
    room.post("cheap bags", id=account)
    query = "SELECT id FROM decision ORDER BY leaf DESC LIMIT 1"
    return str(rows(room.platform.folder, query)[0][0])


def appealed(room: ChatRoom, decision: str) -> str:
    """Its person appeals; the appeal."""
    query = "SELECT statement FROM notice WHERE decision = ?"
    page = room.platform.token(rows(room.platform.folder, query, decision)[0][0])
    assert room.platform.engine.change(AppealMade(page, decision, "No."))
    query = "SELECT id FROM appeal ORDER BY rowid DESC LIMIT 1"
    return str(rows(room.platform.folder, query)[0][0])


def settle(room: ChatRoom, outcome: str, appeal: str, by: str) -> None:
    """Somebody decides an appeal."""
    asked = {"appeals": [appeal], "outcome": outcome, "by": by}
    casework.perform(room.platform.engine, "decide appeals", asked)


def unbound(room: ChatRoom, name: str) -> None:
    """Somebody lets go of their account."""
    staffing.change(room.platform.engine, "unbound", name, name)


def test_nobody_undoes_what_was_decided_about_their_account(room: ChatRoom) -> None:
    """By its id, or among others of a rule; what is about others alone, they may."""
    mine, theirs = held(room, ANA), held(room, "p1")
    refused("U453", lambda: undo(room, "Ana", ids=[mine]))
    refused("U453", lambda: undo(room, "Ana", rule="bags"))
    assert undo(room, "Ana", ids=[theirs]) == [theirs]
    assert undo(room, "Bo", ids=[mine]) == [mine]
    all_holds(room.platform)


@pytest.mark.parametrize("side", ["actions", "queues"])
def test_who_may_do_less_is_nobody_else(room: ChatRoom, side: str) -> None:
    """Whoever is there only for another action, or another queue, leaves it to its person."""
    mine = held(room, ANA)
    only = {side: ["remove"]}
    staffing.change(room.platform.engine, "roles", "Bo", "admin", roles=["reviewer"], **only)
    assert undo(room, "Ana", ids=[mine]) == [mine]


@pytest.mark.parametrize("outcome", ["reverse", "uphold", "omit"])
def test_nobody_decides_an_appeal_about_their_account(room: ChatRoom, outcome: str) -> None:
    """Neither way; the page says so before they try; somebody else does."""
    for name in ("Ana", "Bo"):
        both = ["admin", "reviewer", "appeals reviewer"]
        staffing.change(room.platform.engine, "roles", name, "Ana", roles=both)
    mine = held(room, ANA)
    appeal = appealed(room, mine)
    engine = room.platform.engine
    book = AppealBook(engine.store, engine.keys, engine.writer.pipeline.community.active)
    kinds = [
        book.shown(appeal, room.token(name), engine.now(), "en")["may"].kind
        for name in ("Ana", "Bo")
    ]
    assert kinds == ["own", "free"]
    refused("U453", lambda: settle(room, outcome, appeal, "Ana"))
    settle(room, outcome, appeal, "Bo")
    all_holds(room.platform)


def test_alone_they_do_it_all_the_same(room: ChatRoom) -> None:
    """Undo and appeal: who is left alone has nobody to leave it to."""
    roles = ["admin", "reviewer", "appeals reviewer"]
    staffing.change(room.platform.engine, "roles", "Ana", "Ana", roles=roles)
    staffing.change(room.platform.engine, "suspended", "Bo", "admin")
    first, second = held(room, ANA), held(room, ANA)
    assert undo(room, "Ana", ids=[first]) == [first]
    settle(room, "reverse", appealed(room, second), "Ana")


def test_unbinding_first_goes_round_nothing(room: ChatRoom) -> None:
    """Nor does binding another account, or leaving the staff and coming back: for six months, in
    which an appeal may come. Then it is nobody's any more.
    """
    case, _ = room.post("cheap bags", id=ANA)
    decision = rows(room.platform.folder, "SELECT id FROM decision")[0][0]
    unbound(room, "Ana")
    room.bind("Ana", "@other:hs")
    engine = room.platform.engine
    staffing.change(engine, "roles", "Bo", "Ana", roles=["admin", "reviewer"])
    staffing.change(engine, "removed", "Ana", "Bo")
    staffing.change(engine, "added", "Ana", "Bo", roles=["admin", "reviewer"])
    refused("U449", lambda: decide(room.platform, case, "release", by="Ana"))
    refused("U453", lambda: undo(room, "Ana", ids=[decision]))
    room.platform.clock[0] += stranger.COUNTS - 1 * DAY
    refused("U453", lambda: undo(room, "Ana", ids=[decision]))
    room.platform.clock[0] += 2 * DAY
    assert undo(room, "Ana", ids=[decision]) == [decision]
    all_holds(room.platform)


@pytest.mark.parametrize("what", ["suspended", "roles", "removed"])
def test_putting_the_other_out_goes_round_nothing(room: ChatRoom, what: str) -> None:
    """Whom they suspended, narrowed or removed still counts for six months; then they are alone."""
    mine = held(room, ANA)
    case, _ = room.post("cheap bags", id=ANA)
    given = {"roles": ["author"]} if what == "roles" else {}
    staffing.change(room.platform.engine, what, "Bo", "Ana", **given)
    refused("U453", lambda: undo(room, "Ana", ids=[mine]))
    refused("U449", lambda: decide(room.platform, case, "release", by="Ana"))
    room.platform.clock[0] += stranger.COUNTS - 1 * DAY
    refused("U453", lambda: undo(room, "Ana", ids=[mine]))
    room.platform.clock[0] += 2 * DAY
    assert undo(room, "Ana", ids=[mine]) == [mine]


def test_a_second_name_goes_round_nothing(room: ChatRoom) -> None:
    """Nor one that the second name adds; whoever was there before does it."""
    mine = held(room, ANA)
    engine = room.platform.engine
    staffing.change(engine, "added", "Hana", "Ana", roles=["admin", "reviewer"])
    staffing.change(engine, "added", "Lana", "Hana", roles=["reviewer"])
    refused("U453", lambda: undo(room, "Ana", ids=[mine]))
    refused("U453", lambda: undo(room, "Hana", ids=[mine]))
    refused("U453", lambda: undo(room, "Lana", ids=[mine]))
    staffing.change(engine, "suspended", "Bo", "Hana")
    refused("U453", lambda: undo(room, "Hana", ids=[mine]))
    staffing.change(engine, "restored", "Bo", "Hana")
    assert undo(room, "Bo", ids=[mine]) == [mine]


def test_what_another_judged_of_it_is_not_undone_within_its_seconds(room: ChatRoom) -> None:
    """By undoing the judgement they would judge it; who judged it may."""
    case, _ = room.post("cheap bags", id=ANA)
    room.platform.clock[0] += 1 * SECOND
    decide(room.platform, case, "release", by="Bo")
    refused("U449", lambda: ask(room.platform, "undo", case, by="Ana"))
    ask(room.platform, "undo", case, by="Bo")
    assert room.reviews(case) == []


def test_among_several_of_whom_each_is_concerned_anybody_judges(room: ChatRoom) -> None:
    """Two people whose accounts are both in one case are nobody else to each other."""
    for name, account in (("Ana", ANA), ("Bo", BO)):
        assert stranger.owners(
            room.platform.engine.store,
            {room.platform.engine.keys.known_account("chat", account)},
            room.now * 1000,
        ) == {room.token(name)}
    engine = room.platform.engine
    both = {engine.keys.known_account("chat", each) for each in (ANA, BO)}
    hands = engine.writer.pipeline
    assert not stranger.kept_from(hands, room.token("Ana"), both, engine.now(), "undo")
    alone = {engine.keys.known_account("chat", ANA)}
    assert stranger.kept_from(hands, room.token("Ana"), alone, engine.now(), "undo")


def test_an_erased_account_is_erased(room: ChatRoom) -> None:
    """Bound or let go of lately: nothing of its name stays, and what is said under it anew is
    another account's.
    """
    for name, account in (("Ana", ANA), ("Bo", BO)):
        if name == "Bo":
            unbound(room, name)
        room.post("cheap bags", id=account)
        room.platform.engine.erase("chat", account, "admin")
        assert room.platform.engine.keys.known_account("chat", account) is None
    again = held(room, BO)
    assert undo(room, "Bo", ids=[again]) == [again]
    all_holds(room.platform)
