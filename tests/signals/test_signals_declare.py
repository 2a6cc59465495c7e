"""The registers: nothing declared twice, everything told in both languages, nothing that raises."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

import ombud.signals.resolve  # noqa: F401 -- importing declares everything
from ombud.model import (
    KINDS,
    Account,
    Avatar,
    Before,
    Data,
    Event,
    Link,
    Media,
    Reply,
    Reported,
    Room,
    Server,
    Value,
)
from ombud.signals import declare
from ombud.signals.declare import CALLED, COUNTERS, PLACES, ROLES, SIGNALS, WITHS, Type
from ombud.signals.observation import Joined, Observation, Recalled, Sought
from ombud.signals.repeats import Shingles

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ODD = "\ud800\x00\u202e http://\u202e.example/ @"
PICTURE = Avatar(pdq="0f" * 32, quality=100)
WHO = Account(ODD, name=ODD, created=NOON, lang=ODD, roles=(ODD,), avatar=PICTURE)
ROOM = Room("r", name=ODD)
FULL = Data(
    author=WHO,
    text=ODD,
    room=ROOM,
    server=Server(ODD, created=NOON),
    in_reply_to=Reply("p", author=WHO),
    mentions=(WHO, WHO),
    links=(Link(ODD, ODD),),
    media=(Media(),),
    before=Before(text=ODD, links=(Link(ODD),), time=NOON),
    reporter=WHO,
    reported=Reported("p", author=WHO),
    reason=ODD,
)
# an edit's are of edits alone; fact-checks are brought by the operator; odd signs have no language,
# and too few words that a model of insults knows
UNKNOWN = ("before.", "claims.", "text.language", "insult")
FITS: dict[Type, type | tuple[type, ...]] = {
    Type.COUNT: int,
    Type.DURATION: int,
    Type.PERCENT: int,
    Type.YESNO: bool,
    Type.TEXT: str,
    Type.TEXTS: tuple,
    Type.NAME: str,
}


class Tokens:
    """One token for everything."""

    def account(self, platform: str, account: str) -> int:
        """The token of an account."""
        return len(platform) + len(account)

    def of(self, space: str, value: str) -> int:
        """The token of a value."""
        return len(space) + len(value)


class Seen:
    """A history that began long ago."""

    first = last = 0
    accepted = 3


class Past:
    """A past in which everybody has one history and every count is one."""

    def count(self, window: int, keys: tuple[int, ...], width: int) -> int | None:
        """One of everything."""
        return 1 if window and keys and width else None

    def recall(self, window: int, keys: tuple[int, ...], width: int) -> Recalled:
        """Nothing is remembered."""
        return Recalled(frozenset(), complete=bool(window and keys and width))

    def names(self, window: int, sought: Sought, width: int) -> Recalled:
        """Nobody has a name."""
        return Recalled(frozenset(), complete=bool(window and sought and width))

    def join(self, text: Shingles) -> Joined | None:
        """Nobody else says it."""
        return Joined((7,), complete=text.words is not None)

    def history(self, account: int) -> Seen | None:
        """The same for everybody."""
        return Seen() if account else None

    def state(self, name: str) -> bool | None:
        """Every state holds."""
        return bool(name)


def fits(value: Value, kind: Type) -> bool:
    """Whether a value is one that rules can compare as this type."""
    if value is None:
        return True
    return isinstance(value, FITS[kind]) and (kind is Type.YESNO or not isinstance(value, bool))


@pytest.fixture
def registers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty registers in place of the real ones."""
    for name in ("SIGNALS", "COUNTERS", "WITHS"):
        monkeypatch.setattr(declare, name, {})


def one(_: Observation) -> Value:
    """A signal's value."""
    return 1


def name_of(_: Observation, who: str) -> Value:
    """The word it was declared for."""
    return who


def put(name: str) -> None:
    """Declare a signal of this name."""
    declare.signal(name, Type.COUNT, en="One.", vi="Một.")(one)


def counted(name: str, *about: str) -> None:
    """Declare a counter of this name."""
    meaning = {"en": "x", "vi": "x"}
    declare.counter(declare.Counter(name, about, frozenset({"post"}), 1, meaning, "posts"))


def with_word(name: str) -> None:
    """Declare a word after `with`."""
    declare.with_word(declare.With(name, {"en": "x", "vi": "x"}, 1))


@pytest.mark.usefixtures("registers")
def test_a_name_is_declared_once() -> None:
    """The second signal, counter or word of one name is refused, and the first one stays."""
    put("things")
    counted("posts", "author")
    with_word("same things")
    first = (dict(declare.SIGNALS), dict(declare.COUNTERS), dict(declare.WITHS))
    again: list[tuple[Callable[..., None], tuple[str, ...]]] = [
        (put, ("things",)),
        (put, ("author.posts",)),
        (counted, ("posts", "author")),
        (counted, ("things",)),
        (with_word, ("same things",)),
    ]
    for declaring, words in again:
        with pytest.raises(ValueError, match="is declared twice"):
            declaring(*words)
    assert first == (declare.SIGNALS, declare.COUNTERS, declare.WITHS)


@pytest.mark.usefixtures("registers")
def test_about_declares_one_signal_for_each_word() -> None:
    """`WHO.name` for each word, bound to it and told by it; without a name the word alone."""
    declare.signal("thing", Type.TEXT, about=("author", "room"), en="Of the {who}.", vi="{who}.")(
        name_of
    )
    declare.signal("", Type.NAME, about=("target",), en="The {who}.", vi="{who}.")(name_of)
    assert list(declare.SIGNALS) == ["author.thing", "room.thing", "target"]
    seen = observed(Data(), "post")
    for name, who in (("author.thing", "author"), ("room.thing", "room"), ("target", "target")):
        assert declare.SIGNALS[name].compute(seen) == who
        assert CALLED[who]["en"] in declare.SIGNALS[name].meaning["en"]


@pytest.mark.usefixtures("registers")
def test_about_declares_one_counter_for_each_word() -> None:
    """A counter is known once for each word before it, or by its own name where there is none."""
    counted("posts", "author", "room")
    counted("text.repeats")
    assert list(declare.COUNTERS) == ["author.posts", "room.posts", "text.repeats"]


def observed(data: Data, kind: str) -> Observation:
    """The observation of an event with these data."""
    event = Event(id="1", source="forum/a", type="post.created", time=NOON, data=data)
    return Observation(event, kind, Tokens())


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_event_makes_no_signal_fail(kind: str) -> None:
    """Of an event that says nothing, with no past, each signal has a fitting value or none."""
    seen = observed(Data(), kind)
    for name, declared in SIGNALS.items():
        assert fits(declared.compute(seen), declared.type), name
    for name, counter in COUNTERS.items():
        assert counter.keys is None or counter.keys(seen) in (None, ())
        distinct = None if counter.distinct is None else counter.distinct(seen)
        assert distinct is None or name.endswith(".join days"), name  # every event has a day


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("past", [None, Past()])
def test_a_full_event_makes_no_signal_fail(kind: str, past: Past | None) -> None:
    """Of an event with every field, oddly filled, each signal has a fitting value."""
    seen = observed(FULL, kind)
    seen.past = past
    for name, declared in SIGNALS.items():
        value = declared.compute(seen)
        assert fits(value, declared.type), name
        past_missing = declared.past and past is None
        assert value is not None or past_missing or name.startswith(UNKNOWN), name


@pytest.mark.parametrize("name", sorted(SIGNALS))
def test_a_signal_is_declared_whole(name: str) -> None:
    """Kinds, version, cost, a fitting ordinary value, and a name that a rule can hold."""
    declared = SIGNALS[name]
    assert declared.name == name
    assert declared.kinds
    assert declared.kinds <= set(KINDS)
    assert declared.version >= 1
    assert declared.cost >= 1
    assert fits(declared.ordinary, declared.type)
    assert re.fullmatch(r"[a-z]+(\.[a-z]+)*( [a-z]+)*", name)


MEANINGS = {
    **{name: each.meaning for name, each in SIGNALS.items()},
    **{name: each.meaning for name, each in COUNTERS.items()},
    **{f"with {name}": each.meaning for name, each in WITHS.items()},
}


@pytest.mark.parametrize("name", sorted(MEANINGS))
def test_everything_is_told_in_both_languages(name: str) -> None:
    """A meaning is there in English and Vietnamese, whole, and not the same text."""
    meaning = MEANINGS[name]
    assert set(meaning) == {"en", "vi"}
    assert all(text.strip() and "{" not in text for text in meaning.values())
    assert meaning["en"] != meaning["vi"]


def test_counters_and_words_rest_on_declared_signals() -> None:
    """What filters or feeds a window is a declared yes-no signal of the event itself."""
    used = [each.only for each in COUNTERS.values() if each.only]
    used += [each.only for each in WITHS.values() if each.only]
    assert used
    for only in used:
        assert SIGNALS[only].type is Type.YESNO
        assert not SIGNALS[only].past
    for name, each in COUNTERS.items():
        assert each.version >= 1
        assert each.kinds
        assert each.kinds <= set(KINDS)
        assert (each.keys is not None) == (not each.about), name
        assert set(each.about) <= {*ROLES, *PLACES}
