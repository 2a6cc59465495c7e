"""From words to facts: every documented form, the nearest for a mistake, and stable windows."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.clock import DAY, HOUR, MINUTE, SECOND
from ombud.model import Account, Data, Event, Room
from ombud.signals.counted import UnknownFact, window
from ombud.signals.declare import COUNTERS, SIGNALS, WITHS, Type
from ombud.signals.observation import Joined, Observation, Recalled, Sought
from ombud.signals.repeats import Shingles
from ombud.signals.resolve import COUNT_MAX, SHARE_POSTS_MIN, WIDTH_MAX, duration, nearest, resolve

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Tokens:
    """Tokens that tell the two things of these events apart."""

    def account(self, platform: str, account: str) -> int:
        """The token of an account."""
        return 1000 + len(platform) + len(account)

    def of(self, space: str, value: str) -> int:
        """The token of a value."""
        return 2000 + len(space) + len(value)


@dataclass
class Past:
    """A past with a fixed count for each window; what was asked is noted."""

    counts: Mapping[int, int | None]
    asked: list[tuple[int, tuple[int, ...], int]] = field(default_factory=list)

    def count(self, window: int, keys: tuple[int, ...], width: int) -> int | None:
        """The fixed count."""
        self.asked.append((window, keys, width))
        return self.counts[window]

    def recall(self, window: int, keys: tuple[int, ...], width: int) -> Recalled:
        """Nothing is remembered."""
        return Recalled(frozenset(), complete=bool(window and keys and width))

    def names(self, window: int, sought: Sought, width: int) -> Recalled:
        """Nobody has a name."""
        return Recalled(frozenset(), complete=bool(window and sought and width))

    def join(self, text: Shingles) -> Joined | None:
        """Nobody else says it."""
        return Joined((7,), complete=text.words is not None)

    def history(self, account: int) -> None:
        """No history is asked for."""
        raise AssertionError(account)

    def state(self, name: str) -> bool | None:
        """No state is known."""
        return bool(name) and None


def seen(past: Past | None = None, data: Data | None = None) -> Observation:
    """The observation of a post."""
    data = data or Data(author=Account("ana"), room=Room("hall"), text="dear http://a.example")
    event = Event(id="1", source="forum/a", type="post.created", time=NOON, data=data)
    observation = Observation(event, "post", Tokens())
    observation.past = past
    return observation


@pytest.mark.parametrize("name", sorted(SIGNALS))
def test_a_signal_is_found_by_its_name(name: str) -> None:
    """A signal's fact is what was declared, with the version in its identity."""
    fact, declared = resolve(name), SIGNALS[name]
    assert fact.name == name
    assert fact.version == f"{name} {declared.version}"
    for each in ("type", "unit", "kinds", "meaning", "ordinary", "compute", "reads", "past"):
        assert getattr(fact, each) == getattr(declared, each)
    assert fact.windows == ()


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("author.posts", {}, "author.posts in last 1 hour"),
        ("author.posts", {"to": "target"}, "author.posts to target in last 1 hour"),
        ("author.posts", {"word": "links"}, "author.posts with links in last 1 hour"),
        (
            "author.posts",
            {"word": "same domain"},
            "author.posts with same domain in last 1 hour",
        ),
        (
            "author.posts",
            {"to": "room", "word": "media"},
            "author.posts to room with media in last 1 hour",
        ),
        ("text.repeat authors", {}, "text.repeat authors in last 1 hour"),
        ("room.joins", {}, "room.joins in last 1 hour"),
        ("author.rooms", {}, "author.rooms in last 1 hour"),
        (
            "author.posts",
            {"word": "same domain", "share": True},
            "share of author.posts with same domain in last 1 hour",
        ),
    ],
)
def test_each_form_has_its_canonical_words(name: str, options: dict[str, Any], said: str) -> None:
    """A counter with its options resolves to a fact called by all of them."""
    fact = resolve(name, in_last=HOUR, **options)
    assert fact.name == said
    assert (fact.width, fact.past) == (HOUR, True)
    assert fact.type is (Type.PERCENT if options.get("share") else Type.COUNT)
    assert str(fact.windows[0].number) in fact.version
    assert fact.windows[0].name == window(name, options.get("to"), options.get("word")).name


@pytest.mark.parametrize("name", sorted(COUNTERS))
def test_every_counter_resolves(name: str) -> None:
    """Each declared counter is a fact, alone and with each word that may follow `with`."""
    for word in (None, *WITHS):
        if COUNTERS[name].against_usual and word is not None and WITHS[word].keys is not None:
            with pytest.raises(ValueError, match="usual with"):
                resolve(name, word=word, in_last=DAY)
            continue
        fact = resolve(name, word=word, in_last=DAY)
        assert fact.unit == COUNTERS[name].unit
        assert fact.ordinary == COUNTERS[name].ordinary


@pytest.mark.parametrize(
    ("name", "guess"),
    [
        ("auther.age", "author.age"),
        ("link.count", "links.count"),
        ("author.post", "author.posts"),
        ("text.repeat author", "text.repeat authors"),
        ("xyzzy", None),
        ("", None),
    ],
)
def test_an_unknown_fact_is_answered_with_the_nearest(name: str, guess: str | None) -> None:
    """A mistyped name is refused with the one it is most like, or none."""
    with pytest.raises(UnknownFact) as caught:
        resolve(name)
    assert (caught.value.what, caught.value.nearest) == (name, guess)
    assert nearest(name) == guess


@pytest.mark.parametrize(
    ("options", "what", "guess"),
    [
        ({"word": "link"}, "link", "links"),
        ({"word": "same domains"}, "same domains", "same domain"),
        ({"word": "xyzzy"}, "xyzzy", None),
        ({"to": "reporter"}, "reporter", "target"),
        ({"to": "server"}, "server", "target"),
    ],
)
def test_an_unknown_option_is_answered_with_the_nearest(
    options: dict[str, str], what: str, guess: str | None
) -> None:
    """A word after `with` or `to` that is not known is refused with the nearest that is."""
    with pytest.raises(UnknownFact) as caught:
        resolve("author.posts", in_last=HOUR, **options)  # type: ignore[arg-type]
    assert (caught.value.what, caught.value.nearest) == (what, guess)


def test_a_counter_of_nobody_is_aimed_at_nobody() -> None:
    """Counters with keys of their own take no `to`."""
    with pytest.raises(UnknownFact):
        resolve("text.repeats", to="target", in_last=HOUR)


@pytest.mark.parametrize(
    ("name", "options", "reason"),
    [
        ("author.posts", {}, "window"),
        ("author.posts", {"in_last": 0}, "width"),
        ("author.posts", {"in_last": -HOUR}, "width"),
        ("author.posts", {"in_last": WIDTH_MAX + 1}, "width"),
        ("author.age", {"in_last": HOUR}, "no window"),
        ("author.age", {"to": "target"}, "no window"),
        ("author.age", {"word": "links"}, "no window"),
        ("author.age", {"share": True}, "share"),
        ("author.posts", {"in_last": HOUR, "share": True}, "share"),
        ("author.rooms", {"in_last": HOUR, "word": "links", "share": True}, "share"),
    ],
)
def test_words_that_do_not_go_together_are_refused(
    name: str, options: dict[str, Any], reason: str
) -> None:
    """A window where none belongs, none where one is needed, too wide, or a share of nothing."""
    with pytest.raises(ValueError, match=f"^{reason}$"):
        resolve(name, **options)


def test_the_widest_window_is_taken() -> None:
    """The bound itself is allowed."""
    assert resolve("author.posts", in_last=WIDTH_MAX).width == WIDTH_MAX


# --- windows --------------------------------------------------------------------------------------


def test_only_one_filter_after_the_other_lets_an_event_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """An event enters where the counter's own filter and the word's both hold; unknown is no."""
    limited = dataclasses.replace(COUNTERS["author.posts"], only="links.any")
    monkeypatch.setitem(COUNTERS, "author.posts", limited)
    author = Account("ana")
    plain, both = window("author.posts"), window("author.posts", word="mentions")
    linked = Data(author=author, text="http://a.example")
    named = Data(author=author, text="http://a.example", mentions=(author,))
    assert plain.entries(seen(data=linked))
    assert plain.entries(seen(data=Data(author=author, text="dear"))) == ()
    assert plain.entries(seen(data=Data(author=author))) == ()
    assert both.entries(seen(data=linked)) == ()
    assert both.entries(seen(data=named))


# --- computing ------------------------------------------------------------------------------------


def test_a_count_asks_the_past_once() -> None:
    """The fact is what the past counts under the event's keys within the width."""
    fact = resolve("author.posts", word="links", in_last=HOUR)
    (part,) = fact.windows
    past = Past({part.number: 5})
    observation = seen(past)
    assert fact.compute(observation) == 5
    assert past.asked == [(part.number, part.keys(observation), HOUR)]


def test_what_cannot_be_counted_is_unknown() -> None:
    """No past, nobody named, an evicted window: unknown. Nothing to count: zero."""
    fact = resolve("author.posts", in_last=HOUR)
    past = Past({fact.windows[0].number: None})
    assert fact.compute(seen()) is None
    assert fact.compute(seen(past)) is None
    assert fact.compute(seen(past, Data(text="dear"))) is None
    sites = resolve("links.repeat authors", in_last=HOUR)
    assert sites.compute(seen(Past({}), Data(author=Account("ana"), text="dear"))) == 0
    assert sites.compute(seen(None, Data(author=Account("ana"), text="dear"))) is None


@pytest.mark.parametrize(
    ("having", "total", "share"),
    [
        (5, SHARE_POSTS_MIN, 500),
        (1, SHARE_POSTS_MIN - 1, None),
        (0, 0, None),
        (0, SHARE_POSTS_MIN, 0),
        (1, 11, 90),
        (11, 11, 1000),
        (1, COUNT_MAX - 1, 0),
        (1, COUNT_MAX, None),
        (None, 20, None),
        (20, None, None),
    ],
)
def test_a_share_is_integer_permille(
    having: int | None, total: int | None, share: int | None
) -> None:
    """Unknown below ten posts, at the cap and where a count is; else rounded down."""
    fact = resolve("author.posts", word="links", in_last=DAY, share=True)
    part, whole = fact.windows
    assert (part.name, whole.name) == ("author.posts with links", "author.posts")
    assert fact.compute(seen(Past({part.number: having, whole.number: total}))) == share
    assert fact.compute(seen()) is None


def test_a_share_of_sites_is_none_without_a_link() -> None:
    """A post without a link has none of its posts in common with itself: nought, not unknown."""
    fact = resolve("author.posts", word="same domain", in_last=DAY, share=True)
    past = Past({fact.windows[1].number: 20})
    assert fact.compute(seen(past, Data(author=Account("ana"), text="dear"))) == 0
    assert fact.compute(seen(past, Data(author=Account("ana")))) is None


# --- durations ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (SECOND, "1 second"),
        (90 * SECOND, "90 seconds"),
        (MINUTE, "1 minute"),
        (90 * MINUTE, "90 minutes"),
        (24 * HOUR, "1 day"),
        (36 * HOUR, "36 hours"),
        (14 * DAY, "2 weeks"),
        (30 * DAY, "30 days"),
        (365 * DAY, "1 year"),
        (0, "0 seconds"),
    ],
)
def test_a_duration_is_said_in_its_largest_unit(length: int, said: str) -> None:
    """The largest unit that divides a length names it, in the singular for one."""
    assert duration(length) == said


@given(st.integers(1, WIDTH_MAX // SECOND))
def test_different_durations_are_said_differently(seconds: int) -> None:
    """The words of a duration give back its length: two widths never share a fact's name."""
    count, unit = duration(seconds * SECOND).split()
    sizes = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
    assert int(count) * {**sizes, "year": 31_536_000}[unit.removesuffix("s")] == seconds
