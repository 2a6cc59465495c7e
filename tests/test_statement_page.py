"""The statement page's content: one person's decisions under one clause, as they stand now."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from flow.platform_side import Platform, connected
from flow.small_community import DAY, NOW, change, event, rows, rule
from ombud.inforce import restricts
from ombud.reading import reading
from ombud.statement_page import ITEMS_A_PART, Item, StatementPage

WITHHELD = rule(
    "secret",
    'text contains "rare coins"',
    'text "rare coins"',
    'text "a"',
    clause="spam.repeats",
)


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community."""
    with connected(tmp_path) as made:
        yield made


def bags(number: int | str, **more: Any) -> dict[str, Any]:
    """A post by ana that is held."""
    return event(number, text="cheap bags", **more)


def test_a_page_can_be_told_as_json(platform: Platform) -> None:
    """It is made of plain values: what the web shows and what its JSON says are the same."""
    (answer,) = platform.stream(bags(1))
    page = platform.page(answer.statement)
    told = msgspec.json.encode(page)
    assert msgspec.json.decode(told, type=StatementPage) == page
    assert b"stm_" not in told  # ids of pages are not for the public
    assert answer.decisions[0].encode() in told


def test_items_stand_in_the_order_they_were_told(platform: Platform) -> None:
    """Each decision once, the oldest first, also where it was told of again."""
    found = platform.stream(bags(1), bags(2), bags(3))
    platform.engine.undo("admin", ids=list(found[0].decisions))
    page = platform.page(found[0].statement)
    assert [item.decision for item in page.items] == [each.decisions[0] for each in found]
    assert [item.state for item in page.items] == ["withdrawn", "in force", "in force"]


def test_what_is_told_later_stands_on_the_later_page_too(platform: Platform) -> None:
    """An end a day later opens a page of its own hour; the first page shows the end as well."""
    (answer,) = platform.stream(bags(1))
    platform.deliver()
    platform.clock[0] += DAY + 1_000_000
    platform.stream(event(2, 90_000))
    pages = platform.doors.statements_of("chat", "ana")
    assert len(pages) == 2
    newest = platform.page_of(pages[0][0].rpartition("/")[2])
    assert newest is not None
    assert newest.items == platform.page(answer.statement).items
    assert newest.items[0].state == "ended"
    assert newest.opened != platform.page(answer.statement).opened


MANY = 610


def test_however_many_decisions_each_is_shown_and_can_be_appealed(platform: Platform) -> None:
    """Of 610 in one hour each stands on one part, and the last is shown, counted and appealable."""
    found = platform.stream(*(bags(number) for number in range(MANY)))
    (statement,) = {each.statement for each in found}
    token, args = platform.token(statement), ("Talk", ("en", "vi"), platform.clock[0])
    pages = platform.doors._pages
    last = found[-1].decisions[0]
    shown: list[str] = []
    for part in range(1, 14):
        page = pages.of_token(token, *args, part)
        assert page is not None
        assert (page.count, page.in_force, page.parts, page.part) == (MANY, MANY, 13, part)
        assert page.first == len(shown) + 1
        assert len(page.items) <= ITEMS_A_PART
        shown += [item.decision for item in page.items]
    assert shown == [each.decisions[0] for each in found]
    for asked, part in ((99, 13), (0, 1), (-5, 1)):
        page = pages.of_token(token, *args, asked)
        assert page is not None
        assert page.part == part
    assert platform.doors.appeal(token, last, "Not spam.") == "stored"
    page = pages.of_token(token, *args, decision=last)
    assert page is not None
    assert (page.part, page.items[-1].decision) == (13, last)
    assert [each.text for each in page.items[-1].appeals] == ["Not spam."]
    for unknown in ("dec_none", "\udcff"):
        page = pages.of_token(token, *args, decision=unknown)
        assert page is not None
        assert page.part == 1


def told_of(platform: Platform, state: str) -> StatementPage:
    """The page of two held posts, of which what the second asked stands at a state."""
    _, second = platform.stream(bags(1), bags(2))
    asked = "UPDATE outbox SET state = ? WHERE decision = ? AND kind = 'action'"
    change(platform.folder, asked, state, second.decisions[0])
    return platform.page(second.statement)


@pytest.mark.parametrize(
    ("delivery", "state"),
    [
        ("awaiting publication", "awaiting"),
        ("failed", "not carried out"),
        ("withdrawn", "withdrawn"),
        ("asked", "in force"),
        ("answered", "in force"),
        ("confirmed", "in force"),
    ],
)
def test_in_force_is_what_may_be_felt(platform: Platform, delivery: str, state: str) -> None:
    """What waits for publication or was given up is not said, nor counted, as in force."""
    page = told_of(platform, delivery)
    assert [item.state for item in page.items] == ["in force", state]
    assert page.in_force == (2 if state == "in force" else 1)


def test_the_counts_agree_with_the_items(platform: Platform) -> None:
    """Undone, ended, erased and damaged too: as many are counted as say that they are in force."""
    found = platform.stream(*(bags(number) for number in range(4)))
    until = rows(platform.folder, "SELECT until FROM decision")[0][0]
    platform.engine.undo("admin", ids=list(found[0].decisions))
    ended = "UPDATE decision SET until = ? WHERE id = ?"
    change(platform.folder, ended, platform.clock[0], found[1].decisions[0])
    change(platform.folder, "UPDATE decision SET sealed = NULL WHERE id = ?", found[2].decisions[0])
    page = platform.page(found[0].statement)
    assert [item.state for item in page.items] == ["withdrawn", "ended", "erased", "in force"]
    assert (page.count, page.in_force, page.all_temporary) == (4, 1, True)
    change(platform.folder, "UPDATE decision SET until = NULL WHERE id = ?", found[3].decisions[0])
    assert not platform.page(found[0].statement).all_temporary
    change(platform.folder, ended, until, found[3].decisions[0])
    platform.clock[0] = until
    page = platform.page(found[0].statement)
    assert (page.in_force, page.all_temporary) == (0, False)


def test_what_no_one_knows_counts_as_a_restriction() -> None:
    """A warning restricts nothing; what is not known to be harmless is not called so."""
    assert restricts("hold")
    assert restricts("something new")
    assert not restricts("warn")


def test_until_counts_before_the_end_is_journalled(platform: Platform) -> None:
    """At the instant it was to end a hold is over, whether or not the writer has said so yet."""
    (answer,) = platform.stream(bags(1))
    until = rows(platform.folder, "SELECT until FROM decision")[0][0]
    for instant, state in ((until - 1_000_000, "in force"), (until, "ended")):
        platform.clock[0] = instant
        assert platform.page(answer.statement).items[0].state == state


def test_a_rule_s_whole_reasons_are_there(platform: Platform) -> None:
    """What, why and each fact in both languages, the licence, the policy's version, the origin."""
    (answer,) = platform.stream(bags(1))
    (item,) = platform.page(answer.statement).items
    assert set(item.what) == {"en", "vi"}
    assert item.why == {"en": "A person will look at it."}
    assert all(set(fact.said) == {"en", "vi"} for fact in item.facts)
    assert item.licence == "procedural:spam.links"
    assert item.policy_version
    assert item.origin == "own initiative"
    assert item.appeal_until is not None
    assert item.receipt is not None
    origin = rows(platform.folder, "SELECT origin FROM head")[0][0]
    assert (item.receipt.origin, item.receipt.witnesses) == (origin, "none: self-attested")


def test_words_are_withheld_where_the_clause_says_so(tmp_path: Path) -> None:
    """The page says that they are, and does not say them."""
    with connected(tmp_path, rules=dict([WITHHELD])) as platform:
        policies = tmp_path / "policies" / "spam.md"
        text = policies.read_text()
        at = text.index("harm:", text.index("## spam.repeats"))
        policies.write_text(f"{text[:at]}words: withheld\n{text[at:]}")
        assert platform.engine.reload()
        platform.clock[0] += DAY
        (answer,) = platform.stream(event(1, 90_000, text="rare coins"))
        (item,) = platform.page(answer.statement).items
        assert item.words_withheld
        assert [fact.matched for fact in item.facts] == [()]
        told = msgspec.json.encode(platform.page(answer.statement))
        assert b"rare coins" not in told
        sent = str([platform.deliver(), rows(platform.folder, "SELECT entry FROM leaf")])
        assert "spam.repeats" in sent
        assert "rare coins" not in sent
        with reading(platform.folder) as reader:
            assert "rare coins" not in "".join(reader.statement(item.decision, "en"))
        assert all('(text contains "…")' in fact.said["en"] for fact in item.facts)


def test_a_damaged_decision_breaks_no_page(platform: Platform) -> None:
    """Of what cannot be opened nothing is shown; the items beside it are."""
    first, second = platform.stream(bags(1), bags(2))
    damage = "UPDATE decision SET sealed = x'00' WHERE id = ?"
    change(platform.folder, damage, first.decisions[0])
    page = platform.page(second.statement)
    assert [item.subject for item in page.items] == ["", "post/e2"]
    assert page.items[1].state == "in force"


def test_an_item_without_more_says_nothing_more() -> None:
    """What is not known is not claimed: no automation, no licence, no appeal, no receipt."""
    item = Item(decision="d", state="erased", clause="c", action="hold", time="t", by="rule")
    assert (item.automated_detection, item.automated_decision) == (None, None)
    assert (item.licence, item.may_appeal, item.receipt) == (None, False, None)


def test_a_page_is_of_one_instant(platform: Platform) -> None:
    """Its opening is when the first of its decisions was received."""
    (answer,) = platform.stream(bags(1))
    page = platform.page(answer.statement)
    assert page.opened == page.items[0].time
    assert rows(platform.folder, "SELECT opened FROM statement") == [(NOW + 1,)]
