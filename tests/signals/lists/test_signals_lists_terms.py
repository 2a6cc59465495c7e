"""Lists of terms: read from files, asked about values, hosts, texts and names."""

from __future__ import annotations

import hashlib
import random
import re
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ombud.clock import DAY, from_datetime
from ombud.signals import lookalike, views
from ombud.signals.lists import TermList
from ombud.signals.lists import terms as terms_of
from ombud.signals.lists.names import RESEMBLES_MIN
from ombud.signals.lists.reading import parse
from ombud.signals.lists.words import FOUND_MAX, has_star


def listed(*terms: str) -> TermList:
    """A list of these terms."""
    return TermList("some", terms)


def found(terms: TermList, text: str) -> tuple[str, ...]:
    """The terms found in a text, in all views."""
    normal = views.normalise(text)
    return terms.find(text, normal, views.fold(normal), views.skeleton(text))


# --- entries ------------------------------------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
@example(b"*000")
def test_any_bytes_are_read(content: bytes) -> None:
    """No bytes raise, and what is taken can be asked; a term with a star is for texts only."""
    terms, _ = parse("some", content)
    for term in terms.terms:
        assert terms.has(term) or has_star(term)
    assert len(terms.digest) == 64


def test_the_digest_stands_for_the_entries() -> None:
    """Order, comments and repetition do not change the digest; entries and expiries do."""
    digest = parse("some", b"a\nb")[0].digest
    assert parse("other", b"# x\nb\r\na\na\n")[0].digest == digest
    assert parse("some", b"a\nc")[0].digest != digest
    assert parse("some", b"a\nb\t\t2027-01-01")[0].digest != digest
    assert parse("some", b"ab")[0].digest != digest
    assert digest == hashlib.sha256(b"a\nb\n").hexdigest()
    dated, _ = parse("some", b"c\nb\tx\t2027-01-01\na\tx\nd\t\t2027-01-01")
    text = b"a\tx\nb\tx\t2027-01-01T00:00:00Z\nc\nd\t\t2027-01-01T00:00:00Z\n"
    assert dated.digest == hashlib.sha256(text).hexdigest()


def test_a_long_list_has_the_digest_of_its_sorted_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many parts it was sorted in."""
    listed = [f"w{n * 7919 % 1000}" for n in range(1000)]
    whole = "".join(sorted(f"{each}\n" for each in listed)).encode()
    for most in (1, 3, 999, 1000, 5000):
        monkeypatch.setattr(terms_of, "SORTED_MAX", most)
        assert TermList("some", tuple(listed)).digest == hashlib.sha256(whole).hexdigest()


# --- expiry ---------------------------------------------------------------------------------------


def test_an_entry_counts_until_it_expires() -> None:
    """At its expiry an entry no longer counts; the others stay; nothing changes before."""
    terms, _ = parse("some", b"a\nb\t\t2027-01-02\nc\t\t2027-01-04")
    end = from_datetime(datetime(2027, 1, 2, tzinfo=UTC))
    assert terms.active(end - 1) is terms
    assert [terms.active(end).has(each) for each in "abc"] == [True, False, True]
    assert terms.active(end).find("a b c", None, None, None) == ("a", "c")
    assert [terms.active(end + 2 * DAY).has(each) for each in "abc"] == [True, False, False]
    assert terms.terms == ("a", "b", "c")


def test_an_entry_has_the_latest_end_of_all_its_spellings() -> None:
    """`B` and `b` are one entry: where one of them has no end, neither has."""
    terms, _ = parse("some", b"A\t\t2027-01-02\na\nB\t\t2027-01-02\nb\t\t2027-01-04")
    assert terms.ends == {"b": from_datetime(datetime(2027, 1, 4, tzinfo=UTC))}


@pytest.mark.parametrize("asked", ["has", "has_host", "find", "resemblance"])
def test_an_ended_entry_leaves_its_twin(asked: str) -> None:
    """Where two entries stand for the same, one of them goes on when the other has ended."""
    rows = {
        "has": ("Foo", "foo", "foo"),
        "has_host": ("a.example", "http://a.example/", "www.a.example"),
        "find": ("modern", "rnodern", "modern"),
        "resemblance": ("Ana Nguyen", "ana_nguyen", "ananguyen"),
    }
    one, other, value = rows[asked]
    end = from_datetime(datetime(2027, 1, 2, tzinfo=UTC))
    lasting = TermList("some", (one, other), {}, {one: end})
    gone = TermList("some", (one, other), {}, {one: end, other: end})
    for terms, there in ((lasting, True), (gone, False)):
        view = terms.active(end)
        found = (
            view.find(None, value, None, views.skeleton(value))
            if asked == "find"
            else getattr(view, asked)(value)
        )
        assert bool(found) is there


def test_the_later_end_of_a_term_listed_twice_counts() -> None:
    """Of two expiries the later one counts, and none is the latest."""
    both, _ = parse(
        "some", b"a\t\t2027-01-02\na\t\t2027-03-02\nb\t\t2027-01-02\nb\nc\nc\t\t2027-01-02"
    )
    assert both.terms == ("a", "b", "c")
    assert both.expires == {"a": from_datetime(datetime(2027, 3, 2, tzinfo=UTC))}


# --- values and hosts -----------------------------------------------------------------------------


def test_a_value_is_listed_apart_from_case_and_width() -> None:
    """Values are compared whole, in one case and normalised."""
    terms = listed("@Ana:Matrix.example", "ＡＢＣ")
    assert terms.has("@ana:matrix.example")
    assert terms.has("abc")
    assert not terms.has("@ana:matrix.exampl")
    assert not terms.has("")


@pytest.mark.parametrize(
    ("entry", "host", "there"),
    [
        ("example.org", "example.org", True),
        ("example.org", "a.b.example.org", True),
        ("example.org", "notexample.org", False),
        ("example.org", "org", False),
        ("Example.ORG", "example.org", True),
        ("*.example.org", "a.example.org", True),
        ("*.example.org", "example.org", False),
        ("https://example.org/path", "www.example.org", True),
        ("bücher.example", "www.xn--bcher-kva.example", True),
        ("127.0.0.1", "127.0.0.1", True),
        ("http://0x7f.1/", "127.0.0.1", True),
        ("[::1]", "[::1]", True),
        ("www.example.org", "example.org", False),
        ("word", "word", False),
        ("localhost:8080", "localhost", True),
    ],
)
def test_a_host_is_listed_with_what_is_below(entry: str, host: str, there: bool) -> None:
    """A listed domain stands for itself and all below it, a wildcard only for what is below."""
    assert listed(entry).has_host(host) is there


def test_a_long_host_is_looked_up_quickly() -> None:
    """A host of many labels ends."""
    assert not listed("example.org").has_host("a." * 30_000 + "net")


# --- texts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("term", "text", "there"),
    [
        ("ass", "first class", False),
        ("ass", "an ass!", True),
        ("ass", "ass", True),
        ("ass", "ass_2", False),
        ("free money", "FREE   Money now", True),
        ("free money", "fr33 m0ney", True),
        ("free money", "carefree money", False),
        ("paypal", "pаypal", True),  # Cyrillic а
        ("paypal", "p\u200baypal", True),
        ("chó", "con chó", True),
        ("chó", "cho tôi", False),
        ("chó", "chờ", False),
        ("cho", "chờ", True),
        ("cho", "con chó", True),
        ("c++", "I like c++!", True),
        ("c++", "c+", False),
        ("🍆", "hey🍆you", True),
        ("诈骗", "这是诈骗信息", True),
        ("สวัสดี", "คนสวัสดีครับ", True),
        ("사기", "이것은 사기", True),
        ("ho", "ho\u0e49", False),
        ("modern", "modern", True),
        ("rnodern", "modern", True),
        ("#tag", "a #tag here", True),
        ("100", "loo", False),
        ("", "anything", False),
    ],
)
def test_terms_are_found_as_whole_words(term: str, text: str, there: bool) -> None:
    """A term is found in any view, but never inside another word."""
    assert bool(found(listed(term), text)) is there


def test_only_given_views_are_looked_at() -> None:
    """A view that was not made is not searched; the text alone is read normalised."""
    terms = listed("money")
    assert terms.find("MONEY", None, None, None) == ("money",)
    assert terms.find("m0ney", "m0ney", None, None) == ()
    assert terms.find("m0ney", "m0ney", None, views.skeleton("m0ney")) == ("money",)
    assert terms.find("mónéy", "mónéy", None, None) == ()
    assert terms.find("mónéy", "mónéy", "money", None) == ("money",)
    assert terms.find(None, None, None, None) == ()
    assert listed().find("text", "text", "text", "text") == ()


def test_terms_are_told_as_listed_and_few() -> None:
    """At most five terms are told, each once, in their own spelling."""
    terms = listed("One", "two", "three", "four", "five", "six")
    assert found(terms, "one ONE one") == ("One",)
    assert found(listed("rnodern", "modern"), "rnodern") == ("rnodern",)
    assert len(found(terms, "one two three four five six")) == FOUND_MAX


def test_a_word_inside_another_does_not_hide_a_whole_one() -> None:
    """Overlapping terms are all looked at."""
    assert found(listed("free", "free mon"), "free money") == ("free",)
    assert set(found(listed("bad", "very bad"), "very bad")) == {"bad", "very bad"}


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.text(alphabet="abc d", min_size=1, max_size=4), max_size=8),
    st.text(alphabet="abc d.", max_size=30),
)
@example(["a a"], "a.a aa")  # between ends where the dot is, and there the term is not
def test_found_terms_are_the_whole_words_of_the_text(some: list[str], text: str) -> None:
    """Of plain words exactly those are found that stand between spaces, dots or ends."""
    terms = [term for term in dict.fromkeys(" ".join(term.split()) for term in some) if term]
    normal = " ".join(text.split())
    expected = {t for t in terms if re.search(rf"(?<![abcd]){t}(?![abcd])", normal)}
    got = set(TermList("some", tuple(terms)).find(None, normal, None, None))
    assert got <= expected
    assert len(got) == min(len(expected), FOUND_MAX)


# --- names ----------------------------------------------------------------------------------------


def test_the_most_similar_name_counts() -> None:
    """A name resembles a list as much as it resembles its most similar term."""
    names = listed("PayPal", "Ana Nguyen", "Moderator")
    assert names.resemblance("paypa1") == 1000
    assert names.resemblance("paypal_support") == lookalike.AFFIXED
    assert names.resemblance("paypel") == lookalike.resemblance("PayPal", "paypel") == 833
    assert listed("abcdefghij").resemblance("abcdefgxyz") == 700
    assert names.resemblance("somebody else") == 0
    assert names.resemblance("") == 0
    assert listed().resemblance("ana") == 0


def test_resemblance_to_a_list_is_the_best_of_all_pairs() -> None:
    """The arrangement by length and letters never loses the most similar name."""
    source = random.Random(7)
    names = ["".join(source.choices("abcdeé7 ", k=source.randint(1, 12))) for _ in range(120)]
    names += [f"{name} support" for name in names[:20]]
    terms = TermList("names", tuple(names[:80]))
    for name in names[80:]:
        best = max(lookalike.resemblance(name, term) for term in terms.terms)
        assert terms.resemblance(name) == (best if best >= RESEMBLES_MIN else 0), name


def test_a_hash_that_has_ended_is_resembled_no_more() -> None:
    """Pictures of a list end as its other entries do; a list that includes another sees both."""
    dark, light = "0" * 64, "f" * 64
    listed = TermList("avatars", (dark, light), expires={dark: 100})
    assert listed.picture("0" * 63 + "1") == 996
    assert listed.active(99).picture(dark) == 1000
    assert listed.active(100).picture(dark) == 0
    assert listed.active(100).picture(light) == 1000
