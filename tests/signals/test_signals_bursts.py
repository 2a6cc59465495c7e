"""By what floods are counted: sites, invitations, name patterns, servers, the platform."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ombud.model import Account, Data, Event, Room, Server
from ombud.signals import links
from ombud.signals.counted import window
from ombud.signals.observation import Observation, combine, kind_of

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
OLD, FRESH = NOON - timedelta(days=400), NOON - timedelta(hours=1)


class ByName:
    """Tokens by a table that grows: two values never share one."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, ...], int] = {}

    def account(self, platform: str, account: str) -> int:
        """The token of an account."""
        return self.known.setdefault(("account", platform, account), len(self.known) + 1)

    def of(self, space: str, value: str) -> int:
        """The token of a value."""
        return self.known.setdefault((space, value), len(self.known) + 1)


TOKENS = ByName()


def seen(
    type_: str = "post.created",
    *,
    who: str = "ana",
    name: str | None = None,
    created: datetime | None = OLD,
    text: str | None = None,
    source: str = "forum/a",
) -> Observation:
    """One event of somebody from server s.example, in the hall."""
    author = Account(who, name=name, created=created)
    data = Data(author=author, room=Room("hall"), server=Server("S.example"), text=text)
    event = Event(id="1", source=source, type=type_, time=NOON, data=data)
    return Observation(event, kind_of(event) or "", TOKENS)


def entries(
    words: str, event: Observation, with_: str | None = None
) -> tuple[tuple[int, int], ...]:
    """What an event adds to a counter."""
    return window(words, None, with_).entries(event)


@pytest.mark.parametrize("name", ["server.registrations", "platform.registrations"])
def test_registrations_count_once_each(name: str) -> None:
    """By server or by the platform the source names."""
    event = seen("account.created")
    key = event.key(name.partition(".")[0])
    assert key is not None
    assert entries(name, event) == ((key, 0),)
    assert window(name).counter.kinds == {"registration"}


def test_the_platform_is_the_source_before_its_slash() -> None:
    """Rooms of one platform add to one key, another platform to another."""
    here, there = seen(source="forum/a"), seen(source="forum/b")
    other = seen(source="chat/a")
    assert entries("platform.posts", here) == entries("platform.posts", there)
    assert entries("platform.posts", here) != entries("platform.posts", other)
    joined = seen("member.joined")
    assert entries("platform.joins", joined) == ((joined.key("platform"), 0),)


@pytest.mark.parametrize("place", ["room", "server", "platform"])
def test_authors_are_different_people(place: str) -> None:
    """Two posts of one are one; of two are two."""
    ana, bo = seen(who="ana"), seen(who="bo")
    ((key, value),) = entries(f"{place}.authors", ana)
    assert (key, value) == (ana.key(place), ana.key("author"))
    assert entries(f"{place}.authors", bo) == ((key, bo.key("author")),)


def test_the_same_invitation_is_one_key_under_any_address() -> None:
    """Who posts it is counted once; a post without one adds nothing, one without a text is no
    answer.
    """
    one = seen(text="come: https://discord.com/invite/abc?x=1")
    other = seen(who="bo", text="discord.gg/abc now")
    token = one.invite_tokens
    assert token == other.invite_tokens
    assert token is not None
    assert entries("invites.repeat authors", one) == ((token[0], one.key("author")),)
    assert entries("invites.repeats", other) == ((token[0], 0),)
    assert window("invites.repeats").repeats
    assert entries("invites.repeats", seen(text="hello")) == ()
    assert window("invites.repeats").keys(seen(text="hello")) == ()
    assert window("invites.repeats").keys(seen()) is None
    both = combine(one.key("room") or 0, token[0])
    assert entries("room.posts", one, "same invite") == ((both, 0),)


def test_sites_are_counted_by_post_too() -> None:
    """Each linked site is a key, as for the people who link to it."""
    event = seen(text="http://a.example and http://b.example and http://a.example/2")
    assert entries("links.repeats", event) == tuple((each, 0) for each in event.domain_tokens or ())
    assert len(entries("links.repeats", event)) == 2


def test_names_of_one_pattern_share_a_key_in_their_place() -> None:
    """A stem is one key; a name without a pattern is known to have none; no name is unknown."""
    one, other = (
        seen("member.joined", who=who, name=name)
        for who, name in (("1", "partyfox12"), ("2", "Party Fox 7"))
    )
    assert entries("room.joins", one, "same name pattern")
    assert entries("room.joins", one, "same name pattern") == entries(
        "room.joins", other, "same name pattern"
    )
    plain = window("room.joins", None, "same name pattern")
    assert plain.keys(seen("member.joined", name="Minh Anh")) == ()
    assert plain.keys(seen("member.joined")) is None
    two = entries(
        "platform.registrations", seen("account.created", name="ab1cd23456"), "same name pattern"
    )
    assert len(two) == 1
    assert (
        len(entries("room.joins", seen("member.joined", name="abcde1f2"), "same name pattern")) == 2
    )


@pytest.mark.parametrize(
    ("created", "new"),
    [
        (FRESH, True),
        (NOON - timedelta(days=7), True),
        (NOON - timedelta(days=7, microseconds=1), False),
        (OLD, False),
        (None, True),  # unknown never lowers a count
        (NOON + timedelta(hours=1), True),
    ],
)
def test_new_accounts_are_at_most_a_week_old(created: datetime | None, new: bool) -> None:
    """By the event's own time, so that a window that is filled later counts the same."""
    event = seen(created=created, text="http://a.example")
    for words in ("room.posts", "server.authors", "links.repeat authors"):
        assert bool(entries(words, event, "new accounts")) is new
    event.at = 1
    assert bool(entries("room.posts", event, "new accounts")) is new


def test_ten_thousand_sites_and_invitations_in_one_post_are_bounded() -> None:
    """No more keys than addresses are read."""
    text = " ".join(f"http://s{n}.example discord.gg/{n:05}" for n in range(10_000))
    event = seen(text=text)
    assert len(entries("links.repeats", event)) <= links.ADDRESSES_MAX
    assert len(entries("invites.repeats", event)) <= links.ADDRESSES_MAX
