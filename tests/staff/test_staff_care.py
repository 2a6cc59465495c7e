"""How somebody is spared, and what was put before them: for a week, and theirs alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import ombud
from ombud.clock import DAY, HOUR
from ombud.staff import care
from ombud.staff.care import PAUSE_MAX, SPARABLE, Care
from ombud.staff.credentials import Credentials
from ombud.store.keyfile import KeyFile
from ombud.store.sqlite import named, text_of

NOW = 472_000 * HOUR + 17
ANA, BINH = 11, 22
SOURCE = Path(ombud.__file__).parent


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[KeyFile]:
    """A key file as the writer has it."""
    opened = KeyFile(tmp_path / "ombud.keys")
    yield opened
    opened.close()


@pytest.fixture
def kept(keys: KeyFile) -> Iterator[Credentials]:
    """The same file as the pages have it."""
    opened = Credentials(keys.file.path)
    for token, name in ((ANA, "Ana"), (BINH, "Bình")):
        opened.add(token, name)
    yield opened
    opened.close()


def saw(keys: KeyFile, token: int, harm: str, at: int) -> None:
    """One thing is put before somebody."""
    keys.begin()
    care.saw(keys, token, harm, at)
    keys.flush()


def test_nothing_is_spared_until_somebody_says_so(kept: Credentials, keys: KeyFile) -> None:
    """No setting is on by itself, and there is no number that anybody recommends."""
    assert kept.care(ANA) == Care(blur=False, grey=False, pause=0, spared=frozenset())
    assert care.spared(keys, ANA) == frozenset()


def test_what_is_chosen_is_kept_for_its_person(kept: Credentials, keys: KeyFile) -> None:
    """The writer sees the same; nobody else's changes; the last choice counts."""
    kept.set_care(ANA, Care(blur=True, grey=False, pause=7, spared=frozenset(["hate", "threats"])))
    wanted = Care(blur=False, grey=True, pause=30, spared=frozenset(["hate"]))
    kept.set_care(ANA, wanted)
    assert kept.care(ANA) == wanted
    assert care.spared(keys, ANA) == {"hate"}
    assert kept.care(BINH) == Care()
    assert care.spared(keys, BINH) == frozenset()


def test_only_what_there_is_can_be_chosen(kept: Credentials) -> None:
    """Harms of the closed list that are harms, and a number within bounds."""
    kept.set_care(ANA, Care(pause=10**9, spared=frozenset([*SPARABLE, "form", "context", "x"])))
    assert kept.care(ANA) == Care(pause=PAUSE_MAX, spared=frozenset(SPARABLE))
    kept.set_care(ANA, Care(pause=-3))
    assert kept.care(ANA).pause == 0


def test_it_is_counted_by_the_hour_for_a_week(kept: Credentials, keys: KeyFile) -> None:
    """By harm, each person's own; what is older is not kept."""
    for hours, harm in ((0, "hate"), (0, "hate"), (1, "hate"), (3, "spam"), (7 * 24, "scam")):
        saw(keys, ANA, harm, NOW - hours * HOUR)
    saw(keys, BINH, "threats", NOW)
    assert kept.exposure(ANA, NOW - 7 * DAY) == {"hate": 3, "scam": 1, "spam": 1}
    assert kept.exposure(ANA, care.pause_since(NOW)) == {"hate": 3}
    assert kept.exposure(ANA, NOW) == {"hate": 2}
    assert kept.exposure(BINH, 0) == {"threats": 1}
    saw(keys, ANA, "hate", NOW + 2 * HOUR)
    assert kept.exposure(ANA, 0) == {"hate": 4, "spam": 1}


def test_of_who_was_not_here_nothing_stays(kept: Credentials, keys: KeyFile) -> None:
    """At a start old counts go, and those of people who left; with an account all goes."""
    saw(keys, ANA, "hate", NOW - 8 * DAY)
    saw(keys, ANA, "spam", NOW)
    saw(keys, 33, "spam", NOW)
    kept.settle([ANA, BINH], [ANA, BINH], NOW)
    assert kept.exposure(ANA, 0) == {"spam": 1}
    assert kept.exposure(33, 0) == {}
    kept.set_care(ANA, Care(blur=True, spared=frozenset(["hate"])))
    kept.set_care(BINH, Care(grey=True))
    kept.forget(ANA)
    assert kept.exposure(ANA, 0) == {}
    assert kept.care(ANA) == Care()
    assert care.spared(keys, ANA) == frozenset()
    assert kept.care(BINH).grey
    assert b"hate" not in keys.file.path.read_bytes()


def test_a_group_that_fails_counts_nothing(kept: Credentials, keys: KeyFile) -> None:
    """It is part of the writer's group."""
    keys.begin()
    care.saw(keys, ANA, "hate", NOW)
    keys.discard()
    assert kept.exposure(ANA, 0) == {}


def test_a_pause_looks_back_two_hours_at_most() -> None:
    """From the beginning of the hour before, so at least one whole hour."""
    for minutes in (0, 1, 59):
        at = 472_000 * HOUR + minutes * HOUR // 60
        assert HOUR <= at - care.pause_since(at) < care.PAUSE_AFTER


def test_no_query_of_the_store_knows_of_it() -> None:
    """What staff pages read is the store; this stands in the key file, which no backup has."""
    for sql in (text_of("schema.sql"), *named(text_of("queries.sql")).values()):
        assert not any(word in sql for word in ("exposure", "spared (", "care "))


def test_nobody_asks_for_anybody_elses() -> None:
    """Outside the file's own module the counts are read for one's own page alone, and what is
    spared by what chooses for that very person.
    """
    asking: dict[str, set[str]] = {}
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                name = node.func.attr
                if name in ("exposure", "care", "spared", "set_care"):
                    asking.setdefault(name, set()).add(path.relative_to(SOURCE).as_posix())
    own = "web/console/care.py"
    assert asking["exposure"] == asking["care"] == asking["set_care"] == {own}
    assert asking["spared"] == {"desk.py", "labelling.py", "looks.py", "staff/care.py"}
    tree = ast.parse((SOURCE / own).read_text(encoding="utf-8"))
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if ast.unparse(call.func).endswith((".exposure", ".care", ".set_care")):
            assert ast.unparse(call.args[0]) == "visitor.token"
