"""What the phrases mean."""

from __future__ import annotations

import pytest

from ombud.model import Account, Avatar, Data, Event, Value
from ombud.rules.phrases import LIKENED, WORD_LENGTH_MAX, WORDS_MAX, reader
from ombud.signals import sketch
from ombud.signals.lists import TermList
from ombud.signals.observation import Recalled
from rules.rules_made import MadePast, checked, only, readers, seen, slot_values


def _says(condition: str, **data: object) -> Value:
    rule = checked(f"  {condition}")
    return next(iter(slot_values(rule, seen("post", None, **data)).values()))


@pytest.mark.parametrize(
    ("operand", "text", "holds"),
    [
        ("casino", "Best CASINO here", True),
        ("casino", "casinos", False),
        ("casino", "my-casino!", True),
        ("casino", "c\u200basino", True),
        ("casino", "cas\u0456no", True),  # a Cyrillic i
        ("free", "fr33 stuff", True),
        ("ban", "bán hàng", True),
        ("bán", "bán hàng", True),
        ("bán", "bạn ơi", False),
        ("bán", "ban nhạc", False),
        ("://", "http://a.example", True),
        ("$", "5$", True),
        ("buy now", "BUY  now", True),
        ("chi", "chí", True),
        ("ho", "hồ", True),
    ],
)
def test_contains_finds_whole_words_in_every_view(operand: str, text: str, holds: bool) -> None:
    """Case, invisible letters, look-alikes hide no word; diacritics that are written count."""
    assert _says(f'text contains "{operand}"', text=text) is holds


def test_contains_agrees_with_lists() -> None:
    """A word in quotes and the same word in a list are found in the same texts."""
    for text in ("bán hàng online", "ban hang", "BÁN HÀNG", "bạn hàng", "xbán hàng", ""):
        contains = _says('text contains "bán hàng"', text=text)
        assert contains is _says('text in list "words"', text=text)


@pytest.mark.parametrize(
    "condition",
    [
        'text contains "a"',
        'text starts with "a"',
        'text matches "a"',
        'text in list "words"',
        'links any in list "our own sites"',
        'links all in list "our own sites"',
        'author in list "trusted helpers"',
        'author.name resembles list "staff names" >= 90 %',
        'author.name = "a"',
        'author.name != "a"',
    ],
)
def test_unknown_stays_unknown(condition: str) -> None:
    """Where the fact is not known, no phrase is true or false."""
    assert _says(condition) is None


def test_all_and_any_of_nothing_are_false() -> None:
    """With nothing to test neither holds."""
    assert _says('links all in list "our own sites"', text="no links") is False
    assert _says('links any in list "our own sites"', text="no links") is False
    assert _says('author.role all in list "words"', author=Account("x")) is False


def test_sites_are_listed_with_what_is_below_them() -> None:
    """A host counts where it or a domain above it is listed."""
    text = "http://www.ours.example/a http://ours.example"
    assert _says('links all in list "our own sites"', text=text) is True
    mixed = text + " http://notours.example"
    assert _says('links all in list "our own sites"', text=mixed) is False
    assert _says('links any in list "our own sites"', text=mixed) is True


def test_names_are_compared_without_case() -> None:
    """Ids and names are equal apart from case."""
    assert _says('author in list "trusted helpers"', author=Account("BOT-1")) is True
    assert _says('author.name = "ÁNA"', author=Account("x", name="ána")) is True
    assert _says('author.name != "ana"', author=Account("x", name="Ana")) is False


def test_patterns_see_the_normalised_text_in_any_case() -> None:
    """Patterns are written in either case and look anywhere."""
    assert _says('text matches "B[uv]y\\s+now"', text="please BUY\tnow") is True
    assert _says('text matches "^now"', text="buy now") is False


def test_a_pattern_that_would_hang_another_engine_ends() -> None:
    """Nested repetition over a long text is linear in RE2."""
    assert _says('text matches "(a+)+$"', text="a" * 60_000 + "b") is False


def test_an_expired_entry_no_longer_counts() -> None:
    """A list is asked as of the event's own time."""
    atom = only(checked('  author in list "trusted helpers"')).atom
    listed = TermList("trusted helpers", ("ana",), {}, {"ana": 1_000})
    compute = reader(atom, {"trusted helpers": listed}).compute
    event = seen(author=Account("ana"))
    event.at = 999
    assert compute(event) is True
    event.at = 1_000
    assert compute(event) is False


def test_matched_words_are_given_and_bounded() -> None:
    """What matched is told, five words of a hundred letters at most."""
    rule = checked('  text matches "a+"\n  links any in list "our own sites"')
    hosts = " ".join(f"http://s{number}.ours.example" for number in range(9))
    event = seen(text="a" * 500 + " " + hosts)
    words = [each.words(event) for each in readers(rule).values()]
    assert words[0] == ("a" * WORD_LENGTH_MAX,)
    assert len(words[1]) == WORDS_MAX
    likest = checked('  author.name resembles list "staff names" >= 90 %')
    event = seen(author=Account("x", name="Аdmin"))
    assert [each.words(event) for each in readers(likest).values()] == [("Аdmin",)]


def test_a_likeness_quotes_nobody_else_s_name() -> None:
    """What is told is the name that was written, not the protected one that it resembles."""
    rule = checked('  author.name resembles list "staff names" >= 90 %')
    event = seen(author=Account("x", name="4dmin"))
    assert [each.words(event) for each in readers(rule).values()] == [("4dmin",)]


def test_the_likest_of_several_sites_counts() -> None:
    """A look-alike among honest links is enough; the listed site itself is none."""
    phrase = 'links resemble list "our own sites" >= 90 %'
    assert _says(phrase, text="http://0urs.example http://other.example") is True
    assert _says(phrase, text="http://ours.example.evil.example/login") is True
    assert _says(phrase, text="http://ours.example http://www.ours.example") is False
    assert _says(phrase, text="http://other.example") is False
    assert _says(phrase, text="no links") is False
    assert _says(phrase) is None
    assert _says('links resemble list "our own sites" < 90 %', text="no links") is True


def test_the_likest_of_several_names_counts() -> None:
    """Plural facts that are no sites are compared as names."""
    phrase = 'author.role resemble list "staff names" >= 90 %'
    assert _says(phrase, author=Account("x", roles=("guest", "m0derator"))) is True
    assert _says(phrase, author=Account("x", roles=("guest",))) is False


def test_only_the_hosts_that_resemble_are_told() -> None:
    """A statement names the look-alike, not the honest links beside it, nor the listed site."""
    rule = checked('  links resemble list "our own sites" >= 90 %')
    event = seen(text="http://other.example http://0urs.example/x http://ours.example")
    assert [each.words(event) for each in readers(rule).values()] == [("0urs.example",)]


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        (Avatar(pdq="0" * 63 + "f"), True),
        (Avatar(pdq="0" * 56 + "f" * 8), False),
        (Avatar(pdq="0" * 64, quality=50), True),
        (Avatar(pdq="0" * 64, quality=49), None),
        (Avatar(sha256="0" * 64), None),
        (None, None),
    ],
)
def test_a_picture_resembles_a_listed_one_by_its_hash(
    picture: Avatar | None, expected: bool | None
) -> None:
    """By equal bits, and never as a name; unknown where no hash says anything."""
    rule = checked('  author.avatar resembles list "staff avatars" >= 88 %')
    event = seen(author=Account("a", name="0" * 64, avatar=picture))
    assert list(slot_values(rule, event).values()) == [expected]
    named = checked('  author.name resembles list "staff avatars" >= 88 %')
    assert list(slot_values(named, event).values()) == [True]
    assert not rule.likens
    assert named.likens


def test_two_people_s_pictures_are_held_against_each_other() -> None:
    """The author's against the target's."""
    rule = checked("  author.avatar resembles target.avatar >= 88 %", kinds="post")
    same, other = Avatar(pdq="0" * 64), Avatar(pdq="f" * 64)
    for picture, expected in ((same, True), (other, False)):
        event = seen(author=Account("a", avatar=same), mentions=(Account("b", avatar=picture),))
        assert list(slot_values(rule, event).values()) == [expected]


class Remembering(MadePast):
    """A past in which one name is kept, and maybe was not the only one."""

    def __init__(self, name: str, *, complete: bool) -> None:
        super().__init__()
        secret = seen().secret
        values = sketch.labelled(sketch.name_bits(name, secret), name, 999 << 20, secret)
        self.recalled = Recalled(frozenset(values), complete)

    def recall(self, window: int, keys: tuple[int, ...], width: int) -> Recalled:
        """What is kept, whatever is asked for."""
        assert window
        assert keys
        assert width
        return self.recalled


@pytest.mark.parametrize(
    ("comparison", "kept", "whole", "partly"),
    [
        (">= 70 %", "raider 7", True, True),  # a likelier one changes nothing
        (">= 70 %", "Zoe", False, None),
        ("> 99 %", "Zoe", False, None),
        ("> 100 %", "raider 7", False, False),  # nothing can be
        ("< 70 %", "Zoe", True, None),
        ("< 70 %", "raider 7", False, False),
        ("<= 100 %", "Zoe", True, True),
        ("= 100 %", "raider 7", True, True),
        ("= 50 %", "raider 7", False, False),  # it is more already
        ("= 50 %", "Zoe", False, None),
        ("!= 50 %", "raider 7", True, True),
        ("!= 50 %", "Zoe", True, None),
    ],
)
def test_a_likeness_is_unknown_only_where_it_could_come_out_otherwise(
    comparison: str, kept: str, whole: bool, partly: bool | None
) -> None:
    """Where names were let go the largest likeness can only be larger than what was found."""
    rule = checked(f"  author.name resembles recent names {comparison}")
    for complete, expected in ((True, whole), (False, partly)):
        past = Remembering(kept, complete=complete)
        event = seen(past=past, author=Account("a", name="Raider"))
        (found,) = slot_values(rule, event).values()
        assert found is expected


def test_an_empty_event_has_no_words() -> None:
    """Asking for words where nothing is known gives none."""
    event = Event("1", "s", "post.created", seen().event.time, data=Data())
    assert event.data.text is None
    for condition in ('text in list "words"', 'author.name resembles list "staff names" > 1 %'):
        rule = checked(f"  {condition}")
        assert [each.words(seen()) for each in readers(rule).values()] == [()]


def test_the_first_sites_of_a_post_are_compared() -> None:
    """As many as LIKENED, so that no post holds up the others; one more is not looked at."""
    phrase = 'links resemble list "our own sites" >= 90 %'
    honest = [f"http://site{n}.example/" for n in range(LIKENED)]
    for place, found in ((0, True), (LIKENED - 1, True), (LIKENED, False)):
        links = [*honest[:place], "http://0urs.example/", *honest[place:]]
        assert _says(phrase, text=" ".join(links)) is found
