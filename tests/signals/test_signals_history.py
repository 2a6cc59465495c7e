"""What the journal remembers: histories as they stood, and what each counter counts by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from ombud.clock import DAY, HOUR
from ombud.model import Account, Data, Event, Link, Media, Reply, Reported, Room, Server
from ombud.signals.counted import window
from ombud.signals.declare import COUNTERS, ROLES, SIGNALS, WITHS
from ombud.signals.observation import Joined, Observation, Recalled, Sought, combine, kind_of
from ombud.signals.repeats import Shingles
from ombud.windows import Clusters

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
AT = 2_000_000_000_000_000


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


@dataclass
class Known:
    """What is known of an account."""

    first: int
    last: int
    accepted: int


class Past:
    """A past that knows one account."""

    def __init__(self, account: int | None, known: Known) -> None:
        self.account = account
        self.known = known
        self.clusters = Clusters()

    def count(self, window: int, keys: tuple[int, ...], width: int) -> int | None:
        """Nothing is counted here."""
        raise AssertionError(f"asked for {window}, {keys}, {width}")

    def recall(self, window: int, keys: tuple[int, ...], width: int) -> Recalled:
        """Nothing is remembered."""
        return Recalled(frozenset(), complete=bool(window and keys and width))

    def names(self, window: int, sought: Sought, width: int) -> Recalled:
        """Nobody has a name."""
        return Recalled(frozenset(), complete=bool(window and sought and width))

    def join(self, text: Shingles) -> Joined | None:
        """What was kept before, or a cluster of its own."""
        return self.clusters.join(text, 5, 0)

    def history(self, account: int) -> Known | None:
        """What is known of the one account, nothing of others."""
        return self.known if account == self.account else None

    def state(self, name: str) -> bool | None:
        """No state is known."""
        return bool(name) and None


def observed(data: Data, type_: str = "post.created", source: str = "forum/a") -> Observation:
    """The observation of one event."""
    event = Event(id="1", source=source, type=type_, time=NOON, data=data)
    seen = Observation(event, kind_of(event) or "", TOKENS)
    seen.at = AT
    return seen


ANA, BO = Account("ana"), Account("bo")
PEOPLE = Data(
    author=ANA,
    in_reply_to=Reply("p", author=ANA),
    reporter=ANA,
    reported=Reported("p", author=ANA),
)


@pytest.mark.parametrize("who", ROLES)
def test_a_history_is_told_as_it_stood(who: str) -> None:
    """First and last seen run to the event, never negative; accepted posts are those before it."""
    seen = observed(PEOPLE)
    seen.past = Past(seen.key(who), Known(AT - 3 * DAY, AT - HOUR, 7))
    assert SIGNALS[f"{who}.first seen"].compute(seen) == 3 * DAY
    assert SIGNALS[f"{who}.last seen"].compute(seen) == HOUR
    assert SIGNALS[f"{who}.accepted posts"].compute(seen) == 7
    seen.past = Past(seen.key(who), Known(AT + 5, AT + 9, 0))
    assert SIGNALS[f"{who}.first seen"].compute(seen) == 0
    assert SIGNALS[f"{who}.last seen"].compute(seen) == 0
    assert SIGNALS[f"{who}.accepted posts"].compute(seen) == 0


def test_a_server_has_a_first_seen() -> None:
    """Servers are remembered as accounts are, by their id in one case."""
    seen = observed(Data(server=Server("S.Example")))
    seen.past = Past(observed(Data(server=Server("s.example"))).key("server"), Known(AT - 1, AT, 0))
    assert SIGNALS["server.first seen"].compute(seen) == 1


@pytest.mark.parametrize("name", sorted(name for name, each in SIGNALS.items() if each.past))
def test_without_a_past_or_a_person_a_history_is_unknown(name: str) -> None:
    """Nobody named, nothing known of them, or no past at all: unknown, never zero."""
    full = observed(replace(PEOPLE, server=Server("s")))
    assert SIGNALS[name].compute(full) is None
    full.past = Past(None, Known(1, 1, 1))
    assert SIGNALS[name].compute(full) is None
    nobody = observed(Data())
    nobody.past = Past(None, Known(1, 1, 1))
    assert SIGNALS[name].compute(nobody) is None


POST = Data(
    author=ANA,
    room=Room("hall"),
    server=Server("s"),
    mentions=(BO,),
    text="cheap bags at http://a.example and http://b.example",
)
SEEN = observed(POST)
SEEN.joined = Joined((7, 9))


def key(who: str) -> int:
    """The key of somebody the post names."""
    found = SEEN.key(who)
    assert found is not None
    return found


def in_past(data: Data, past: Past, source: str = "forum/a") -> Observation:
    """The observation of an event in a past."""
    seen = observed(data, source=source)
    seen.past = past
    return seen


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("author.posts",), ((key("author"), 0),)),
        (("room.posts",), ((key("room"), 0),)),
        (("server.posts",), ((key("server"), 0),)),
        (("target.posts",), ((key("target"), 0),)),
        (("reporter.posts",), ()),
        (("author.posts", "target"), ((combine(key("author"), key("target")), 0),)),
        (("author.posts", "room"), ((combine(key("author"), key("room")), 0),)),
        (("author.posts", None, "links"), ((key("author"), 0),)),
        (("author.posts", None, "mentions"), ((key("author"), 0),)),
        (("author.posts", None, "media"), ()),
        (
            ("author.posts", None, "same domain"),
            tuple((combine(key("author"), each), 0) for each in SEEN.domain_tokens or ()),
        ),
        (
            ("author.posts", None, "same text"),
            tuple((combine(key("author"), each), 0) for each in (7, 9)),
        ),
        (
            ("author.posts", "target", "same text"),
            tuple((combine(key("author"), key("target"), each), 0) for each in (7, 9)),
        ),
        (("author.rooms",), ((key("author"), key("room")),)),
        (("author.targets",), ((key("author"), key("target")),)),
        (("text.repeats",), ((7, 0), (9, 0))),
        (("text.repeat authors",), ((7, key("author")), (9, key("author")))),
        (
            ("links.repeat authors",),
            tuple((each, key("author")) for each in SEEN.domain_tokens or ()),
        ),
    ],
)
def test_what_a_post_adds_to_a_window(
    words: tuple[str, ...], expected: tuple[tuple[int, int], ...]
) -> None:
    """Each counter puts the post under its own keys, with the value that is counted once."""
    assert window(*words).entries(SEEN) == expected


@pytest.mark.parametrize("name", sorted(COUNTERS))
@pytest.mark.parametrize("word", [None, *sorted(WITHS)])
def test_an_event_that_names_nobody_adds_nothing(name: str, word: str | None) -> None:
    """Without the person, text or link it is counted by, an event is in no window."""
    part = window(name, None, word)
    platform = name.startswith("platform.") and word is None  # every event has one
    people = COUNTERS[name].distinct is not None and name != "platform.join days"
    assert part.entries(observed(Data())) == () or (platform and not people)
    assert part.keys(observed(Data())) is None or name.startswith("platform.")


def test_a_text_without_content_is_counted_nowhere() -> None:
    """A text of digits and signs alone has no key, but is known to have none."""
    seen = in_past(Data(author=ANA, text="+1 !!!"), Past(None, Known(1, 1, 1)))
    assert window("text.repeats").keys(seen) == ()
    assert window("text.repeats").entries(seen) == ()
    assert window("author.posts", None, "same text").keys(seen) == ()
    assert window("author.posts", None, "links").entries(seen) == ()
    assert window("author.posts").entries(seen) == ((key("author"), 0),)


def test_repeats_see_through_case_digits_and_signs() -> None:
    """Few words in another dress add to the same key; other words do not."""
    repeats, past = window("text.repeat authors"), Past(None, Known(1, 1, 1))
    first = repeats.keys(in_past(Data(author=ANA, text="Buy my cheap bags 1"), past))
    assert first == repeats.keys(in_past(Data(author=BO, text="BUY my cheap, bags! 22"), past))
    assert first != repeats.keys(in_past(Data(author=BO, text="Buy my cheap shoes 1"), past))


def test_what_words_meant_before_is_still_known() -> None:
    """A recorded configuration goes on with equality, under the numbers its windows had."""
    text = Data(author=ANA, text="Buy my cheap bags 1")
    for name in ("text.repeat authors", "text.repeats"):
        before, now = window(name, earlier=(name,)), window(name)
        assert (before.counter.version, now.counter.version) == (1, 2)
        assert before.number != now.number
        assert not before.near
        assert before.keys(observed(text)) == (observed(text).text_token,)
        assert now.keys(observed(text)) is None  # without a past nobody knows
    same = window("author.posts", None, "same text", ("same text",))
    assert same.keys(observed(text)) == (combine(key("author"), observed(text).text_token or 0),)


def test_filters_look_at_the_event_alone() -> None:
    """`with links` and `with media` count exactly the posts that have them."""
    linked = Data(author=ANA, links=(Link("http://a.example"),))
    pictured = Data(author=ANA, text="look", media=(Media("m"),))
    for word, data, other in (("links", linked, pictured), ("media", pictured, linked)):
        part = window("author.posts", None, word)
        assert part.entries(observed(data)) == ((key("author"), 0),)
        assert part.entries(observed(other)) == ()


@pytest.mark.parametrize("name", sorted(n for n in COUNTERS if not n.startswith("server.")))
def test_platforms_share_no_window_of_people_or_rooms(name: str) -> None:
    """The same event on two platforms adds to different keys or counts different people.

    Texts and sites are counted across platforms, by how many people; a server is one anywhere.
    """
    past = Past(None, Known(1, 1, 1))
    data = replace(PEOPLE, room=Room("hall"), text="bags at http://a.example discord.gg/abc")
    here, there = (
        window(name).entries(in_past(data, past, source)) for source in ("forum/a", "chat/a")
    )
    assert here
    assert not set(here) & set(there) or name.endswith(".repeats")
    if COUNTERS[name].keys is None:
        assert not {each for each, _ in here} & {each for each, _ in there}


def test_flags_of_one_subject_are_counted_by_who_sent_them() -> None:
    """Under the platform and the subject's id, given alone or with its author."""
    flaggers = window("subject.flaggers")
    kim = Account("kim", roles=("trusted",))
    alone = observed(Data(reporter=kim, reported="post/1"), "flag.created")
    named = observed(Data(reporter=kim, reported=Reported("post/1", ANA)), "flag.created")
    assert flaggers.entries(alone) == flaggers.entries(named)
    ((key, value),) = flaggers.entries(alone)
    assert value == alone.key("reporter")
    other = observed(Data(reporter=kim, reported="post/2"), "flag.created")
    assert flaggers.keys(other) != (key,)
    trusted = window("subject.flaggers", None, "trusted reporter")
    assert trusted.entries(alone) == ((key, value),)
    plain = observed(Data(reporter=BO, reported="post/1"), "flag.created")
    assert trusted.entries(plain) == ()
    assert trusted.keys(plain) == flaggers.keys(plain) == (key,)
