"""What is shown of second looks: what was said and no more, one's own figures, everybody's."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from flow.case_desk import DESK_RULES
from flow.platform_side import Platform, connected
from ombud import staffing
from ombud.lookbook import BEHIND, PEOPLE_MIN, Lookbook, Own
from ombud.review import drawing
from ombud.review.agreement import ENOUGH, agreement
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import Store
from test_looks import answer, judged, next_look, token

NOW = 1_800_000_000_000_000
REVIEW = "INSERT INTO review (seq, id, time, person, role, outcome, authors, revocable, undone)"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    opened = Store(tmp_path / "ombud.db")
    assert opened.prepare("log.example", b"")
    yield opened
    opened.close()


@pytest.fixture
def book(store: Store, tmp_path: Path) -> Iterator[Lookbook]:
    """Its second looks."""
    keys = KeyFile(tmp_path / "ombud.keys")
    yield Lookbook(store, keys)
    keys.close()


def add(
    store: Store,
    number: int,
    said: str,
    after: str,
    *,
    first: int = 1,
    person: int = 2,
    clause: str = "spam.links",
    lang: str = "en",
    kind: str = "second",
    time: int = NOW,
    undone: int | None = None,
) -> None:
    """One second look, answered."""
    connection = store.connection
    about = (number, "cas", time, first, said, undone)
    connection.execute(REVIEW + " VALUES (?, ?, ?, ?, 'reviewer', ?, 1, 1, ?)", about)
    look = (f"lok{number}", kind, number, "cas", number, clause, "review", "spam", lang, first)
    store.run("add_look", (*look, None, None, said, time, time + 1, 0, None, 0))
    store.run("answer_look", (f"lok{number}", person, time, after))


def test_what_is_shown_says_nothing_of_the_judgement(tmp_path: Path) -> None:
    """The text, under its clause; no rule, no outcome, no account, nobody of the staff."""
    with pytest.MonkeyPatch.context() as patch, connected(tmp_path, rules=DESK_RULES) as made:
        patch.setattr(drawing, "USUAL", 1000)
        _staffed(made)
        judged(made, "uphold")
        assert next_look(made, "Zoe")
        found = Lookbook(made.engine.store, made.engine.keys)
        shown = found.held(token(made, "Zoe"), made.clock[0])
        assert shown is not None
        assert shown["content"]["text"] == "cheap bags"
        assert shown["titles"]["en"]
        told = repr({**shown, "texts": None, "titles": None})
        for word in ("upheld", "released", "bags'", "author1", "Mia", "mia", "hold", "second"):
            assert word not in told.replace("'text': 'cheap bags'", ""), word
        assert found.held(token(made, "Mia"), made.clock[0]) is None
        answer(made, "Zoe", "upheld")
        assert found.held(token(made, "Zoe"), made.clock[0]) is None


def _staffed(made: Platform) -> None:
    staffing.change(made.engine, "added", "Ana", "admin", roles=["admin"])
    for name in ("Mia", "Zoe"):
        staffing.change(made.engine, "added", name, "admin", roles=["reviewer"])


def test_ones_own_figures(store: Store, book: Lookbook) -> None:
    """Second looks and gold apart, what one judged and others looked at; nobody else's, and not
    for ever.
    """
    add(store, 1, "upheld", "upheld")
    add(store, 2, "upheld", "unclear")
    add(store, 3, "released", "released", kind="gold")
    add(store, 4, "released", "upheld", kind="gold")
    add(store, 5, "released", "upheld", first=2, person=3)
    add(store, 6, "upheld", "upheld", time=NOW - BEHIND - 1)
    assert book.own(2, NOW) == Own(2, 1, 2, 1, 1, 0)
    assert book.own(1, NOW) == Own(0, 0, 0, 0, 2, 1)
    assert book.own(9, NOW) == Own(0, 0, 0, 0, 0, 0)


def test_figures_by_clause_and_language(store: Store, book: Lookbook) -> None:
    """What a plain count of the pairs gives; gold by itself; what was undone is not in it."""
    rng = random.Random(7)
    said: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for number in range(400):
        clause, lang = rng.choice(["spam.links", "flood.burst"]), rng.choice(["en", "vi", ""])
        before, after = (rng.choice(["upheld", "released"]) for _ in range(2))
        one, two = rng.randint(1, 3), rng.randint(4, 6)
        add(store, number + 1, before, after, clause=clause, lang=lang, first=one, person=two)
        said.setdefault((clause, lang), []).append((before, after))
        said.setdefault(("", ""), []).append((before, after))
    add(store, 900, "upheld", "released", undone=901)
    add(store, 901, "upheld", "released", kind="gold")
    parts, gold = book.figures(NOW)
    assert [(each.clause, each.lang) for each in parts] == sorted(said)
    for each in parts:
        wanted = agreement(said[each.clause, each.lang])
        assert (each.found.things, each.found.raw) == (wanted.things, wanted.raw)
        assert each.found.alpha == pytest.approx(wanted.alpha)
        assert each.told
        assert each.people == 6
    assert (gold.found.things, gold.told) == (1, False)


@pytest.mark.parametrize(
    ("things", "people", "told"),
    [(ENOUGH, PEOPLE_MIN, True), (ENOUGH - 1, PEOPLE_MIN, False), (ENOUGH, PEOPLE_MIN - 1, False)],
)
def test_a_figure_is_about_several_people_and_enough(
    store: Store, book: Lookbook, things: int, people: int, told: bool
) -> None:
    """Of two, each would know what the figure says of the other."""
    for number in range(things):
        add(store, number + 1, "upheld", "upheld", person=2 + number % (people - 1))
    (whole, part), _ = book.figures(NOW)
    assert whole.told is part.told is told


def test_nothing_yet(book: Lookbook) -> None:
    """No row at all, and no gold."""
    parts, gold = book.figures(NOW)
    assert (parts, gold.found.things, gold.people) == ([], 0, 0)
