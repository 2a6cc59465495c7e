"""What is remembered for phrases: whose names and words, where, and when the answer is unknown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ombud.model import Account, Data, Event, Reply, Reported, Room
from ombud.signals import memory
from ombud.signals.declare import MEMORIES
from ombud.signals.observation import Observation, kind_of
from ombud.signals.resolve import Fact, quotes, remembered_names
from ombud.verdicts.past import EventPast, Known
from ombud.windows import Shape, Timeline
from ombud.windows import counts as windows

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = 3_600_000_000
AT = 1_000 * HOUR
SAID = "the library opens at nine on every weekday but monday"


class Tokens:
    """Tokens by a table that grows; the labels of two people differ."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], int] = {}

    def account(self, platform: str, account: str) -> int:
        """The token of an account."""
        return self.of(platform, account) << 20 | 1

    def of(self, space: str, value: str) -> int:
        """The token of a value."""
        return self.known.setdefault((space, value), len(self.known) + 1)


class Nobody:
    """A community that remembers nothing beside its windows."""

    def history(self, timeline: str, account: int) -> Known | None:
        """Nobody is known."""
        return Known(0, 0, 0) if timeline and account < 0 else None

    def state(self, timeline: str, name: str, recv: int) -> bool | None:
        """No state is known."""
        return bool(timeline and name and recv) and None


class Hall:
    """A community of one window, into which events are put as the engine does."""

    def __init__(self, fact: Fact) -> None:
        (self.part,) = fact.windows
        self.fact = fact
        self.tokens = Tokens()
        self.line = Timeline()
        self.line.use({self.part.number: Shape(fact.width, self.part.counter.varied)})

    def take(self, data: Data, at: int = AT, type_: str = "post.created") -> Observation:
        """Put an event into the window; its observation, with the past as of its place."""
        event = Event(id="1", source="chat/a", type=type_, time=NOON, data=data)
        seen = Observation(event, kind_of(event) or "", self.tokens)
        if seen.kind in self.part.counter.kinds:
            for key, value in self.part.entries(seen):
                self.line.add(self.part.number, key, value, at)
        seen.at = seen.place = at
        seen.past = EventPast(Nobody(), "", self.line, at, at)
        return seen


def called(who: str, name: str | None, room: str | None = "hall") -> Data:
    """Somebody of a name in a room."""
    return Data(author=Account(who, name=name), room=Room(room) if room else None)


def joined(
    place: Hall, who: str, name: str | None, room: str | None = "hall", at: int = AT
) -> int | None:
    """Somebody joins: how alike their name is to the likest of others."""
    found = place.fact.compute(place.take(called(who, name, room), at, "member.joined"))
    assert found is None or isinstance(found, int)
    return found


# --- recent names ---------------------------------------------------------------------------------


def test_the_first_of_a_name_is_like_nobody_and_the_second_is() -> None:
    """One's own name does not count, that of the one before does; a stranger's does little."""
    place = Hall(remembered_names("recent names", "author"))
    assert joined(place, "a", "raider 1") == 0
    assert joined(place, "a", "raider 1") == 0
    assert joined(place, "b", "raider 2") == 1000
    assert (joined(place, "c", "Quynh Phuong") or 0) < 400


def test_names_are_recent_for_an_hour_and_in_one_room() -> None:
    """Another room knows nothing of it, and so does the room an hour later."""
    place = Hall(remembered_names("recent names", "author"))
    joined(place, "a", "raider 1")
    assert joined(place, "b", "raider 2", "yard") == 0
    assert joined(place, "c", "raider 3", at=AT + HOUR - 1) == 1000
    assert joined(place, "d", "raider 4", at=AT + 2 * HOUR) == 0


def test_where_there_is_no_room_the_platform_is_one() -> None:
    """Registrations have no room: they are held against each other, not against any room."""
    place = Hall(remembered_names("recent names", "author"))
    joined(place, "a", "raider 1")
    first, second = (
        place.take(called(who, "raider 2", None), type_="account.created") for who in "bc"
    )
    assert place.fact.compute(first) == place.fact.compute(second) == 1000  # both are in by now
    assert joined(place, "d", "raider 3", None) == 1000
    assert joined(place, "e", "other") is not None


@pytest.mark.parametrize(
    ("days", "recent"), [(None, True), (0, True), (7, True), (8, False), (400, False)]
)
def test_old_members_who_post_bring_no_recent_names(days: int | None, recent: bool) -> None:
    """A post brings the name of an account that is young, or whose age the platform does not tell;
    who joins brings it at any age.
    """
    place = Hall(remembered_names("recent names", "author"))
    created = None if days is None else NOON - timedelta(days=days)
    poster = Account("a", name="raider 1", created=created)
    place.take(Data(author=poster, room=Room("hall")))
    assert joined(place, "b", "raider 2") == (1000 if recent else 0)
    other = Hall(remembered_names("recent names", "author"))
    other.take(Data(author=poster, room=Room("hall")), type_="member.joined")
    assert joined(other, "b", "raider 2") == 1000


@pytest.mark.parametrize("name", [None, "", "123"])
def test_who_has_no_name_is_unknown_or_like_nobody(name: str | None) -> None:
    """A name that is not told is unknown; one without letters is like nobody's."""
    place = Hall(remembered_names("recent names", "author"))
    joined(place, "a", "raider")
    assert joined(place, "b", name) == (None if name is None else 0)


def test_without_a_past_names_are_unknown() -> None:
    """A stale event has no past."""
    place = Hall(remembered_names("recent names", "author"))
    seen = place.take(called("a", "raider"))
    seen.past = None
    assert place.fact.compute(seen) is None


def test_what_was_let_go_makes_names_incomplete(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the cap the largest likeness is told with that there may be a larger one."""
    monkeypatch.setattr(windows, "CAP", 4)
    place = Hall(remembered_names("recent names", "author"))
    for number in range(3):
        joined(place, f"p{number}", ("willow", "thunder", "zebra")[number], at=AT + number)
    seen = place.take(called("q", "zebra"), AT + 3)
    found = memory.likeness(seen, "author", place.part.number, place.fact.width)
    assert found == (1000, False)
    assert place.fact.compute(seen) is None


def test_any_person_s_name_can_be_held_against_recent_ones() -> None:
    """Of a flag, the name of the author of what was flagged."""
    place = Hall(remembered_names("recent names", "subject.author"))
    joined(place, "a", "raider 1")
    reported = Reported("p", Account("b", name="raider 2"))
    data = Data(reporter=Account("c"), reported=reported, room=Room("hall"))
    assert place.fact.compute(place.take(data, type_="flag.created")) == 1000


# --- quotes ---------------------------------------------------------------------------------------


def answers(place: Hall, text: str | None, to: str | None = "ana", at: int = AT) -> object:
    """Whether Bo's reply quotes the one it answers."""
    reply = Reply("p", author=Account(to)) if to else None
    return place.fact.compute(
        place.take(Data(author=Account("bo"), text=text, in_reply_to=reply), at)
    )


def test_who_quotes_says_what_the_other_said() -> None:
    """Her words in mine: yes. Her words under somebody else's name, or none of them: no."""
    place = Hall(quotes("target"))
    place.take(Data(author=Account("ana"), text=SAID))
    assert answers(place, f"No! {SAID.upper()}?? It does not.") is True
    assert answers(place, 'You "idiot", "you are a fool", go away and never come back') is False
    assert answers(place, SAID, to="cleo") is False
    assert answers(place, SAID, to=None) is False  # a post that is said to nobody
    unnamed = Data(author=Account("bo"), text=SAID, in_reply_to=Reply("p"))
    assert place.fact.compute(place.take(unnamed)) is None
    assert answers(place, None) is None
    week = 7 * 24 * HOUR
    assert answers(place, SAID, at=AT + week - 1) is True
    assert answers(place, SAID, at=AT + week) is False


def test_what_was_edited_can_be_quoted() -> None:
    """An edited post is what its author wrote, too."""
    place = Hall(quotes("target"))
    place.take(Data(author=Account("ana"), text=SAID), type_="post.edited")
    assert answers(place, SAID) is True


def test_what_was_let_go_makes_quotes_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the cap a quote that is found is one, and one that is not is unknown."""
    monkeypatch.setattr(windows, "CAP", 2)
    place = Hall(quotes("target"))
    for number in range(3):
        place.take(Data(author=Account("ana"), text=f"I said number {number}"), AT + number)
    assert answers(place, "she said: I said number 2", at=AT + 3) is True
    assert answers(place, "she said: I said number 0", at=AT + 3) is None


def test_a_flag_can_quote_who_is_flagged() -> None:
    """`text quotes subject` is about the author of what was flagged."""
    place = Hall(quotes("subject.author"))
    place.take(Data(author=Account("ana"), text=SAID))
    flag = Data(reporter=Account("bo"), reported=Reported("p", Account("ana")), text=f"> {SAID}")
    assert place.fact.compute(place.take(flag, type_="flag.created")) is True


@pytest.mark.parametrize("name", sorted(MEMORIES))
def test_nothing_is_remembered_of_an_event_that_says_nothing(name: str) -> None:
    """Without a name, an author or a text there is nothing to keep."""
    fact = (
        remembered_names("recent names", "author") if name == "recent names" else quotes("target")
    )
    (part,) = fact.windows
    event = Event(id="1", source="chat/a", type="post.created", time=NOON)
    assert part.entries(Observation(event, "post", Tokens())) == ()
