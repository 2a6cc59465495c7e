"""Standing orders as values: whom they reach, until when, what is left of them."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud import gate
from ombud.gate import standing_order
from ombud.gate.standing_order import StandingOrder, changed

GIVEN = StandingOrder(
    "ord_1", "cas_1", "copies", "v1", "spam.repeats", "c1", 77, (5, 0), "remove", 1000
)


@pytest.mark.parametrize(
    ("clusters", "room", "recv", "reached"),
    [
        ((77,), 5, 999, True),
        ((3, 77), None, 0, True),
        ((77,), 5, 1000, False),
        ((78,), 5, 0, False),
        ((), 5, 0, False),
        ((77,), 6, 0, False),
    ],
)
def test_an_order_reaches_its_cluster_in_its_rooms_until_its_end(
    clusters: tuple[int, ...], room: int | None, recv: int, reached: bool
) -> None:
    """And what is in no room only where the campaign was in none."""
    assert GIVEN.reaches(clusters, room, recv) is reached


@pytest.mark.parametrize("action", standing_order.ORDERABLE)
def test_the_gate_lets_an_order_do_what_can_be_ordered(action: str) -> None:
    """By its rule, under its clause, before its end; for any other rule, version or clause not."""
    asked: dict[str, Any] = {"action": action, "duration": None, "clause": "spam.repeats"}
    asked |= {"rule": "copies", "version": "v1", "now": 10}
    assert gate.ask([GIVEN.licence], **asked) == GIVEN.licence
    for other in ({"rule": "x"}, {"version": "v2"}, {"clause": "spam.links"}, {"now": 1000}):
        assert gate.ask([GIVEN.licence], **{**asked, **other}) is gate.Answer.NO_LICENCE


@pytest.mark.parametrize("action", ["suspend", "ban from room", "lock", "label", "mark sensitive"])
def test_no_order_lets_anything_else_through(action: str) -> None:
    """What is for people alone stays so, and what needs a certificate needs one."""
    answer = gate.ask(
        [GIVEN.licence],
        action=action,
        duration=None,
        clause="spam.repeats",
        rule="copies",
        version="v1",
    )
    assert isinstance(answer, gate.Answer)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5), st.integers(1, 50)), max_size=30))
def test_what_is_over_is_let_go(steps: list[tuple[bool, int, int]]) -> None:
    """After any course exactly those are left that were given, not ended, and not over by the last
    control.
    """
    orders: dict[str, StandingOrder] = {}
    model: dict[str, int] = {}
    for at, (begins, name, length) in enumerate(steps, 1):
        model = {key: until for key, until in model.items() if until > at}
        if begins:
            one = msgspec.structs.replace(GIVEN, id=f"ord_{name}", until=at + length)
            payload = {"begins": True, "at": at, "order": msgspec.to_builtins(one)}
            model[one.id] = one.until
        else:
            payload = {"begins": False, "at": at, "order": f"ord_{name}"}
            model.pop(f"ord_{name}", None)
        orders = changed(orders, payload)
    assert {key: each.until for key, each in orders.items()} == model
