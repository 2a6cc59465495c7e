"""The words of the public pages: complete in every language, never a way in for others' text."""

from __future__ import annotations

import re
import string
import unicodedata
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.i18n import SPOKEN
from ombud.simulate.adaptive import CAMPAIGN, Way
from ombud.simulate.campaigns import CAMPAIGNS
from ombud.simulate.twins import TWINS
from ombud.web import words

WEB = Path(words.__file__).parent
SOURCES = {
    path: path.read_text(encoding="utf-8")
    for path in [*WEB.glob("templates/*.html"), *WEB.rglob("*.py")]
}
# Said by the name of something: `named("state", ...)`, "problem." ~ kind.
GROUPS = re.compile(
    r"(state|headline|licence|origin|delivery|role|appeals|problem|error|month|action|truth"
    r"|campaign|changed|event|how\.detection|how\.decision|demo\.outcome|done|own\.how"
    r"|own\.theme|kind|asked|apart|act|on|by|outcome|offer|length|cases\.state|cases\.none"
    r"|case\.lookup|incident|witness"
    r"|case\.act|harm|appeal\.apart|appeal\.may|appeal\.outcome"
    r"|lookup\.kind|records\.(did|chat)|wall|rules|orders|looks\.answer|labels|lists|demand|demands"
    r"|case\.lookup|incident|witness|transparency|published|homes\.done|homes\.next)\."
)
LITERAL = re.compile(r'(?<!i18n\.)(?:\bsay|\bsay_in|TEXTS)[(\[]\s*["\']([^"\']+)["\']\s*[,)\]]')


def places(template: str) -> list[str]:
    """The names of the places to fill in a template, sorted."""
    return sorted({name for _, name, _, _ in string.Formatter().parse(template) if name})


def amiss(key: str) -> list[str]:
    """What is wrong with a text, in words."""
    texts = words.TEXTS[key]
    found = []
    if set(texts) != set(SPOKEN):
        found.append(f"is there in {sorted(texts)}")
    if not all(text.strip() == text and text for text in texts.values()):
        found.append("is empty, or has spaces around it")
    if len({tuple(places(text)) for text in texts.values()}) != 1:
        found.append("fills other places in another language")
    if "<" in "".join(texts.values()):
        found.append("has markup")
    if unicodedata.normalize("NFC", texts.get("vi", "")) != texts.get("vi", ""):
        found.append("is not in composed form")
    return [f"{key} {each}" for each in found]


def test_every_page_text_exists_in_every_language() -> None:
    """No language lacks a text, none is empty, all fill the same places, none has markup; and
    Vietnamese letters are single characters, so that searching a page finds them.
    """
    assert [each for key in sorted(words.TEXTS) for each in amiss(key)] == []


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"en": "A"}, "is there in"),
        ({"en": "A", "vi": ""}, "is empty"),
        ({"en": "A", "vi": " B"}, "is empty"),
        ({"en": "{a}", "vi": "{b}"}, "fills other places"),
        ({"en": "<b>A", "vi": "B"}, "has markup"),
        ({"en": "A", "vi": "a\u0301"}, "is not in composed form"),
    ],
)
def test_each_thing_amiss_is_found(
    monkeypatch: pytest.MonkeyPatch, texts: dict[str, str], said: str
) -> None:
    """The check of all texts would say little if it found nothing in a bad one."""
    monkeypatch.setattr(words, "TEXTS", {"a.key": texts})
    (found,) = amiss("a.key")
    assert found.startswith(f"a.key {said}")


def test_every_text_that_is_asked_for_exists_and_the_other_way_round() -> None:
    """Templates and code name no text that is missing, and no text stands there unused."""
    named = {key for text in SOURCES.values() for key in LITERAL.findall(text)}
    assert named - set(words.TEXTS) == set()
    everything = "\n".join(SOURCES.values())
    unused = [
        key
        for key in words.TEXTS
        if not GROUPS.match(key)
        and not any(f"{mark}{key}{mark}" in everything for mark in ("'", '"'))
    ]
    assert unused == []


def test_every_campaign_of_the_simulation_has_a_name() -> None:
    """The demo calls campaigns, honest twins and what a spammer changes by the reader's words."""
    names = [f"campaign.{name}" for name in (*CAMPAIGNS, *TWINS, CAMPAIGN)]
    names += [f"changed.{each.name}" for each in fields(Way)]
    assert [name for name in names if name not in words.TEXTS] == []


def test_a_language_has_a_name_of_its_own() -> None:
    """The link that switches to a language says so in that language."""
    assert set(words.LANGUAGE_NAMES) == set(SPOKEN)


def test_values_are_escaped_and_never_templates() -> None:
    """What somebody wrote is shown as it stands: no markup, no places to fill."""
    said = words.say("notice.from", "en", community="<b>{0.__class__}{community}</b>")
    assert said == "A message from &lt;b&gt;{0.__class__}{community}&lt;/b&gt;"


def test_markup_of_ours_stays_markup() -> None:
    """A time stays an element inside a sentence."""
    said = words.say("now.ended", "vi", time=words.moment("2026-11-22T10:00:00Z", "vi"))
    assert said == (
        'Kết thúc lúc <time datetime="2026-11-22T10:00:00Z">10:00 ngày 22 tháng 11 năm 2026 '
        "(giờ\u00a0UTC)</time>."
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, Tiếng Việt, שלום, 👩‍👧", "plain, Tiếng Việt, שלום, 👩‍👧"),
        ("a\u202eb\u2066c", "a⟨U+202E⟩b⟨U+2066⟩c"),
        ("a\x00b\x1b[1m", "a␀b␛[1m"),
        ("a\x7fb\x9fc", "a⟨U+007F⟩b⟨U+009F⟩c"),
        ("a\ud800b", "a\ufffdb"),
        ("a\r\nb\rc\u2028d\u2029e\x85f\tg", "a\nb\nc\nd\ne\nf\tg"),
        ("marks \u200e\u200f stay", "marks \u200e\u200f stay"),
    ],
)
def test_nothing_hides_in_a_text(text: str, shown: str) -> None:
    """What cannot be seen, or turns what follows, is named; ordinary writing stays as it is."""
    assert words.visible(text) == shown


@given(st.text(st.characters(exclude_categories=())))
def test_what_is_shown_can_always_be_written(text: str) -> None:
    """Whatever comes in, the result is valid UTF-8 without controls, and stays the same."""
    shown = words.visible(text)
    shown.encode()
    assert not [each for each in shown if unicodedata.category(each) == "Cc" and each not in "\t\n"]
    assert words.visible(shown) == shown


def test_a_text_is_chosen_by_language_and_says_which() -> None:
    """The reader's language first, then one that is spoken here, then any; empty texts never."""
    assert words.choose({"en": "a", "vi": "b"}, "vi") == ("b", "vi")
    assert words.choose({"vi": "b", "de": "c"}, "en") == ("b", "vi")
    assert words.choose({"de": "c", "en": ""}, "en") == ("c", "de")
    assert words.choose({}, "en") is None


@pytest.mark.parametrize(
    ("time", "shown"),
    [
        ("2026-11-22T10:00:00Z", ("2026-11-22T10:00:00Z", "22 November 2026, 10:00\u00a0UTC")),
        ("2026-01-01T01:30:00+07:00", ("2025-12-31T18:30:00Z", "31 December 2025, 18:30\u00a0UTC")),
    ],
)
def test_times_are_in_utc(time: str, shown: tuple[str, str]) -> None:
    """A time is shown in UTC, whatever offset it was written with."""
    assert words.moment(time, "en") == f'<time datetime="{shown[0]}">{shown[1]}</time>'


@pytest.mark.parametrize("time", ["", "<b>", "0001-01-01T00:00:00+23:59", "2026-13-01T00:00:00Z"])
def test_what_is_no_time_is_shown_as_text(time: str) -> None:
    """A value that is no time is escaped and breaks nothing."""
    assert words.moment(time, "en") == time.replace("<", "&lt;").replace(">", "&gt;")


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("vi", "vi"),
        ("vi-VN,vi;q=0.9,en;q=0.8", "vi"),
        ("en;q=0.5,vi;q=0.7", "vi"),
        ("de,fr;q=0.9", None),
        ("de, en-GB;q=0.1", "en"),
        ("vi;q=0", None),
        ("vi;q=x, en", "en"),
        ("", None),
        (",;q=,;;;", None),
        ("x" * 10_000 + ",vi", None),
    ],
)
def test_a_browser_asks_for_a_language(header: str, lang: str | None) -> None:
    """The spoken language with the highest weight is taken; nonsense is passed over."""
    assert words.accepted(header) == lang


def test_a_name_outside_the_list_stands_for_itself() -> None:
    """A word that has no translation is shown as it is."""
    assert words.named("state", "ended", "vi") == "đã kết thúc"
    assert words.named("state", "unheard of", "vi") == "unheard of"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("one\ntwo", "one two"),
        ("one\n\ntwo", "one\n\ntwo"),
        ("these:\n- a\n- b", "these:\n- a\n- b"),
        ("1. a\n2. b", "1. a\n2. b"),
        ("một\nhai", "một hai"),
    ],
)
def test_lines_that_were_only_broken_are_joined(text: str, shown: str) -> None:
    """A clause is shown in paragraphs and lists, not in the lines of its file."""
    assert words.reflowed(text) == shown
