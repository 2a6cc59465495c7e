"""Demands from outside: they open cases like anything else, their origin stays, and whom they are
about is told, at once or as soon as the law allows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from flow.case_desk import DESK_RULES, bags, waiting
from flow.demanded import BASIS, SECRECY, WHO, demand, public, removed, statement
from flow.platform_side import HOUR, SECOND, Platform, all_holds, connected
from flow.small_community import event, rows
from ombud import clock, daywork, demands
from ombud.clock import DAY, rfc3339
from ombud.errors import BadUse
from ombud.reading import reading


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A connected community."""
    with connected(tmp_path, rules=DESK_RULES) as made:
        yield made


def test_a_demand_opens_a_case_and_its_origin_stays(platform: Platform) -> None:
    """Through case, decision, notice and export; nobody but people judge it, by our own clause."""
    platform.stream(event(1, text="buy my things"))
    name = demand(platform.engine, "post/e1", binding=True)
    (case,) = waiting(platform, "demand")
    made = removed(platform, case)
    with reading(platform.folder) as reader:
        told = reader.decision(made)
        shown = reader.demands().show(name, platform.clock[0])
    assert (told["origin"], told["demand"], told["automated_detection"]) == ("demand", name, False)
    assert (shown["cases"], shown["decisions"]) == ([case], {"remove": 1, "undone": 0})
    platform.clock[0] += 11 * SECOND
    (item,) = platform.page(statement(platform, made)).items
    assert item.origin == "demand"
    assert item.demand == {
        "received": clock.day(platform.clock[0]),
        "kind": "authority",
        "who": WHO,
        "country": "DE",
        "basis": BASIS,
        "binding": True,
    }
    all_holds(platform)


@pytest.mark.parametrize("how", ["before", "looked up"])
def test_nobody_gets_round_the_origin(platform: Platform, how: str) -> None:
    """Also where a rule had opened the case before, or somebody opens another one by hand."""
    if how == "before":
        platform.stream(bags(1))
        name = demand(platform.engine, "post/e1")
        (case,) = waiting(platform)
    else:
        platform.stream(event(1, text="buy my things"))
        name = demand(platform.engine, "post/e1", clause=None)
        assert waiting(platform) == []
        record = rows(platform.folder, "SELECT max(seq) FROM journal WHERE kind = 'post'")[0][0]
        asked = {"record": record, "clause": "spam.links", "by": "mia"}
        why = {"kind": "post", "reason": "A letter asks about it."}
        daywork.perform(platform.engine, "look up", {**asked, **why})
        case = daywork.perform(platform.engine, "open case", asked)["case"]
    made = removed(platform, case)
    with reading(platform.folder) as reader:
        assert reader.decision(made)["demand"] == name
        assert [each["id"] for each in reader.demands().of_case(case, 0)] == [name]
    all_holds(platform)


def test_what_must_be_kept_secret_is_told_when_it_may_be(platform: Platform) -> None:
    """Until then the page is silent about what it began with, and the register says until when and
    by which law; then the person hears of it once.
    """
    platform.stream(event(1, text="buy my things"))
    until = platform.clock[0] + 3 * DAY
    secret = {"secret_until": rfc3339(until), "secret_why": SECRECY}
    name = demand(platform.engine, "post/e1", **secret)
    (case,) = waiting(platform, "demand")
    made = removed(platform, case)
    platform.clock[0] += 2 * HOUR
    platform.deliver()
    page = statement(platform, made)
    (item,) = platform.page(page).items
    assert (item.origin, item.demand) == ("", None)
    today = clock.day(platform.clock[0])
    assert public(platform) == [
        {
            "id": name,
            "entered": today,
            "secret_until": rfc3339(until),
            "secret_why": SECRECY,
            "secret_since": today,
            "secret_times": 1,
        }
    ]
    platform.clock[0] = until + HOUR
    assert public(platform)[0]["people"] == "not told"  # what arrived before said nothing of it
    for number in (2, 3):  # what is owed is done before the next group
        platform.stream(event(number, text="hello"))
    assert public(platform)[0]["people"] == "not told"
    platform.clock[0] += 2 * HOUR
    told = [each for each in platform.deliver() if "demand from outside" in each.get("text", "")]
    assert len(told) == 1
    (item,) = platform.page(page).items
    assert item.origin == "demand"
    assert item.demand is not None
    (row,) = public(platform)
    assert (row["who"], row["people"], row["was_secret"]) == (WHO, "told", True)
    all_holds(platform)


def test_the_register_says_whether_everybody_was_told(platform: Platform) -> None:
    """One of two is not all of them."""
    platform.stream(event(1, text="buy my things"))
    platform.stream(event(2, 20, text="other things", author={"id": "bo"}))
    name = demand(platform.engine, "post/e1", "post/e2")
    first, *second = waiting(platform, "demand")
    removed(platform, first)
    assert public(platform)[0]["people"] == "not told"
    platform.clock[0] += 2 * HOUR
    platform.deliver()
    assert public(platform)[0]["people"] == "told"
    removed(platform, second[0])
    assert public(platform)[0]["people"] == "told in part"
    platform.clock[0] += 2 * HOUR
    platform.deliver()
    (row,) = public(platform)
    assert (row["id"], row["people"], row["decisions"]) == (
        name,
        "told",
        {"remove": 2, "undone": 0},
    )


def test_what_somebody_was_told_of_is_not_kept_secret_afterwards(platform: Platform) -> None:
    """Neither from whom it concerns nor from the register; before they can read of it, it is."""
    platform.stream(event(1, text="buy my things"))
    name = demand(platform.engine, "post/e1")
    (case,) = waiting(platform, "demand")
    made = removed(platform, case)
    page, before = statement(platform, made), public(platform)
    with pytest.raises(BadUse) as caught:
        keep_secret(platform, name, 30)
    assert caught.value.code == "U450"
    (item,) = platform.page(page).items
    assert (item.origin, public(platform)) == ("demand", before)
    with reading(platform.folder) as reader:
        assert not reader.demands().show(name, platform.clock[0])["may_be_secret"]
    other = demand(platform.engine)
    keep_secret(platform, other, 2)
    (row, _) = public(platform)
    assert (row["id"], row["secret_times"]) == (other, 1)
    all_holds(platform)


def test_secrecy_that_is_prolonged_says_how_often_and_since_when(platform: Platform) -> None:
    """Also where it has begun something meanwhile; and once it is over nobody begins it anew."""
    platform.stream(event(1, text="buy my things"))
    later = rfc3339(platform.clock[0] + 2 * DAY)
    name = demand(platform.engine, "post/e1", secret_until=later, secret_why=SECRECY)
    (case,) = waiting(platform, "demand")
    made = removed(platform, case)
    since, platform.clock[0] = clock.day(platform.clock[0]), platform.clock[0] + DAY
    keep_secret(platform, name, 3)
    (row,) = public(platform)
    assert (row["secret_since"], row["secret_times"]) == (since, 2)
    assert platform.page(statement(platform, made)).items[0].origin == ""
    platform.clock[0] += 4 * DAY
    with pytest.raises(BadUse) as caught:  # over, though nobody was sent the message yet
        keep_secret(platform, name, 3)
    assert caught.value.code in ("U422", "U450")


def keep_secret(platform: Platform, name: str, days: int) -> None:
    """It is kept from the people concerned, from now on for so many days."""
    until = rfc3339(platform.clock[0] + days * DAY)
    step = {"demand": name, "until": until, "why": SECRECY}
    demands.perform(platform.engine, "keep demand secret", step)


def test_a_secret_demand_has_a_line_like_any_other(platform: Platform) -> None:
    """The public log does not tell one from the other; and the register has as many as the log."""
    demand(platform.engine)
    later = rfc3339(platform.clock[0] + DAY)
    demand(platform.engine, secret_until=later, secret_why=SECRECY)
    texts = [json.loads(row[0]) for row in rows(platform.folder, "SELECT entry FROM leaf")]
    lines = [each for each in texts if each["type"] == "demand"]
    bare = [{key: each[key] for key in each if key not in ("id", "commitment")} for each in lines]
    assert len(bare) == 2
    assert bare[0] == bare[1]
    assert set(lines[0]) == {"action", "commitment", "day", "id", "type"}
    assert len(public(platform)) == len([each for each in lines if each["action"] == "received"])


def test_an_informal_demand_for_data_is_kept_and_answered_by_nobody_here(
    platform: Platform,
) -> None:
    """It opens no case, and there is nothing in Ombud that hands data over."""
    platform.stream(event(1, text="hello", author={"id": "ana"}))
    name = demand(platform.engine, "ana", asks="data", basis="", binding=False)
    assert waiting(platform) == []
    (row,) = public(platform)
    assert (row["asks"], row["basis"], row["binding"], row["found"]) == ("data", None, False, 1)
    assert "ana" not in json.dumps(row)
    with reading(platform.folder) as reader:
        assert reader.demands().show(name, platform.clock[0])["items"][0]["named"] == "ana"


def test_how_an_erased_account_was_named_goes_with_it(platform: Platform) -> None:
    """The demand stays, and what it was about is no more to be read."""
    platform.stream(event(1, text="hello", author={"id": "ana"}))
    name = demand(platform.engine, "ana", "post/e1", clause=None)
    platform.engine.erase("chat", "ana", "admin")
    with reading(platform.folder) as reader:
        items = reader.demands().show(name, platform.clock[0])["items"]
    assert [each["named"] for each in items] == [None, None]
    all_holds(platform)
