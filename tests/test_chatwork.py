"""What moderators say in their room: heard of whom, refused why, done once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flow.chat_room import ANA, BO, CHAT, GUEST, ChatRoom, chat_room
from flow.platform_side import all_holds
from flow.small_community import event, rows
from ombud import chat, chatwork, session, staffing
from ombud.clock import HOUR, MINUTE
from ombud.connectors.matrix_chat import Word
from ombud.staff.present import Chat


@pytest.fixture
def room(tmp_path: Path) -> Iterator[ChatRoom]:
    """A moderators' room."""
    with chat_room(tmp_path) as made:
        yield made


def emergency(room: ChatRoom) -> bool:
    """Whether it is one now."""
    pipeline = room.platform.engine.writer.pipeline
    now = max(room.platform.clock[0], pipeline.recv)
    return bool(pipeline.community.state("", "emergency", now))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ("help", "")),
        ("Emergency 3", ("emergency", "3")),
        ("khẩn cấp 3", ("emergency", "3")),
        ("KHẨN  CẤP", ("emergency", "")),
        ("khan cap", ("emergency", "")),
        ("kết thúc", ("end", "")),
        ("end", ("end", "")),
        ("mã ABC", ("code", "abc")),
        ("endless", ("help", "")),
        ("\0 <script>", ("help", "")),
    ],
)
def test_commands_are_known_in_both_languages(text: str, found: tuple[str, str]) -> None:
    """With and without marks; what is unknown asks for help."""
    assert chatwork.command(text) == found


def test_a_decision_is_made_once_and_says_how(room: ChatRoom) -> None:
    """Released after it was opened; the same event again does nothing."""
    case, line = room.post("cheap bags")
    room.react(ANA, line, "↩️")
    assert "open the case first" in room.answer()
    room.opened("Ana", case)
    one = room.react(ANA, line, "↩️")
    assert "released" in room.answer()
    room.react(ANA, line, "↩️", event=one)
    assert room.answer() == ""
    room.react(BO, line, "↩️")
    assert "settled already" in room.answer()
    assert room.reviews(case) == ["released"]
    all_holds(room.platform)


def test_what_joined_since_has_to_be_opened_again(room: ChatRoom) -> None:
    """Somebody saw the case with one record; another one has joined: it is several now, or
    unseen.
    """
    case, line = room.post("look", id="same")
    room.opened("Ana", case)
    present = room.platform.engine.credentials.present
    present.saw(room.token("Ana"), case, 1, room.platform.engine.now())
    room.react(ANA, line, "↩️")
    assert "open the case first" in room.answer()
    assert room.reviews(case) == []


@pytest.mark.parametrize("who", [GUEST, "@ana:far.example", "@ANA:hs", "ana", "@ombud:hs", ""])
def test_who_is_bound_to_nobody_is_not_heard(room: ChatRoom, who: str) -> None:
    """Nothing is done, answered or kept."""
    case, line = room.post("cheap bags")
    room.opened("Ana", case)
    before = rows(room.platform.folder, "SELECT count(*) FROM chat_heard")
    for sign in ("👀", "↩️", "✅"):
        room.react(who, line, sign)
    for text in ("", "emergency", "end", "code AAAAA-AAAAA"):
        room.write(who, text)
    assert room.answer() == ""
    assert rows(room.platform.folder, "SELECT count(*) FROM chat_heard") == before
    assert room.reviews(case) == []


def test_who_is_suspended_unbound_or_gone_is_not_heard(room: ChatRoom) -> None:
    """From that commit on; and let in again, they are heard again."""
    engine = room.platform.engine
    for change in ("suspended", "unbound", "removed"):
        staffing.change(engine, change, "Bo", "Ana")
        room.write(BO, "")
        assert room.answer() == ""
        if change == "suspended":
            staffing.change(engine, "restored", "Bo", "Ana")
            room.write(BO, "")
            assert "one can write" in room.answer()


def test_whoever_may_not_is_told_so(room: ChatRoom) -> None:
    """An auditor may neither decide nor declare an emergency."""
    engine = room.platform.engine
    staffing.change(engine, "roles", "Bo", "Ana", roles=["auditor"])
    case, line = room.post("cheap bags")
    room.opened("Bo", case)
    for sign in ("👀", "↩️"):
        room.react(BO, line, sign)
        assert "your roles do not allow it" in room.answer()
    room.write(BO, "emergency")
    assert "your roles do not allow it" in room.answer()
    assert not emergency(room)
    assert room.reviews(case) == []


def test_what_comes_late_is_not_done(room: ChatRoom) -> None:
    """Sixteen minutes old, or from the future."""
    case, line = room.post("cheap bags")
    room.opened("Ana", case)
    for off in (-16, 16):
        at = room.now + off * MINUTE // 1000
        room.react(ANA, line, "↩️", at=at)
        assert "minutes after it was sent" in room.answer()
        room.write(ANA, "emergency", at=at)
        assert "minutes after it was sent" in room.answer()
    assert room.reviews(case) == []


def test_nobody_decides_about_their_own_account(room: ChatRoom) -> None:
    """A case about a post from the account by which somebody is heard; nor do they take it, which
    keeps it from others.
    """
    case, line = room.post("cheap bags", id=ANA)
    room.opened("Ana", case)
    for sign in ("👀", "↩️"):
        room.react(ANA, line, sign)
        assert "your own account" in room.answer()
    assert room.reviews(case) == []
    assert rows(room.platform.folder, "SELECT holder FROM review_case") == [(None,)]


def test_what_somebody_else_has_is_theirs(room: ChatRoom) -> None:
    """A claim by an eye keeps others from it, as one at the console does."""
    case, line = room.post("cheap bags")
    room.react(ANA, line, "👀")
    assert f"Case {case} is yours" in room.answer()
    room.opened("Bo", case)
    room.react(BO, line, "↩️")
    assert "somebody else is looking" in room.answer()
    room.react(BO, line, "👀")
    assert "somebody else is looking" in room.answer()


def test_a_reaction_that_is_taken_back_undoes_nothing_and_says_so(room: ChatRoom) -> None:
    """Once; of what decided nothing, nothing is said; nor where it was undone at the console."""
    case, line = room.post("cheap bags")
    room.opened("Ana", case)
    eye = room.react(ANA, line, "👀")
    done = room.react(ANA, line, "↩️")
    room.answer()
    room.hear(Word("gone", "$g1", ANA, room.now, eye))
    assert room.answer() == ""
    for who in (GUEST, "@ana:far.example"):  # nobody answers them, whatever power they have
        room.hear(Word("gone", f"$g{who}", who, room.now, done))
    assert room.answer() == ""
    room.hear(Word("gone", "$g2", ANA, room.now, done))
    room.hear(Word("gone", "$g2", ANA, room.now, done))
    assert room.answer().count("what it decided stands") == 1
    session.perform(room.platform.engine, "undo case", {"case": case, "by": "Ana"})
    room.hear(Word("gone", "$g3", ANA, room.now, done))
    assert room.answer() == ""


def test_an_emergency_is_asked_confirmed_and_ended(room: ChatRoom) -> None:
    """It begins by a reaction of whoever asked, once, and ends by a command or by itself."""
    room.write(ANA, "emergency 3")
    (asked,) = room.sent()
    assert "For 3 hours" in asked["text"]
    assert not emergency(room)
    room.react(BO, asked["id"], "✅")
    assert "whoever asked for it confirms it" in room.answer()
    room.react(ANA, asked["id"], "👀")
    assert not emergency(room)
    room.react(ANA, asked["id"], "✅")
    assert "It is an emergency, until" in room.answer()
    assert emergency(room)
    room.write(BO, "end")
    assert "is over" in room.answer()
    assert not emergency(room)
    room.react(ANA, asked["id"], "✅")
    assert "once and within minutes" in room.answer()
    assert not emergency(room)
    room.write(ANA, "end")
    assert "it is no emergency" in room.answer()
    all_holds(room.platform)


def test_an_emergency_ends_by_itself(room: ChatRoom) -> None:
    """At the instant it was declared for."""
    room.write(ANA, "emergency 1")
    (asked,) = room.sent()
    room.react(ANA, asked["id"], "✅")
    assert emergency(room)
    room.platform.clock[0] += HOUR + MINUTE
    assert not emergency(room)


@pytest.mark.parametrize("rest", ["0", "25", "-1", "3 !hall:hs", "many", "9" * 50])
def test_an_emergency_is_of_hours_and_of_the_whole_community(room: ChatRoom, rest: str) -> None:
    """Anything else is refused with the reason."""
    room.write(ANA, f"emergency {rest}")
    assert "rooms cannot be named" in room.answer()


def test_a_confirmation_that_comes_too_late_declares_nothing(room: ChatRoom) -> None:
    """Ten minutes after it was asked."""
    room.write(ANA, "emergency")
    (asked,) = room.sent()
    room.platform.clock[0] += 11 * MINUTE
    room.react(ANA, asked["id"], "✅")
    assert "within minutes" in room.answer()
    assert not emergency(room)


def test_a_code_counts_once_from_its_account_alone(room: ChatRoom) -> None:
    """Not from another account, not a second time, not for who is bound already."""
    engine = room.platform.engine
    staffing.change(engine, "added", "Chi", "Ana", roles=["reviewer"])
    present = engine.credentials.present
    code = present.ask(room.token("Chi"), Chat("chat", "@chi:hs"), engine.now())
    for who in (GUEST, "@chi:far.example", BO):
        room.write(who, f"code {code}")
        assert room.answer() == ""
    room.write("@chi:hs", f"mã {code.lower()}")
    assert "heard here as chi" in room.answer()
    staffing.change(engine, "unbound", "Chi", "Ana")
    room.write("@chi:hs", f"code {code}")
    assert room.answer() == ""
    taken = present.ask(room.token("Chi"), Chat("chat", BO), engine.now())
    room.write(BO, f"code {taken}")
    assert room.answer() == ""
    assert engine.staff[room.token("Chi")].chat is None


def test_the_answer_speaks_their_language(room: ChatRoom) -> None:
    """The one of their pages."""
    engine = room.platform.engine
    engine.credentials.set_look(room.token("Ana"), "vi", "")
    room.write(ANA, "khẩn cấp 2")
    (asked,) = room.sent()
    assert "Trong 2 giờ" in asked["text"]


def test_who_writes_without_end_is_answered_no_more(room: ChatRoom) -> None:
    """After so many within an hour; what decides is done all the same, an emergency is asked about
    all the same, and nobody else is silenced.
    """
    for _ in range(chatwork.ANSWERS_MAX + 5):
        room.write(ANA, "help")
    assert len(room.sent()) <= chatwork.ANSWERS_MAX
    room.write(BO, "help")
    assert "one can write" in room.answer()
    room.write(ANA, "emergency 2")
    assert "For 2 hours" in room.answer()
    case, line = room.post("cheap bags")
    room.opened("Ana", case)
    room.react(ANA, line, "↩️")
    assert room.reviews(case) == ["released"]


OTHER = """
[matrix.other]
url = "http://127.0.0.1:9"
server = "far"
rooms = ["!yard:far"]
staff_room = "!mods:far"
allow = ["127.0.0.1"]
"""


def test_of_two_homeservers_each_hears_its_own(tmp_path: Path) -> None:
    """A case is told of in the room of the homeserver where it happened; nobody is heard in the
    other one's name, by an account or a line that is of the first, nor bound there by its code.
    """
    with chat_room(tmp_path, CHAT + OTHER) as room:
        told = event("f1", text="cheap bags 1", author={"id": "@p:far"}) | {
            "source": "other/!yard:far"
        }
        room.platform.stream(told)
        (case,) = room.cases()
        room.look()
        line = room.line(case)
        query = "SELECT connector FROM outbox WHERE id = ?"
        assert rows(room.platform.folder, query, line) == [("other",)]
        assert room.platform.engine.change(chat.Stands("other", line, f"${line}"))
        room.opened("Ana", case)
        for number, (who, at) in enumerate(
            [(ANA, "other"), ("@ana:far", "other"), (ANA, "chat"), (BO, "chat")]
        ):
            word = Word("reaction", f"$x{number}", who, room.now, f"${line}", "↩")
            room.hear(word, at=at)
        room.hear(Word("command", "$x9", ANA, room.now, "$x9", "help"), at="other")
        assert room.answer() == ""
        assert room.reviews(case) == []
        engine = room.platform.engine
        staffing.change(engine, "added", "Chi", "Ana", roles=["reviewer"])
        chi = Chat("other", "@c:far")
        code = engine.credentials.present.ask(room.token("Chi"), chi, engine.now())
        room.hear(Word("command", "$y1", "@c:far", room.now, "$y1", f"code {code}"))
        assert engine.staff[room.token("Chi")].chat is None
        room.hear(Word("command", "$y2", "@c:far", room.now, "$y2", f"code {code}"), at="other")
        assert engine.staff[room.token("Chi")].chat is not None
        room.opened("Chi", case)
        room.hear(Word("reaction", "$y3", "@c:far", room.now, f"${line}", "↩"), at="other")
        assert room.reviews(case) == ["released"]
