"""Where texts of others leave the program for a person's eyes: pages, terminal, spreadsheet.

Whatever is written, a page keeps its shape and links nowhere new, a terminal is only written on,
and a table keeps its rows and columns and holds no formula. The judges here read with parsers and
tables of their own: Python's HTML parser and CSV reader, and Unicode's data.
"""

from __future__ import annotations

import contextlib
import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from litestar.testing import TestClient

from ombud.cli import show
from ombud.statement_page import AppealMade, StatementPage
from ombud.web.pages import application
from web.page_elements import Elements
from web.pretend_community import HOSTILE, PAGE, PretendCommunity, changed, demo_state
from web.public_pages import HERE

# --- pages ----------------------------------------------------------------------------------------

WORST = " ".join(text for text in HOSTILE if len(text) < 1000)
PLAIN = "harmless"
ADDRESSES = ("href", "src", "action", "formaction", "srcset", "poster", "ping", "xlink:href")
Place = tuple[str | int, ...]

WHOLE = changed(
    PAGE,
    appeals=(AppealMade(time="2026-11-22T12:00:00Z", text="No.", state="open"),),
    ended="2026-11-22T13:00:00Z",
)
DEMO = demo_state(("a", "b", "c", "d"))
DEMO["hours"] = DEMO["hours"][:2]


def places(value: Any, place: Place = ()) -> Iterator[Place]:
    """Where texts stand in plain values, the names in mappings that are no fields among them."""
    if isinstance(value, str):
        yield place
    elif isinstance(value, list | tuple):
        for number, each in enumerate(value):
            yield from places(each, (*place, number))
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from places(each, (*place, name))


def called(place: Place) -> str:
    """The name of a place."""
    return ".".join(map(str, place))


def put(value: Any, place: Place, text: str) -> Any:
    """The same values with another text at a place."""
    if not place:
        return text
    first, rest = place[0], place[1:]
    if isinstance(value, dict):
        return {name: put(each, rest, text) if name == first else each
                for name, each in value.items()}  # fmt: skip
    return [put(each, rest, text) if number == first else each for number, each in enumerate(value)]


def renamed(value: Any, name: str, to: str) -> Any:
    """The same values with another name in every mapping."""
    if isinstance(value, dict):
        return {to if key == name else key: renamed(each, name, to) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [renamed(each, name, to) for each in value]
    return value


def _place(address: str | None) -> str | None:
    """An address without the decision that a receipt's ends with, or that of the statement beside
    it: it is wholly encoded there.
    """
    ends = r"/(receipt|opening)/[\w%.~/-]+$"
    return None if address is None else re.sub(ends, r"/\1/", address)


def same_shape(hostile: str, plain: str) -> None:
    """A page with a hostile text has the elements, ends, addresses and script of one without."""
    found, usual = Elements(hostile), Elements(plain)
    assert found.shape() == usual.shape()
    assert found.ends == usual.ends
    assert found.others == usual.others
    for name in ADDRESSES:
        for (_, had), (_, has) in zip(usual.starts, found.starts, strict=True):
            assert _place(had.get(name)) == _place(has.get(name))
    assert not any(name.startswith("on") for _, has in found.starts for name in has)
    hidden = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
    assert not hidden.search(hostile)


@pytest.fixture(scope="module")
def statement() -> Iterator[Callable[[Any, str], str]]:
    """Shows a statement page, from its plain values, in a language."""
    community = PretendCommunity()
    with TestClient(application(community)) as client:

        def shown(plain: Any, lang: str = "en") -> str:
            community.page = msgspec.convert(plain, StatementPage)
            found = client.get(f"{HERE}?lang={lang}")
            assert found.status_code == 200
            return found.text

        yield shown


@pytest.fixture(scope="module")
def demo() -> Iterator[Callable[[Any, str], str]]:
    """Shows the demonstration's page, from its plain values, in a language."""
    state: dict[str, Any] = {}
    with TestClient(application(PretendCommunity(), demo=lambda: state)) as client:

        def shown(plain: Any, lang: str = "en") -> str:
            state.clear()
            state.update(plain)
            found = client.get(f"/?lang={lang}")
            assert found.status_code == 200
            part = client.get(f"/demo/part?lang={lang}").text
            assert part.strip() in found.text
            return found.text

        yield shown


PAGE_VALUES: dict[str, Any] = msgspec.to_builtins(WHOLE)
ITEMS = ("items", 0)


@pytest.mark.parametrize("place", [*places(PAGE_VALUES)], ids=called)
def test_no_field_of_a_statement_breaks_out(
    statement: Callable[[Any, str], str], place: Place
) -> None:
    """Every single text of a statement page may be anything at all."""
    for lang in ("en", "vi"):
        plain = statement(put(PAGE_VALUES, place, PLAIN), lang)
        same_shape(statement(put(PAGE_VALUES, place, WORST), lang), plain)


@pytest.mark.parametrize("place", [*places(DEMO)], ids=called)
def test_no_field_of_the_demonstration_breaks_out(
    demo: Callable[[Any, str], str], place: Place
) -> None:
    """Every single text of the live page may be anything; only the address of a notice is one."""
    usual = "javascript:alert(1)" if place[-1] == "link" else PLAIN
    same_shape(demo(put(DEMO, place, WORST), "en"), demo(put(DEMO, place, usual), "en"))


@pytest.mark.parametrize("name", ["link-wave", "petition", "reworded"])
def test_no_name_of_a_kind_breaks_out(demo: Callable[[Any, str], str], name: str) -> None:
    """Names of campaigns, of honest twins and of what was changed stand in drawings too."""
    same_shape(demo(renamed(DEMO, name, WORST), "en"), demo(renamed(DEMO, name, PLAIN), "en"))


@pytest.mark.parametrize("field", ["titles", "texts"])
def test_no_language_breaks_out(statement: Callable[[Any, str], str], field: str) -> None:
    """The language of a text becomes an attribute, and stays in it."""
    shown = [statement({**PAGE_VALUES, field: {name: "A text."}}, "en") for name in (WORST, PLAIN)]
    same_shape(*shown)


# what any text of another may be, with what breaks encoders among it
pieces = st.sampled_from(
    [
        *('"', "'", "<", ">", "&", "</", "<!--", "-->", "<script>", "]]>", "{{", "}}", "{%"),
        *("=", "+", "-", "@", "\t", "\r", "\n", ";", ",", " ", "\xa0", "\u3000", "\ufeff"),
        *("\uff1d", "\uff0b", "\uff0d", "\uff20", "\u2212", "\u207c", "\ufb29", "\ufe66"),
        *("\x1b[2J", "\x1b]0;title\x07", "\x9b31m", "\x9d", "\x08", "\x0c", "\x7f", "\x00"),
        *("\u202e", "\u2066", "\u200b", "\u200f", "\u2028", "\u034f", "\u3164", "\U000e0041"),
        *("\ud800", "\udcff", "http://evil.example", "javascript:", "trò chuyện", "a", "0"),
    ]
)
texts = st.one_of(
    st.lists(pieces, max_size=12).map("".join), st.text(st.characters(exclude_categories=()))
)


@settings(max_examples=40, deadline=None)
@given(st.lists(texts.filter(bool), min_size=4, max_size=4))
def test_no_texts_together_break_out(
    statement: Callable[[Any, str], str], demo: Callable[[Any, str], str], several: list[str]
) -> None:
    """What one text opens, no other one closes."""
    page, state, usual_page, usual_state = PAGE_VALUES, DEMO, PAGE_VALUES, DEMO
    for number, name in enumerate(("subject", "policy_version", "origin")):
        page = put(page, (*ITEMS, name), several[number])
        usual_page = put(usual_page, (*ITEMS, name), PLAIN)
    for number in range(4):
        place: Place = ("recent", number, ("author", "text", "room", "truth")[number])
        state, usual_state = put(state, place, several[number]), put(usual_state, place, PLAIN)
    same_shape(statement(page, "en"), statement(usual_page, "en"))
    same_shape(demo(state, "en"), demo(usual_state, "en"))


# --- the terminal ---------------------------------------------------------------------------------

# Unicode 15, DerivedCoreProperties: Default_Ignorable_Code_Point; and a letter that has no ink
UNSEEN = {
    *(0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFEFF, 0xFFA0),
    *range(0x180B, 0x1810),
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    *range(0xFE00, 0xFE10),
    *range(0xFFF0, 0xFFF9),
    *range(0x1BCA0, 0x1BCA4),
    *range(0x1D173, 0x1D17B),
    *range(0xE0000, 0xE1000),
}
ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


def seen(char: str) -> bool:
    """Whether a character shows something and does nothing."""
    kind = unicodedata.category(char)
    return char == " " or (kind[0] not in "CZ" and ord(char) not in UNSEEN)


def terminal(*said: Callable[[], None]) -> str:
    """What some calls print, on either stream."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        for each in said:
            each()
    return out.getvalue()


def test_nothing_that_acts_or_hides_reaches_a_terminal() -> None:
    """Not one of all characters there are: controls of both sets, overrides, halves, blanks."""
    for number in range(0x110000):
        char = chr(number)
        shown = show.plain(char)
        assert shown == (char if seen(char) or char == "\n" else f"\\u{{{number:x}}}")


@pytest.mark.parametrize(
    "text",
    [
        "\x1b[2J\x1b[H",  # CSI: clears the screen
        "\x1b]0;owned\x07",  # OSC: sets the window's title
        "\x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\",  # OSC 8: a link
        "\x1b]52;c;cm0gLXJm\x07",  # OSC 52: the clipboard
        "\x1bP$q\x1b\\",  # DCS: makes the terminal type
        "\x9b31m\x9d0;t\x9c",  # the same in one byte each, C1
        "ok\rno",
        "no\x08\x08ok",
        "\x07\x0b\x0c\x0e\x0f\x05\x7f\x00",
        "\u202egpj.exe\u2066\u2069",
        "a\u200b\u200c\u200d\u2060\ufeffb",
        "\u2028\u2029\x85\x1c\x1d\x1e",
    ],
)
def test_known_attacks_are_spelled_out(text: str) -> None:
    """Each of their characters that is more than ink stands as its number, nothing vanishes."""
    shown = terminal(lambda: show.say(text), lambda: show.talk(text)).splitlines()
    assert shown == [shown[0]] * 2
    assert all(map(seen, shown[0]))
    assert ESCAPED.sub(lambda found: chr(int(found[1], 16)), shown[0]) == text


@given(texts)
def test_a_text_can_be_read_back(text: str) -> None:
    """What is shown says exactly what was there."""
    shown = show.plain(text)
    assert all(seen(char) or char == "\n" for char in shown)
    if "\\u{" not in text:
        assert ESCAPED.sub(lambda found: chr(int(found[1], 16)), shown) == text


@given(texts)
@example("asked\nreceipt: leaf 1 of the public log")
@example("\n\n")
def test_nobody_writes_a_line_of_ours(text: str) -> None:
    """However many lines a text has, it is one of ours: the others are set apart."""
    first, *others = terminal(lambda: show.say(f"told: {text}")).removesuffix("\n").split("\n")
    assert first.startswith("told: ")
    assert len(others) == text.count("\n")
    assert all(line.startswith("  | ") for line in others)


# --- the spreadsheet ------------------------------------------------------------------------------

SIGNS = {
    chr(number)
    for number in range(0x10000)
    if unicodedata.normalize("NFKC", chr(number)) in ("=", "+", "-", "@", "\u2212")
}
SKIPPED = '"' + "".join(chr(number) for number in range(0x3001) if chr(number).isspace())


def printed(rows: list[dict[str, Any]]) -> str:
    """The table that is printed."""
    return terminal(lambda: show.print_csv(rows))


def read(table: str, delimiter: str = ",") -> list[list[str]]:
    """The cells as a spreadsheet finds them."""
    return list(csv.reader(io.StringIO(table, newline=""), delimiter=delimiter))


def computes(cell: str) -> bool:
    """Whether a spreadsheet may take a cell for a formula."""
    return cell.lstrip(SKIPPED)[:1] in SIGNS  # what begins with an apostrophe is text


BEFORE = ("", " ", "   ", "\xa0", "\u3000", '"', "'", '"\' "', "\t", "\r", "\n", "; ", ';"')


@pytest.mark.parametrize("sign", sorted(SIGNS))
def test_no_sign_begins_a_formula(sign: str) -> None:
    """Neither as it is nor behind spaces or quotes, in ASCII or of another width."""
    for before in BEFORE:
        attack = f'{before}{sign}cmd|"/C calc"!A1'
        for value in (attack, [attack, attack], f"note;{attack}"):
            _, (cell, last) = read(printed([{"a": value, "b": "end"}]))
            assert not computes(cell)
            assert not any(computes(part) for part in cell.split(";"))
            assert last == "end"


def test_what_is_no_formula_stays_as_it_is() -> None:
    """Texts, numbers and nothing; a sign within is only a sign."""
    values = ["a=b", "1-2", "ana@talk.example", "a; b", "«x»", "", "Trò chuyện", "a, b", 'say "x"']
    _, cells = read(printed([{str(number): value for number, value in enumerate(values)}]))
    assert cells == values
    _, cells = read(printed([{"a": 3, "b": None, "c": True, "d": ["x", "y"], "e": ()}]))
    assert cells == ["3", "", "True", "x; y", ""]
    assert printed([]) == ""


tables = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.one_of(texts, st.lists(texts, max_size=3)), min_size=width, max_size=width),
        min_size=1,
        max_size=4,
    )
)


@settings(max_examples=300, deadline=None)
@given(tables)
@example([['";=1"', 'a;""=1+1"'], ["\r\n=1", '"\n"']])
@example([[';"'], ["-->,"]])
def test_a_table_keeps_its_rows_and_columns(cells: list[list[Any]]) -> None:
    """Read back it has as many of both, no cell computes, and nothing in it moves a terminal; nor
    does a cell compute where semicolons or tabs are taken to part them.
    """
    names = [f"column {number}" for number in range(len(cells[0]))]
    table = printed([dict(zip(names, row, strict=True)) for row in cells])
    assert all(seen(char) for char in table.replace("\r\n", ""))
    head, *found = read(table)
    assert head == names
    assert [len(row) for row in found] == [len(row) for row in cells]
    for delimiter in (",", ";", "\t"):
        assert not [cell for row in read(table, delimiter) for cell in row if computes(cell)]
    for row, given_row in zip(found, cells, strict=True):
        for cell, value in zip(row, given_row, strict=True):
            if isinstance(value, str):
                guarded = show.plain(value).replace("\n", " ")
                assert cell.replace("'", "") == guarded.replace("'", "")
