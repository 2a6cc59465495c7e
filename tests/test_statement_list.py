"""The list of somebody's pages opens by its link, for an hour, and by nothing else."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.small_community import event, line, prepare, rule
from ombud.app import Engine
from ombud.clock import HOUR, SECOND
from ombud.doors import Doors
from ombud.statement_list import ITEMS_A_PART, seal, unseal

KEY, OTHER = bytes(range(32)), bytes(32)
NOW = 1_800_000_000 * SECOND
HERE = "https://talk.example"
RULES = dict(
    [
        rule("bags", 'text contains "bags"', 'text "bags"', 'text "a"'),
        rule("mind", 'text contains "mind"', 'text "mind"', 'text "a"', clause="flood.burst"),
    ]
)


def test_a_link_says_whose_list_until_when() -> None:
    """To whoever has the community's key; two links for the same differ."""
    token = seal(KEY, 77, NOW)
    assert unseal(KEY, token) == (77, NOW)
    assert unseal(OTHER, token) is None
    assert seal(KEY, 77, NOW) != token
    assert token.isascii()
    assert len(token) < 100


@given(
    st.text(max_size=80) | st.binary(max_size=60).map(lambda each: base64.b64encode(each).decode())
)
def test_nothing_else_opens_anything(token: str) -> None:
    """Whatever it is, it raises nothing."""
    assert unseal(KEY, token) is None


def test_no_bit_of_a_link_can_be_changed() -> None:
    """Neither whose it is nor its end."""
    sealed = base64.urlsafe_b64decode(seal(KEY, 77, NOW) + "==")
    for at in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[at // 8] ^= 1 << at % 8
        assert unseal(KEY, base64.urlsafe_b64encode(changed).rstrip(b"=").decode()) is None


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[Doors]:
    """A community in which things are held."""
    settings = 'procedural_holds = true\npublic_url = "https://talk.example"\n'
    with Engine(prepare(tmp_path / "data", RULES, settings)) as engine:
        found = Doors(engine, HERE)
        yield found
        found.close()


def token_of(doors: Doors, account: str) -> str:
    """The token of a link for an account."""
    link = doors.list_link("chat", account)
    assert link.startswith(f"{HERE}/statements/")
    return link.rpartition("/")[2]


def post(doors: Doors, account: str, *texts: str) -> None:
    """Posts of an account that are held, all within the hour."""
    told = [
        event(f"{account}{number}", number, text=text, author={"id": account})
        for number, text in enumerate(texts)
    ]
    doors.engine.submit([line(each) for each in told])


def test_a_list_has_each_page_with_its_link(doors: Doors) -> None:
    """Of this account alone: clause, hour, how many decisions and how many are in force."""
    post(doors, "ana", "bags", "more bags", "all bags")
    post(doors, "bo", "bags")
    found = doors.statement_list(token_of(doors, "ana"))
    assert found is not None
    (item,) = found.items
    assert (item.clause, item.count, item.in_force) == ("spam.links", 3, 3)
    assert item.titles["en"]
    (told,) = doors.statements_of("chat", "ana")
    assert item.link == told[0]
    assert doors.lang_of("chat", "ana") == "en"


def test_nothing_is_told_of_an_account_by_its_link(doors: Doors) -> None:
    """Somebody who is not known has a list, and it is empty; its link looks like any other."""
    post(doors, "ana", "bags")
    known, unknown = token_of(doors, "ana"), token_of(doors, "nobody")
    assert len(known) == len(unknown)
    found = doors.statement_list(unknown)
    assert found is not None
    assert (found.items, found.count, found.part, found.parts) == ((), 0, 1, 1)


def test_an_account_that_was_erased_has_an_empty_list(doors: Doors) -> None:
    """Also by a link that was given before."""
    post(doors, "ana", "bags")
    token = token_of(doors, "ana")
    doors.engine.erase("chat", "ana")
    found = doors.statement_list(token)
    assert found is not None
    assert found.items == ()


def test_a_link_ends_after_an_hour(doors: Doors) -> None:
    """Not a microsecond later; one that would open it for longer is none of ours."""
    post(doors, "ana", "bags")
    lists = doors._lists
    token = lists.token("chat", "ana", NOW)
    assert lists.of_token(token, NOW) is not None
    assert lists.of_token(token, NOW + HOUR - 1) is not None
    assert lists.of_token(token, NOW + HOUR) is None
    assert lists.of_token(token, NOW - 1) is None


def test_a_long_list_comes_in_parts(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each page once, the nearest part to what is asked for."""
    monkeypatch.setattr("ombud.statement_list.ITEMS_A_PART", 1)
    assert ITEMS_A_PART > 1
    post(doors, "ana", "bags", "mind you")
    token = token_of(doors, "ana")
    parts = [doors.statement_list(token, part) for part in (1, 2, 99, 0)]
    assert [(each.part, each.parts, each.count) for each in parts if each] == [
        (1, 2, 2),
        (2, 2, 2),
        (2, 2, 2),
        (1, 2, 2),
    ]
    links = [item.link for each in parts[:2] if each for item in each.items]
    assert sorted(links) == sorted(link for link, _, _ in doors.statements_of("chat", "ana"))
