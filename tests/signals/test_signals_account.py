"""The signals about people and places, over whole events."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

import ombud.signals.account  # noqa: F401 -- importing declares
from ombud.clock import DAY, from_datetime
from ombud.model import Account, Avatar, Data, Event, Reply, Reported, Room, Server, Value
from ombud.signals.declare import ROLES, SIGNALS
from ombud.signals.observation import Observation, kind_of

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class LengthTokens:
    """Tokens that only count calls: no account signal may ask for one."""

    asked = 0

    def account(self, platform: str, account: str) -> int:
        """Count the call."""
        self.asked += 1
        return len(platform) + len(account)

    def of(self, space: str, value: str) -> int:
        """Count the call."""
        self.asked += 1
        return len(space) + len(value)


def observed(data: Data, type: str = "post.created") -> Observation:  # noqa: A002
    """The observation of one event at noon."""
    event = Event(id="1", source="forum/a", type=type, time=NOON, data=data)
    seen = Observation(event, kind_of(event) or "", LengthTokens())
    seen.at = from_datetime(NOON)
    return seen


def value(name: str, data: Data, type: str = "post.created") -> Value:  # noqa: A002
    """The value of a signal for one event."""
    return SIGNALS[name].compute(observed(data, type))


ANA = Account("Acct_Ana", name="Ana", created=NOON - timedelta(days=3), roles=("helper", "vip"))
BO = Account("acct_bo", name="Bo")


def test_the_age_of_an_account_is_what_the_platform_says() -> None:
    """Age runs from creation to the event, is never negative, and unknown where not given."""
    assert value("author.age", Data(author=ANA)) == 3 * DAY
    late = Account("x", created=NOON + timedelta(hours=1))
    assert value("author.age", Data(author=late)) == 0
    other_zone = Account("x", created=datetime.fromisoformat("2026-11-22T12:00:00+07:00"))
    assert value("author.age", Data(author=other_zone)) == 7 * DAY // 24
    assert value("author.age", Data(author=BO)) is None
    assert value("author.age", Data()) is None


def test_names_roles_and_ids_are_those_of_the_account() -> None:
    """Name and roles are given as they are, ids in one case for lists."""
    assert value("author.name", Data(author=ANA)) == "Ana"
    assert value("author.name", Data(author=Account("x"))) is None
    assert value("author.role", Data(author=ANA)) == ("helper", "vip")
    assert value("author.role", Data(author=BO)) == ()
    assert value("author.role", Data()) is None
    assert value("author", Data(author=ANA)) == "acct_ana"
    assert value("author", Data()) is None


def test_an_avatar_is_its_hash_where_that_says_something() -> None:
    """A hash of little detail is none; the quality may be untold."""
    for quality, known in ((None, True), (50, True), (100, True), (49, False), (0, False)):
        picture = Avatar(pdq="ab" * 32, quality=quality)
        found = value("author.avatar", Data(author=Account("a", avatar=picture)))
        assert found == ("ab" * 32 if known else None)
    assert value("author.avatar", Data(author=Account("a", avatar=Avatar(sha256="1")))) is None
    assert value("author.avatar", Data(author=Account("a"))) is None


def test_the_target_is_who_is_answered_else_first_mentioned() -> None:
    """A reply is aimed at whom it answers; otherwise at the first mention; else at nobody."""
    answered = Data(in_reply_to=Reply("p", author=BO), mentions=(ANA,))
    assert value("target", answered) == "acct_bo"
    assert value("target", Data(in_reply_to=Reply("p"), mentions=(ANA, BO))) == "acct_ana"
    assert value("target", Data(mentions=())) is None
    assert value("target", Data(author=ANA)) is None


def test_a_flag_names_reporter_and_author_of_the_subject() -> None:
    """Of a flag the reporter and the flagged author are known, where the platform gives them."""
    flag = Data(reporter=ANA, reported=Reported("p1", author=BO), reason="spam")
    assert value("reporter", flag, "flag.created") == "acct_ana"
    assert value("subject.author", flag, "flag.created") == "acct_bo"
    assert value("subject.author.age", flag, "flag.created") is None
    assert value("subject.author", Data(reporter=ANA, reported="p1"), "flag.created") is None


def test_server_and_room_stand_for_their_ids() -> None:
    """Servers and rooms are named by id in one case; a server has an age where it is declared."""
    there = Data(
        server=Server("Social.Example", created=NOON - timedelta(days=30)), room=Room("R1")
    )
    assert value("server", there) == "social.example"
    assert value("server.age", there) == 30 * DAY
    assert value("room", there) == "r1"
    assert value("server.age", Data(server=Server("x"))) is None
    assert value("server", Data()) is None
    assert value("server.age", Data()) is None
    assert value("room", Data()) is None


@pytest.mark.parametrize("who", ROLES)
def test_every_role_has_every_signal(who: str) -> None:
    """What can be asked of the author can be asked of everybody an event names."""
    for name in (who, f"{who}.age", f"{who}.name", f"{who}.role"):
        assert name in SIGNALS


def test_no_account_signal_asks_for_a_token() -> None:
    """Values that rules compare are not tokens, and tokens are made only for windows."""
    tokens = LengthTokens()
    event = Event(id="1", source="forum/a", type="post.created", time=NOON, data=Data(author=ANA))
    seen = Observation(event, "post", tokens)
    for name, declared in SIGNALS.items():
        if name.startswith(("author", "server", "room")) and not declared.past:
            declared.compute(seen)
    assert tokens.asked == 0
    assert seen.key("author") == len("forum") + len("Acct_Ana")
    assert seen.key("author") == len("forum") + len("Acct_Ana")
    assert tokens.asked == 1


def test_a_missing_person_has_no_key_and_is_asked_once() -> None:
    """The key of somebody the event does not name is unknown, and stays so."""
    seen = observed(Data(author=ANA))
    assert seen.key("target") is None
    assert seen.key("target") is None
    assert seen.key("room") is None
    assert seen.key("server") is None


@pytest.mark.parametrize(
    ("roles", "trusted"),
    [
        (("trusted",), True),
        (("member", "Trusted-Flagger"), True),
        (("trusted flagger",), True),
        (("not trusted", "trust"), False),
        ((), False),
    ],
)
def test_who_is_trusted_is_said_by_the_platform(roles: tuple[str, ...], trusted: bool) -> None:
    """One of two roles of whoever flags, in any case; unknown where nobody is named."""
    data = Data(reporter=Account("kim", roles=roles), author=Account("x", roles=("trusted",)))
    assert value("reporter.trusted", data, "flag.created") is trusted
    assert value("reporter.trusted", Data(), "flag.created") is None
