"""How a decision is told: the first sentence is true now, and nothing is made up."""

from __future__ import annotations

import msgspec
import pytest

from ombud.inforce import restricts
from ombud.statement_page import ITEMS_A_PART, Item
from ombud.web import notice
from web.pretend_community import ITEM, PAGE, filled, many, part_of


def first(item: Item, lang: str = "en") -> notice.Told:
    """One decision as it is told."""
    return notice.tell(filled(PAGE, (item,)), lang)[0]


def with_(**fields: object) -> Item:
    """The usual decision with other fields."""
    return msgspec.structs.replace(ITEM, **fields)


def test_what_is_in_force_is_told_in_its_own_words() -> None:
    """The first sentence is the record's; the next one says that it is temporary."""
    told = first(ITEM, "vi")
    assert told.headline.lang == "vi"
    assert told.headline.text == ITEM.what["vi"].replace(
        "2026-11-23 10:00 UTC", "10:00 ngày 23 tháng 11 năm 2026 (giờ\u00a0UTC)"
    )
    assert "tạm thời" in told.now[0]
    assert told.was is None


def test_the_end_is_told_once_above_the_dates() -> None:
    """Where the record's sentence says it, the next does not; where not, the next one does."""
    assert "<time" not in first(ITEM).now[0]
    bare = first(with_(what={"en": "Your post waits."}))
    assert 'datetime="2026-11-23T10:00:00Z"' in bare.now[0]
    other = first(with_(until="2026-11-24T10:00:00Z"))
    assert other.headline.text == ITEM.what["en"]  # another time is nobody's to change
    assert 'datetime="2026-11-24T10:00:00Z"' in other.now[0]


@pytest.mark.parametrize(
    ("state", "headline"),
    [("awaiting", "only if the post is published"), ("not carried out", "has not done")],
)
def test_what_is_not_in_force_yet_says_so(state: str, headline: str) -> None:
    """The first sentence is not the record's, which stands apart, and nothing is called held."""
    told = first(with_(state=state))
    assert headline in told.headline.text
    assert "23 November 2026, 10:00" in told.was.text if told.was else False
    assert "temporary" not in told.now[0]


@pytest.mark.parametrize(
    ("fields", "headline", "now"),
    [
        (
            {"state": "ended", "ended": "2026-11-23T10:00:00Z"},
            "This restriction has ended.",
            "It ended on",
        ),
        (
            {"state": "undone", "undone": "2026-11-22T11:00:00Z"},
            "This decision was undone.",
            "undone on",
        ),
        (
            {"state": "withdrawn", "undone": "2026-11-22T10:00:05Z"},
            "withdrawn before anything was done",
            "undone on",
        ),
    ],
)
def test_what_is_over_is_told_as_over(fields: dict[str, str], headline: str, now: str) -> None:
    """An end comes first, then when; what the decision had said stands apart."""
    told = first(with_(**fields))
    assert headline in told.headline.text
    assert now in told.now[0]
    assert told.was is not None
    assert told.was.text.startswith("Your post waits for a person to look at it, until 23 Nov")


def test_what_is_erased_says_so() -> None:
    """Nothing of an erased decision is told but that it was erased."""
    told = first(with_(state="erased", what={}, why={}, facts=()))
    assert "erased" in told.headline.text
    assert told.was is None


def test_no_end_is_not_called_temporary() -> None:
    """A restriction without an end does not claim one, and a warning restricts nothing."""
    assert first(with_(until=None)).now == ("No end is set for this.",)
    assert first(with_(action="warn", until=None)).now == (
        "It does not restrict what you can do here.",
    )


def test_a_record_without_words_still_gives_a_sentence() -> None:
    """Where the record has no sentence in any language, a plain one stands there."""
    assert first(with_(what={})).headline.text == "A decision was made about something of yours."


def test_an_unknown_action_counts_as_a_restriction() -> None:
    """What is not known to be harmless is not called harmless."""
    assert restricts("something new")
    assert not restricts("warn")


def test_long_pages_come_in_parts() -> None:
    """Each decision stands in exactly one part, under its own number."""
    page = many(ITEMS_A_PART * 2 + 1)
    shown = [part_of(page, part, "") for part in (1, 2, 3)]
    numbers = [each.number for part in shown for each in notice.tell(part, "en")]
    assert numbers == list(range(1, len(page.items) + 1))
    assert notice.number_of(shown[1], f"dec_{ITEMS_A_PART}") == ITEMS_A_PART + 1
    assert notice.number_of(shown[0], f"dec_{ITEMS_A_PART}") is None
    assert notice.number_of(shown[0], "dec_none") is None


def test_a_part_of_one_is_not_the_whole_page() -> None:
    """Only where the page tells of one decision does its sentence head the page."""
    last = part_of(many(ITEMS_A_PART + 1), 2, "")
    assert [each.heading for each in notice.tell(last, "en")] == [False]
    assert first(ITEM).heading


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "The published rule of the community says so"),
        ({"licence": "standing order:so_1"}, "ordered"),
        ({"licence": "certificate:c_1"}, "random sample"),
        ({"licence": "certificate by one labeller:c_1"}, "one person had judged"),
        ({"licence": None}, None),
        ({"licence": None, "action": "warn"}, "nothing is restricted"),
        ({"by": "reviewer", "licence": None}, "a person decided"),
        ({"licence": "unheard of:1"}, "unheard of"),
    ],
)
def test_the_licence_is_told_in_plain_words(fields: dict[str, str], words: str | None) -> None:
    """Each kind of licence has its sentence; where none is recorded none is made up."""
    said = notice.licence(with_(**fields), "en")
    assert said is None if words is None else words in (said or "")


@pytest.mark.parametrize(
    ("answer", "words"),
    [(True, "automatically"), (False, "by a person"), (None, "not on record")],
)
def test_automation_is_told_as_recorded(answer: bool | None, words: str) -> None:
    """Yes, no and not recorded are three different answers."""
    assert words in notice.automated("decision", answer, "en")
    assert notice.automated("detection", True, "vi") == "tự động"


def test_a_person_is_told_from_a_rule() -> None:
    """Rule and time are no persons; every role is."""
    assert not notice.by_person(ITEM)
    assert not notice.by_person(with_(by="time"))
    assert notice.by_person(with_(by="reviewer"))
