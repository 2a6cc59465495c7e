"""Standing orders: a campaign that a person has decided, also those of it still to come."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flow.case_desk import LONG, ask, bags, copies, decide, standing, waiting
from flow.platform_side import HOUR, SECOND, Platform, all_holds, connected
from flow.small_community import DAY, NOW, event, rows, rule
from ombud import casework, session
from ombud.errors import BadUse
from ombud.gate import standing_order
from ombud.reading import reading

# A campaign that no rule may remove by itself: repeats among newcomers, without a certificate.
REMOVED = rule(
    "same-text",
    "author.accepted posts < 20\n  text.repeat authors in last 1 hour >= 3",
    "author.accepted posts  0\n  text.repeat authors in last 1 hour  3",
    "author.accepted posts  0\n  text.repeat authors in last 1 hour  2",
    clause="spam.repeats",
    kinds="post, reply",
    then="remove this",
)
SOLD = rule("bags", 'text contains "cheap bags"', 'text "cheap bags"', 'text "thanks"')
RULES = dict([REMOVED, SOLD])
OTHER = "Somebody left a green umbrella at the stop by the old mill, please come and fetch it soon"


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community."""
    with connected(tmp_path, rules=RULES) as made:
        yield made


def give(platform: Platform, case: str, action: str = "remove", **more: Any) -> str:
    """Somebody gives an order from a case; its id."""
    asked = {"case": case, "by": "mia", "action": action, **more}
    return str(casework.perform(platform.engine, "give order", asked)["order"])


def decided(platform: Platform) -> str:
    """A campaign of five that a person has removed; its case."""
    platform.stream(*copies(5))
    (case,) = waiting(platform)
    decide(platform, case, "uphold", "remove", everything=True)
    return case


def licences(platform: Platform) -> list[tuple[str, str]]:
    """Of each decision by a rule: its action, and the kind of its licence."""
    found = rows(platform.folder, "SELECT action, licence FROM decision WHERE by_role = 'rule'")
    return [(action, (licence or "").partition(":")[0]) for action, licence in found]


def test_what_a_person_decided_is_done_to_what_still_comes(platform: Platform) -> None:
    """In the rooms of the campaign, until its instant; each told that a person ordered it. Nobody
    is asked again, and afterwards people are asked as before.
    """
    case = decided(platform)
    assert give(platform, case).startswith("ord_")
    before = len(waiting(platform))
    answers = platform.stream(*copies(3, 10))
    assert licences(platform) == [("remove", "standing order")] * 3
    assert len(waiting(platform)) == before
    platform.deliver()
    (item,) = platform.page(answers[0].statement).items
    assert (item.licence or "").startswith("standing order:")
    platform.clock[0] += 6 * HOUR + SECOND
    platform.stream(*copies(4, 20))
    assert licences(platform) == [("remove", "standing order")] * 3
    assert len(waiting(platform)) == before + 1
    all_holds(platform)


def test_nothing_else_is_reached(platform: Platform) -> None:
    """Another text, another room, a reply, a quote, and a history that is read in beside are
    judged as if no order had been given.
    """
    case = decided(platform)
    give(platform, case)
    other = [event(f"o{n}", 50, text=OTHER, author={"id": f"o{n}"}) for n in range(4)]
    room = copies(1, 30, room={"id": "yard"})
    reply = copies(1, 31, in_reply_to={"id": "e1", "author": {"id": "zoe"}})
    quote = event("quote", 60, text=f"> {LONG}", author={"id": "quoting"})
    platform.stream(*other, *room, *reply, quote)
    platform.stream(*copies(1, 40), timeline="old")
    assert licences(platform) == []
    all_holds(platform)


def test_two_campaigns_of_one_rule_have_an_order_each(platform: Platform) -> None:
    """Neither keeps the other from what it is about."""
    first = decided(platform)
    other = [event(f"o{n}", 50, text=OTHER, author={"id": f"o{n}"}) for n in range(4)]
    platform.stream(*other)
    second = next(each for each in waiting(platform) if each != first)
    give(platform, first)
    give(platform, second, "hold")
    late = event("late", 60, text=OTHER, author={"id": "late"})
    platform.stream(*copies(1, 10), late)
    assert licences(platform) == [("remove", "standing order"), ("hold", "standing order")]
    all_holds(platform)


def test_members_of_long_standing_are_left_to_people(tmp_path: Path) -> None:
    """Whoever is established is not reached, whatever they post."""
    clock = [NOW]
    text = RULES["same-text.rule"].replace("author.accepted posts < 20\n  ", "")
    text = text.replace("author.accepted posts  0\n  ", "")
    rules = {**RULES, "same-text.rule": text.replace("remove this", 'alert "copies"')}
    with connected(tmp_path, rules=rules, clock=clock) as platform:
        old = [event(f"t{n}", n, text=f"word{n} here", author={"id": "olga"}) for n in range(21)]
        platform.stream(*old)
        clock[0] += 40 * DAY
        late = {"time": "2026-04-11T13:00:00+00:00"}
        platform.stream(*[{**each, **late} for each in copies(4)])
        (case,) = waiting(platform)
        give(platform, case, "hold")
        said = [{**each, **late} for each in copies(1, 10)]
        olga = {**event("olga", 0, text=LONG, author={"id": "olga"}), **late}
        platform.stream(*said, olga)
        assert licences(platform) == [("hold", "standing order")]
        all_holds(platform)


def test_more_than_a_hold_needs_a_person_who_decided_so(platform: Platform) -> None:
    """Before the case is decided a hold can be ordered, and no more; a decision that was undone is
    none; and what is held is looked at.
    """
    platform.stream(*copies(5))
    (case,) = waiting(platform)
    for action in ("remove", "limit"):
        with pytest.raises(BadUse, match="U300"):
            give(platform, case, action)
    give(platform, case, "hold")
    platform.stream(*copies(2, 10))
    assert licences(platform) == [("hold", "standing order")] * 2
    assert waiting(platform) == [case]
    decide(platform, case, "uphold", "remove", everything=True)
    ask(platform, "undo", case)
    with pytest.raises(BadUse, match="U300"):
        give(platform, case, "remove")
    all_holds(platform)


def test_what_no_order_can_be_given_about(platform: Platform) -> None:
    """A single post, actions on people, a length without end, a case that is not there."""
    platform.stream(bags(1))
    (case,) = waiting(platform)
    with pytest.raises(BadUse, match="no campaign"):
        give(platform, case, "hold")
    for action in ("suspend", "ban from room", "warn", "nothing"):
        with pytest.raises(BadUse, match="U300"):
            give(platform, case, action)
    with pytest.raises(BadUse, match="U302"):
        give(platform, case, "hold", length=25 * HOUR)
    with pytest.raises(BadUse, match="U220"):
        give(platform, "cas_none", "hold")
    with pytest.raises(BadUse, match="U301"):
        casework.perform(platform.engine, "end order", {"order": "ord_none", "by": "mia"})
    assert rows(platform.folder, "SELECT count(*) FROM journal WHERE type='!standing_order'") == [
        (0,)
    ]


def test_one_undo_takes_back_all_that_was_done_under_it(platform: Platform) -> None:
    """And nothing else: what the person decided stands, people are told, the order is over."""
    order = give(platform, decided(platform))
    platform.stream(*copies(3, 10))
    asked = {"order": order, "by": "mia", "undo": True}
    assert len(casework.perform(platform.engine, "end order", asked)["undone"]) == 3
    assert [each for each in standing(platform) if each[1] == "rule"] == [
        ("remove", "rule", True, True)
    ] * 3
    assert [each[3] for each in standing(platform) if each[1] != "rule"] == [False] * 3
    platform.stream(*copies(2, 20))
    assert len(licences(platform)) == 3
    with pytest.raises(BadUse, match="U301"):
        casework.perform(platform.engine, "end order", asked)
    all_holds(platform)


def test_an_order_ends_with_its_rule(platform: Platform) -> None:
    """Another version of the rule is nothing that a person has seen at work."""
    give(platform, decided(platform))
    path = platform.folder / "rules" / "same-text.rule"
    text = path.read_text(encoding="utf-8").replace("last 1 hour", "last 2 hours")
    path.write_text(text, encoding="utf-8")
    session.perform(platform.engine, "reload", {})
    platform.stream(*copies(2, 10))
    assert licences(platform) == []
    all_holds(platform)


def test_past_the_cap_it_holds_and_a_person_is_paged(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never "allow": what an order would hide is held, and looked at."""
    monkeypatch.setattr(standing_order, "CAP", 2)
    give(platform, decided(platform))
    platform.stream(*copies(4, 10))
    assert (
        licences(platform)
        == [*[("remove", "standing order")] * 2] + [("hold", "standing order")] * 2
    )
    assert waiting(platform, "over cap") != []
    all_holds(platform)


def test_orders_come_back_after_a_restart_and_are_listed(tmp_path: Path) -> None:
    """As the journal has them; what was over stays over."""
    with connected(tmp_path, rules=RULES) as platform:
        case = decided(platform)
        first, second = give(platform, case), give(platform, case, "hold")
        casework.perform(platform.engine, "end order", {"order": second, "by": "mia"})
        clock = platform.clock
    with connected(tmp_path, clock=clock) as platform:
        platform.stream(*copies(2, 10))
        assert licences(platform) == [("remove", "standing order")] * 2
        with reading(tmp_path) as reader:
            found = reader.orders(clock[0])
        told = [(each["id"], each["state"], each["decisions"], each["by"]) for each in found]
        assert told == [(second, "ended", 0, "mia"), (first, "in force", 2, "mia")]
        all_holds(platform)


def test_what_is_erased_is_judged_by_its_row(platform: Platform) -> None:
    """Replay agrees where the posts that an order reached are gone, and where the order ended."""
    order = give(platform, decided(platform))
    platform.stream(*copies(3, 10))
    for number in (10, 12):
        platform.engine.erase("chat", f"copier{number}")
    casework.perform(platform.engine, "end order", {"order": order, "by": "mia"})
    platform.engine.erase("chat", "copier11")
    platform.stream(*copies(1, 20))
    all_holds(platform)
