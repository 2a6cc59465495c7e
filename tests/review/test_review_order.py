"""The order of cases: by harm, urgency, doubt and waiting; nothing starves, no flood buries it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud import i18n, phrases
from ombud.clock import HOUR, MINUTE
from ombud.model import HARMS
from ombud.review import order
from ombud.review.order import Waiting

instants = st.integers(0, 10**15)
cases = st.builds(
    Waiting,
    opened=instants,
    harm=st.sampled_from((*HARMS, "", order.APPEAL, "nothing that is known")),
    urgent=st.booleans(),
    unsure=st.booleans(),
    author=st.integers(0, 1000),
    source=st.integers(0, 100_000),
)


def test_every_harm_has_its_patience() -> None:
    """No harm of the language is ordered by accident, and each has its words."""
    assert set(order.PATIENCE) == {*HARMS, order.APPEAL}
    for harm in (*order.PATIENCE, "other", "urgent"):
        assert f"order.{harm}" in phrases.TEXTS


def test_what_harms_most_comes_first() -> None:
    """Opened at one instant, cases come by how little they can wait."""
    harms = ("threats", "private-data", "malware", "scam", "harassment", "spam", "form")
    places = [order.place(Waiting(0, harm)) for harm in harms]
    assert places == sorted(places)
    assert len(set(places)) == len(places)


def test_urgency_and_doubt_bring_a_case_forward() -> None:
    """Urgent: within five minutes, whatever it is. Unsure: a quarter sooner."""
    assert order.place(Waiting(0, "spam", urgent=True)) == 5 * MINUTE
    assert order.place(Waiting(0, "threats", urgent=True, unsure=True)) == 5 * MINUTE
    assert order.place(Waiting(0, "spam", unsure=True)) == 6 * HOUR * 3 // 4
    assert order.place(Waiting(0, "threats", unsure=True)) == 450 * 1_000_000


def test_a_share_puts_back_by_the_larger_of_both() -> None:
    """Half an hour for each open case of the author, a minute for each of the source."""
    assert order.behind(3, 10) == 90 * MINUTE
    assert order.behind(1, 100) == 100 * MINUTE
    assert order.behind(0, 0) == 0


@given(cases, st.integers(1, 10**13))
def test_nothing_starves(case: Waiting, later: int) -> None:
    """Whatever is opened late enough comes after it: its place is fixed, and the same each time."""
    assert order.place(case) == order.place(case)
    assert order.place(case) > case.opened
    reach = order.place(case) - case.opened
    assert order.place(Waiting(case.opened + reach, "threats", urgent=True)) > order.place(case)
    assert order.place(Waiting(case.opened + later, case.harm)) > order.place(
        Waiting(case.opened, case.harm)
    )


@pytest.mark.parametrize("by_author", [True, False])
def test_a_flood_delays_somebody_else_by_what_is_stated(*, by_author: bool) -> None:
    """100,000 cases of one author, or of one source by one rule, over an hour: before the case of
    somebody who shares neither come no more than the bound says; without shares it would be all.
    """
    count, length = 100_000, HOUR
    every = order.AUTHOR_EVERY if by_author else order.SOURCE_EVERY
    chaff = []
    for number in range(count):
        author, source = (number, 0) if by_author else (0, number)
        opened = number * length // count
        chaff.append(order.place(Waiting(opened, "spam", author=author, source=source)))
    hers = order.place(Waiting(length, "spam"))
    before = sum(each <= hers for each in chaff)
    assert 1 <= before <= 1 + length // every
    without = sum(
        order.place(Waiting(number * length // count, "spam")) <= hers for number in range(count)
    )
    assert without == count


def test_the_sentence_says_every_reason_there_is() -> None:
    """What brought it forward or back stands in it, in both languages, and how long it waited."""
    said = order.why(
        0, "scam", urgent=False, unsure=True, put_back=90 * MINUTE, now=3 * HOUR, lang="en"
    )
    assert said == (
        "A scam: somebody should look within 45 minutes. Nobody has shown yet that this is right,"
        " so it comes sooner. Others like it are open, so it comes 1 hour later."
        " It has waited 3 hours."
    )
    plain = order.why(0, "", urgent=True, unsure=False, put_back=0, now=-5, lang="vi")
    assert plain == "Khẩn: cần có người xem trong 5 phút."


@given(cases, instants, st.sampled_from(i18n.SPOKEN))
def test_every_case_has_its_sentence(case: Waiting, now: int, lang: str) -> None:
    """No combination is without words."""
    back = order.behind(case.author, case.source)
    flags = {"urgent": case.urgent, "unsure": case.unsure}
    assert order.why(case.opened, case.harm, **flags, put_back=back, now=now, lang=lang)
