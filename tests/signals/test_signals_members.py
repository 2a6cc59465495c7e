"""Names of long-standing members: whose are kept, for how long, and how alike others are."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from ombud.model import Account, Data, Event, Room
from ombud.signals import lookalike, members, name_tokens
from ombud.signals.given_names import everyday
from ombud.signals.observation import Observation, kind_of
from ombud.signals.resolve import remembered_names
from ombud.verdicts.past import EventPast
from ombud.windows import Shape, Timeline
from ombud.windows import names as windows
from signals.test_signals_memory import AT, HOUR, NOON, Nobody, Tokens

DAY = 24 * HOUR
LONG_AGO = NOON - timedelta(days=400)


class Hall:
    """A room and its window of established names."""

    def __init__(self) -> None:
        self.fact = remembered_names(members.NAME, "author")
        (self.part,) = self.fact.windows
        self.tokens = Tokens()
        self.line = Timeline()
        shape = Shape(self.fact.width, distinct=True, names=self.part.counter.names)
        self.line.use({self.part.number: shape})

    def post(
        self,
        who: str,
        name: str | None,
        at: int = AT,
        created: datetime | None = LONG_AGO,
        room: str = "hall",
        type_: str = "post.created",
    ) -> Observation:
        """Somebody posts; what is seen of it."""
        data = Data(author=Account(who, name=name, created=created), room=Room(room), text="hi")
        event = Event(id="1", source="chat/a", type=type_, time=NOON, data=data)
        seen = Observation(event, kind_of(event) or "", self.tokens)
        if seen.kind in self.part.counter.kinds:
            for key, value in self.part.entries(seen):
                self.line.add(self.part.number, key, value, at)
        seen.at = seen.place = at
        seen.past = EventPast(Nobody(), "", self.line, at, at)
        return seen

    def establish(self, who: str, name: str, at: int = AT, **more: str) -> None:
        """Somebody posts as often as it takes."""
        for number in range(members.POSTS_MIN):
            self.post(who, name, at - DAY + number, **more)  # type: ignore[arg-type]

    def alike(self, who: str, name: str | None, at: int = AT, **more: str) -> object:
        """How alike a newcomer's name is."""
        seen = self.post(who, name, at, NOON, **more)
        return self.fact.compute(seen)


def hall(name: str) -> Hall:
    """A room in which one name is established."""
    made = Hall()
    made.establish("ana", name)
    return made


@pytest.mark.parametrize(
    ("name", "other", "least", "most"),
    [
        ("PixelPanda", "PixelPanda", 1000, 1000),
        ("PixelPanda", "Pixel_Pandа", 1000, 1000),  # Cyrillic а
        ("PixelPanda", "PixeIPanda", 1000, 1000),  # capital i
        ("PixelPanda", "Pi\u200bxelPanda", 1000, 1000),
        ("modern_mage", "rnodern_rnage", 1000, 1000),
        ("PixelPanda", "pixelpanda_support", 950, 950),
        ("PixelPanda", "The real PixelPanda", 950, 950),
        ("PixelPanda", "pixelpanda77", 950, 950),
        ("PixelPanda77", "pixelpanda_official", 950, 950),
        ("PixelPanda", "PixelPandda", 909, 909),
        ("PixelPanda", "PixelPnda", 900, 900),
        ("PixelPanda", "PixelPinda", 900, 900),
        ("PixelPanda", "PxielPanda", 900, 900),
        ("PixelPanda", "PxielPandda", 0, 0),
        ("PixelPanda", "PixelPandda support", 863, 864),
        ("PixelPanda", "Quynh Phuong", 0, 0),
        ("Trà Sữa Vịt", "Tra Sua Vit", lookalike.UNMARKED, lookalike.UNMARKED),
        ("Tra Sua Vit", "Trà Sữa Vịt", lookalike.UNMARKED, lookalike.UNMARKED),
        ("Trà Sữa Vịt", "Trá Sứa Vít", lookalike.REMARKED, lookalike.REMARKED),
        ("Nguyễn Văn An", "Nguyễn Văn An", lookalike.COMMON, lookalike.COMMON),
        ("Nguyễn Văn An", "Nguyễn Vаn An", lookalike.UNMARKED, 1000),
        ("Ana", "Ana", lookalike.COMMON, lookalike.COMMON),
        ("Ana", "Аna", 1000, 1000),
        ("Ana", "Ana CSKH", 950, 950),
        ("PixelPanda", "PixelPanda | will not DM first", 950, 950),
        ("PixelPanda", "Pixel Panda (do not reply)", 950, 950),
        ("PixelPanda", "PixelPanda not banned", 950, 950),
        ("PixelPanda", "PixelPandda (không phải trả lời)", 863, 864),
        ("PixelPanda (away)", "PixelPanda", 1000, 1000),
        ("PixelPanda | mod", "PixelPanda | will not DM first", 950, 950),
        ("Nguyễn Văn An", "Nguyễn Văn An (Hà Nội)", 1, lookalike.COMMON),
        ("Nguyễn Văn An", "Nguyễn Văn An | Support", 950, 950),
        ("Pi", "Pi (do not reply)", 0, 0),
        ("PixelPanda", "[PixelPanda] Otter", 0, 0),
        ("PixelPanda", "PixelPanda (parody, not banned)", 0, lookalike.DISCLOSED),
        ("PixelPanda", "fan of PixelPanda", 0, lookalike.DISCLOSED),
        ("PixelPanda", "PixelPanda (parody)", 0, lookalike.DISCLOSED),
    ],
)
def test_how_alike_newcomers_are(name: str, other: str, least: int, most: int) -> None:
    """The degrees of `lookalike`, without the names themselves."""
    found = hall(name).alike("newcomer", other)
    assert isinstance(found, int)
    assert least <= found <= most


def test_the_members_own_names_never_match() -> None:
    """Neither the one nor another name of the same account."""
    made = hall("PixelPanda")
    assert made.fact.compute(made.post("ana", "PixelPanda")) == 0
    assert made.fact.compute(made.post("ana", "PixelPandda")) == 0


def test_it_takes_some_posts_by_an_old_account_on_this_platform() -> None:
    """Fewer posts, a young account, one of unknown age, another platform: nobody is."""
    few = Hall()
    for number in range(members.POSTS_MIN - 1):
        few.post("ana", "PixelPanda", AT - DAY + number)
    assert few.alike("newcomer", "PixelPanda") == 0
    few.post("ana", "PixelPanda", AT - 1)
    assert few.alike("newcomer", "PixelPanda") == 1000
    for created in (NOON - members.OLD + timedelta(seconds=1), None):
        young = Hall()
        for number in range(members.POSTS_MIN):
            young.post("ana", "PixelPanda", AT - DAY + number, created)
        assert young.alike("newcomer", "PixelPanda") == 0
    old = Hall()
    for number in range(members.POSTS_MIN):
        old.post("ana", "PixelPanda", AT - DAY + number, NOON - members.OLD)
    assert old.alike("newcomer", "PixelPanda") == 1000
    assert hall("PixelPanda").alike("newcomer", "PixelPanda", room="yard") == 1000
    other = hall("PixelPanda").post("newcomer", "PixelPanda", room="yard")
    other.__dict__["platform_token"] = 77
    assert remembered_names(members.NAME, "author").compute(other) == 0


@pytest.mark.parametrize(("posts", "alike"), [(2, 0), (3, 1000)])
def test_three_posts_establish_a_name(posts: int, alike: int) -> None:
    """What docs/explanation/names.md promises, in figures."""
    made = Hall()
    for number in range(posts):
        made.post("ana", "PixelPanda", AT - DAY + number)
    assert made.alike("newcomer", "PixelPanda") == alike


def test_a_name_of_one_room_stays_known_there() -> None:
    """Whoever goes by other names in other rooms keeps the one of this room, and only there."""
    made = hall("PixelPanda")
    for name in ("otter", "heron", "viper", "newt"):
        made.establish("ana", name, AT + 1000, room="yard")
    assert made.alike("newcomer", "PixelPanda", AT + DAY) == 1000
    assert made.alike("newcomer", "PixelPanda", AT + DAY, room="yard") == 0
    assert made.alike("newcomer", "heron", AT + DAY) == 1000


def test_joining_establishes_nobody_and_is_judged() -> None:
    """Only posts count; a name can be held against the members when somebody joins."""
    made = Hall()
    for number in range(members.POSTS_MIN):
        made.post("ana", "PixelPanda", AT - DAY + number, type_="member.joined")
    assert made.alike("newcomer", "PixelPanda") == 0
    assert hall("PixelPanda").alike("newcomer", "PixelPanda", type_="member.joined") == 1000


def test_a_name_given_up_stays_protected_for_a_while() -> None:
    """Until the posts under it are thirty days old, and the new name too once it is used enough."""
    made = hall("PixelPanda")
    made.establish("ana", "Moonlit Otter", AT + 10 * DAY)
    assert made.alike("newcomer", "PixelPanda", AT + 10 * DAY) == 1000
    assert made.alike("newcomer", "moonlit otter", AT + 10 * DAY) == 1000
    assert made.alike("newcomer", "PixelPanda", AT - DAY + members.WIDTH - 1) == 1000
    assert made.alike("newcomer", "PixelPanda", AT + members.WIDTH) == 0
    assert made.alike("newcomer", "moonlit otter", AT + members.WIDTH) == 1000


def test_a_fan_is_not_protected() -> None:
    """Whoever says that they are not the one has no name to protect."""
    assert hall("fan of PixelPanda").alike("newcomer", "PixelPanda") == 0
    assert hall("fan of PixelPanda").alike("newcomer", "fanofPixelPanda") == 0


@pytest.mark.parametrize("name", [None, "", "123", "★"])
def test_who_has_no_name_is_unknown_or_like_nobody(name: str | None) -> None:
    """A name that is not told is unknown; one without letters is like nobody's."""
    found = hall("PixelPanda").alike("newcomer", name)
    assert found is None if name is None else found == 0


def test_without_a_past_it_is_unknown() -> None:
    """A stale event has no past."""
    seen = hall("PixelPanda").post("newcomer", "PixelPanda")
    seen.past = None
    assert remembered_names(members.NAME, "author").compute(seen) is None


def test_what_was_let_go_makes_names_incomplete(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the bound an answer says that there may be a likelier name, unless none can be."""
    monkeypatch.setattr(windows, "OWNERS_MAX", 2)
    made = Hall()
    for number, name in enumerate(("willow", "thunder", "zebra")):
        made.establish(f"p{number}", name, AT + number * 1000)
    seen = made.post("q", "thunder crow", AT + 5000, NOON)
    found = members.likeness(seen, "author", made.part.number, made.fact.width)
    assert found is not None
    assert not found.complete
    made.establish("p3", "Nguyễn Văn An", AT + 4000)
    seen = made.post("q", "Nguyễn Văn An", AT + 5000, NOON)
    found = members.likeness(seen, "author", made.part.number, made.fact.width)
    assert found == (lookalike.COMMON, True)  # more than that no common name can be
    seen = made.post("q", "zebra", AT + 5000, NOON)
    assert members.likeness(seen, "author", made.part.number, made.fact.width) == (1000, True)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=600), st.text(max_size=600))
def test_any_names_are_compared(one: str, other: str) -> None:
    """Whatever the names: a bounded answer, the same again, and small values."""
    made = Hall()
    for number in range(members.POSTS_MIN):
        made.post("a", one, AT - DAY + number)
    found = made.alike("b", other)
    assert isinstance(found, int)
    assert 0 <= found <= 1000
    assert made.alike("b", other) == found
    assert all(0 <= value < 1 << 63 for value in members.values(one, 7))


def test_values_show_no_name() -> None:
    """Two secrets give other values."""
    one, other = (members.values("PixelPanda", secret) for secret in (7, 8))
    assert len(one) == len(other) == 1
    assert not set(one) & set(other)


letters = st.text(alphabet="abcdef", min_size=2, max_size=12)


@settings(max_examples=300, deadline=None)
@given(letters, letters)
def test_one_letter_is_found_wherever_it_differs(one: str, other: str) -> None:
    """As an independent edit distance has it, for names that are alone and made of letters."""
    kept = members.values(one, 7)
    longer = max(len(one), len(other))
    expected = {0: 1000, 1: 1000 * (longer - 1) // longer}.get(OSA.distance(one, other), 0)
    if lookalike.stem(one) == one and lookalike.forms(other).every == (other,):
        most = 1000 if not everyday(other) else lookalike.COMMON
        near = 0 if everyday(other) and one != other else expected
        assert members.likest(other, kept, 7) == min(near, most)


def test_a_very_long_name_costs_no_more() -> None:
    """Beyond LENGTH_MAX letters only the same letters count."""
    long = "ab" * name_tokens.LENGTH_MAX
    kept = members.values(long, 7)
    assert members.likest(long, kept, 7) == 1000
    assert members.likest(long[: lookalike.LENGTH_MAX - 1], kept, 7) == 0
