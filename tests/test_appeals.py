"""Appeals: kept sealed, logged once, shown to their person; a refused one is refused alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apsw
import pytest

from flow.platform_side import HOUR, Platform, all_holds, connected, happened
from flow.small_community import DAY, event, rows
from ombud.appeals import APPEAL_LENGTH_MAX, MESSAGES_MAX, AppealMade
from ombud.errors import BadUse
from ombud.ledger import leaf
from ombud.transaction import Answer

SAID = "pumpernickelgeheimnis"


def bags(number: int | str, who: str = "ana") -> dict[str, Any]:
    """A post that is held."""
    return event(number, text="cheap bags", author={"id": who})


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community."""
    with connected(tmp_path) as made:
        yield made


@pytest.fixture
def held(platform: Platform) -> Answer:
    """The answer to a post of ana's that is held."""
    return platform.stream(bags(1))[0]


def appeal(platform: Platform, told: Answer, text: str = SAID, **other: str) -> None:
    """Appeal to the decision an answer names, on its page."""
    token = other.get("token", platform.token(told.statement))
    made = AppealMade(token, other.get("decision", told.decisions[0]), text)
    assert platform.engine.change(made)


def refused(platform: Platform, told: Answer, text: str = SAID, **other: str) -> str:
    """The code an appeal is refused with; nothing may be kept of it."""
    before = rows(platform.folder, "SELECT count(*) FROM appeal")
    with pytest.raises(BadUse) as caught:
        appeal(platform, told, text, **other)
    assert rows(platform.folder, "SELECT count(*) FROM appeal") == before
    assert caught.value.hint
    return caught.value.code


def leaves(folder: Path) -> list[str]:
    """The types of the public log's leaves."""
    found = rows(folder, "SELECT entry FROM leaf ORDER BY position")
    return [leaf.parse_leaf(bytes(each[0])).type for each in found]


def lying(folder: Path, text: str) -> list[str]:
    """The files in which a text can be read."""
    return [
        path.name
        for path in folder.rglob("*")
        if path.is_file() and text.encode() in path.read_bytes()
    ]


def test_an_appeal_is_sealed_logged_and_listed(platform: Platform, held: Answer) -> None:
    """Readable by its page alone: one leaf, no file holds its words, no key opens another's."""
    appeal(platform, held, f"  {SAID}: Nghĩ la\u0300 sai \n")
    assert leaves(platform.folder) == ["config", "decision", "appeal"]
    (item,) = platform.page(held.statement).items
    (made,) = item.appeals
    assert (made.text, made.state) == (f"{SAID}: Nghĩ là sai", "open")
    platform.engine.store.forget_log()
    assert lying(platform.folder, SAID) == []
    ((id_, sealed),) = rows(platform.folder, "SELECT id, sealed FROM appeal")
    plain = platform.engine.keys.open_decision(id_, sealed)
    assert plain is not None
    assert SAID.encode() in plain
    assert platform.engine.keys.open_decision(held.decisions[0], sealed) is None
    ((entry,),) = rows(platform.folder, "SELECT entry FROM leaf WHERE position = 2")
    found = leaf.parse_leaf(bytes(entry))
    assert found.commitment == leaf.commitment(plain[:32], plain[32:]).hex()
    assert SAID.encode() not in entry
    all_holds(platform)


def test_what_is_added_to_an_open_appeal_is_a_message_in_it(
    platform: Platform, held: Answer
) -> None:
    """One open appeal, one leaf; ten texts in all, in their order; then it is enough."""
    for number in range(MESSAGES_MAX):
        assert platform.page(held.statement).items[0].may_appeal
        appeal(platform, held, f"no {number}")
    assert not platform.page(held.statement).items[0].may_appeal
    assert refused(platform, held) == "U025"
    assert leaves(platform.folder).count("appeal") == 1
    assert rows(platform.folder, "SELECT leaf FROM appeal") == [(2,)]
    (made,) = platform.page(held.statement).items[0].appeals
    assert [made.text, *(each.said["und"] for each in made.messages)] == [
        f"no {n}" for n in range(10)
    ]
    assert {each.role for each in made.messages} == {"person"}
    all_holds(platform)


def test_messages_of_one_group_are_counted_together(platform: Platform, held: Answer) -> None:
    """In one group too the eleventh is one too many."""
    token = platform.token(held.statement)
    made = [AppealMade(token, held.decisions[0], str(number)) for number in range(12)]
    found = platform.group(*made)
    assert [each.touched for each in found] == [1] * 10 + [0] * 2
    assert [each.problem["code"] for each in found if each.problem] == ["U025", "U025"]
    all_holds(platform)


def test_the_table_itself_keeps_one_open_appeal(platform: Platform, held: Answer) -> None:
    """A second open row to one decision is refused, whoever writes it."""
    appeal(platform, held)
    copied = (
        "INSERT INTO appeal SELECT 'app_x', decision, statement, made, state, sealed, leaf, due,"
    )
    with pytest.raises(apsw.ConstraintError):
        platform.engine.store.connection.execute(f"{copied} review FROM appeal")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "U026"),
        (" \n\t\u3000", "U026"),
        ("x" * (APPEAL_LENGTH_MAX + 1), "U026"),
        ("a\u0300" * APPEAL_LENGTH_MAX, ""),
        ("x" * APPEAL_LENGTH_MAX, ""),
        ("half \ud800 a character", ""),
        ("\x00\x1b[31m\u202e", ""),
    ],
)
def test_an_appeal_has_one_to_four_thousand_characters(
    platform: Platform, held: Answer, text: str, code: str
) -> None:
    """Counted as written, composed and without white space around; any character is taken."""
    if code:
        assert refused(platform, held, text) == code
    else:
        appeal(platform, held, text)
        assert len(platform.page(held.statement).items[0].appeals) == 1


def test_a_wrong_link_opens_nothing(platform: Platform, held: Answer) -> None:
    """No page, another's page, no decision, another's decision: refused, and told apart."""
    (other,) = platform.stream(bags(2, "bo"))
    token = platform.token(held.statement)
    for wrong in ("", "x", token[:-2], token + "A", held.statement, "\udcff", "x" * 10_000):
        assert refused(platform, held, token=wrong) == "U022"
    for wrong in ("", "dec_none", other.decisions[0], "\udcff"):
        assert refused(platform, held, decision=wrong) == "U023"
    assert refused(platform, other, token=token) == "U023"
    assert leaves(platform.folder).count("appeal") == 0


def test_what_was_undone_needs_no_appeal(platform: Platform, held: Answer) -> None:
    """After an undo it is refused; what merely ended can still be appealed."""
    (second,) = platform.stream(bags(2))
    platform.engine.undo("admin", ids=list(held.decisions))
    assert refused(platform, held) == "U024"
    platform.clock[0] += 25 * HOUR
    platform.stream(event(3, 90_000))
    ended = platform.page(second.statement).items[1]
    assert (ended.state, ended.may_appeal) == ("withdrawn", True)  # it never went out
    appeal(platform, second)


def test_after_six_months_it_is_too_late(platform: Platform, held: Answer) -> None:
    """The page says until when, and that is how long it is taken."""
    platform.clock[0] += 182 * DAY
    assert platform.page(held.statement).items[0].may_appeal
    appeal(platform, held)
    platform.clock[0] += 2 * DAY
    assert not platform.page(held.statement).items[0].may_appeal
    assert refused(platform, held) == "U024"


def test_a_refused_appeal_leaves_its_group_alone(platform: Platform, held: Answer) -> None:
    """Events, marks and appeals beside it are taken, each answered in its place."""
    token, decision = platform.token(held.statement), held.decisions[0]
    found = platform.group(
        happened(bags(2)),
        AppealMade("nobody", decision, "a"),
        AppealMade(token, decision, "b"),
        AppealMade(token, decision, ""),
        happened(bags(3)),
    )
    assert [each.action for each in found] == ["hold", "allow", "allow", "allow", "hold"]
    problems = [each.problem["code"] if each.problem else "" for each in found]
    assert problems == ["", "U022", "", "U026", ""]
    assert [each.touched for each in found] == [0, 0, 1, 0, 0]
    assert len(platform.page(held.statement).items[0].appeals) == 1
    all_holds(platform)


def test_an_erasure_takes_the_appeal(platform: Platform, held: Answer, tmp_path: Path) -> None:
    """Its words die with their key; that there was one stays in the log, and no more is taken."""
    appeal(platform, held)
    ((id_, sealed),) = rows(tmp_path, "SELECT id, sealed FROM appeal")
    assert platform.engine.keys.open_decision(id_, sealed)
    platform.engine.erase("chat", "ana")
    assert rows(tmp_path, "SELECT sealed FROM appeal") == [(None,)]
    assert not platform.engine.keys.has_decision_key(id_)
    assert sealed not in b"".join(
        path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()
    )
    assert leaves(tmp_path).count("appeal") == 1
    assert refused(platform, held) == "U024"
    all_holds(platform)


def test_an_appeal_can_be_made_after_a_restart(tmp_path: Path) -> None:
    """The link goes on leading to the same page, and the appeals made so far are on it."""
    with connected(tmp_path) as platform:
        (answer,) = platform.stream(bags(1))
        token = platform.token(answer.statement)
        appeal(platform, answer, "first")
    with connected(tmp_path) as platform:
        assert platform.token(answer.statement) == token
        appeal(platform, answer, "second")
        (made,) = platform.page(answer.statement).items[0].appeals
        assert (made.text, [each.said["und"] for each in made.messages]) == ("first", ["second"])
        all_holds(platform)
