"""Certificates: what is drawn of what a rule does, alarms, renewal."""

from __future__ import annotations

import pytest

from gate.told_register import BEN, CY, Told, says_right
from ombud.clock import DAY, HOUR
from ombud.gate import certificate
from ombud.gate.certificate import PATIENCE, WEEK, Certificate
from ombud.gate.sample import Counts


@pytest.fixture
def told() -> Told:
    """A register with a certificate that was earned."""
    made = Told()
    made.certified()
    return made


def held(told: Told) -> Certificate:
    """That certificate."""
    (found,) = told.register.certificates.values()
    return found


def acting(told: Told, a_week: int, weeks: int) -> list[int]:
    """How many actions were drawn in each of some weeks."""
    found = []
    for week in range(weeks):
        before = len(held(told).seen)
        told.acts(held(told).id, a_week, 100_000 * (week + 1))
        found.append(len(held(told).seen) - before)
        told.now += WEEK - told.now % WEEK
    return found


def test_twenty_a_week_are_drawn(told: Told) -> None:
    """Of 1,000 a week about 20, once there is a week to go by; of 15 all."""
    drawn = acting(told, 1000, 12)[1:]
    assert 12 * len(drawn) < sum(drawn) < 28 * len(drawn)
    few = Told()
    few.certified()
    assert acting(few, 15, 3)[1:] == [15, 15]


def test_two_percent_where_that_is_more(told: Told) -> None:
    """Of 10,000 a week about 200."""
    drawn = acting(told, 10_000, 4)[1:]
    assert 150 < sum(drawn) / len(drawn) < 250


def test_a_raid_does_not_flood_the_audit(told: Told) -> None:
    """After quiet weeks, 20,000 actions in one are not all drawn, and few are asked about."""
    acting(told, 20, 2)
    (drawn,) = acting(told, 20_000, 1)
    assert drawn < 2000
    assert sum(each.asked for each in held(told).open.values()) <= 3 * 15


def test_what_is_drawn_follows_from_the_seed_alone() -> None:
    """Two registers that are told the same draw the same."""
    one, other = Told(), Told()
    for each in (one, other):
        each.certified()
        acting(each, 500, 3)
    assert held(one).seen == held(other).seen
    assert held(one).seen


def test_one_record_is_drawn_once(told: Told) -> None:
    """A record that is held and labelled is one item."""
    told.acts(held(told).id, 10)
    told.acts(held(told).id, 10)
    assert held(told).acted == 20
    assert len(held(told).open) == 10
    told.week(BEN, says_right)
    told.acts(held(told).id, 10)
    assert not held(told).open
    assert held(told).counted.labels == 10


def test_wrong_actions_demote(told: Told) -> None:
    """Three wrong of three: proved to be below 95 %; the licence is gone at once."""
    assert told.may("label")
    told.acts(held(told).id, 10)
    told.week(BEN, lambda _: "no")
    due = told.owed()
    assert ("demotion", held(told).id, "audit") in due
    assert not told.may("label")
    assert told.register.samples["s"].spent
    assert told.register.due_for(BEN, told.now) == []


def test_nobody_is_asked_about_what_is_over() -> None:
    """Actions that were drawn and not labelled are asked about no more, and count no more."""
    made = Told()
    name = made.certified()
    made.acts(name, 10)
    made.apply("demotion", certificate=name, why="overturned")
    assert held(made).open
    assert made.register.due_for(BEN, made.now) == []
    assert not held(made).holds(made.now)
    made.label(next(iter(held(made).open)), BEN, "yes")
    assert held(made).counted.labels == 0
    made.acts(name, 5, 90_000)
    assert held(made).acted == 10


def test_right_actions_do_not(told: Told) -> None:
    """A month of right ones."""
    for week in range(4):
        told.acts(held(told).id, 50, 100_000 * (week + 1))
        told.week(BEN, says_right)
        assert not [due for due in told.owed() if due.control != "draw"]
    assert held(told).counted.right == held(told).counted.labels > 50


@pytest.mark.parametrize(("undone", "demoted"), [(7, False), (10, True)])
def test_undone_actions_demote(told: Told, undone: int, demoted: bool) -> None:
    """Of 100 actions 10 undone are more than 5 %, for sure; 7 are not."""
    told.acts(held(told).id, 100)
    told.register.licence_of = lambda _: held(told).licence.id
    told.apply("undo", decisions=[f"d{at}" for at in range(undone)])
    assert (("demotion", held(told).id, "overturned") in told.owed()) is demoted
    assert told.may("hold") is not demoted


def test_what_is_drawn_and_never_labelled_counts_against_it(told: Told) -> None:
    """28 days after, and not before: people cannot spare a rule by looking away."""
    told.acts(held(told).id, 5)
    told.owed()
    told.now += PATIENCE - WEEK
    assert not [due for due in told.owed() if due.control == "label"]
    told.now += WEEK
    due = told.owed()
    assert [each.control for each in due if each.control in ("label", "demotion")][-1] == "demotion"
    assert held(told).counted.right == 0 < held(told).counted.labels


def test_what_nobody_could_be_asked_about_is_let_go(told: Told) -> None:
    """Beyond the budget: not held against the rule, and not kept."""
    told.acts(held(told).id, 400)
    unasked = {name for name, each in held(told).open.items() if not each.asked}
    assert unasked
    for item in [each.item for each in held(told).open.values() if each.asked]:
        told.label(item.id, BEN, "yes")
    before = held(told).counted.labels
    told.now += PATIENCE
    assert not {each.item.id for each in told.register.due_for(BEN, told.now)} & unasked
    told.owed()
    assert held(told).counted.labels == before
    told.acts(held(told).id, 1, 900_000)
    assert not set(held(told).open) & unasked


def test_erased_actions_count_against_it(told: Told) -> None:
    """As for samples."""
    told.acts(held(told).id, 2)
    told.apply("erasure", seqs=[50_000])
    assert (held(told).counted.labels, held(told).counted.right) == (1, 0)


def test_it_is_over_after_90_days(told: Told) -> None:
    """Without clean audits: at its instant nothing is granted any more, control or not."""
    told.now = held(told).until - 2
    assert not [due for due in told.owed() if due.control == "certificate"]
    assert told.may("label")
    told.now = held(told).until
    assert not told.may("label")
    assert [due.what for due in told.owed() if due.control == "certificate"] == ["ended"]
    assert held(told).ended == "expired"


def audited(told: Told, weeks: int, wrong: int) -> None:
    """Weeks of 30 actions, labelled; so many of them wrong."""
    left = wrong

    def says(item: object) -> str:
        nonlocal left
        left -= 1
        return "no" if left >= 0 and getattr(item, "hit", False) else "yes"

    for week in range(weeks):
        told.acts(held(told).id, 30, 100_000 * (week + 1))
        told.week(BEN, says)
        told.owed()


def test_clean_audits_renew_it(told: Told) -> None:
    """Fifty labels that hold the level: renewed before it is over, for 90 days more; the next
    period has to be clean by itself.
    """
    audited(told, 6, wrong=2)
    assert held(told).period.labels >= 50
    first = held(told).until
    told.now = first - HOUR
    assert [due.what for due in told.owed() if due.control == "certificate"] == ["renewed"]
    assert told.may("label")
    assert held(told).until == first + 90 * DAY
    assert held(told).period.labels == 0 < held(told).counted.labels
    told.now = held(told).until
    assert [due.what for due in told.owed() if due.control == "certificate"] == ["ended"]


@pytest.mark.parametrize(("weeks", "wrong"), [(1, 0), (6, 9)])
def test_few_or_unclean_audits_do_not(told: Told, weeks: int, wrong: int) -> None:
    """Under fifty labels, or under the level in their own figures: it ends at its time."""
    audited(told, weeks, wrong)
    told.now = held(told).until - HOUR
    assert not [due for due in told.owed() if due.control == "certificate"]


@pytest.mark.parametrize(
    ("labels", "right", "clean"),
    [(49, 49, False), (50, 50, True), (100, 95, True), (100, 94, False)],
)
def test_clean_means_fifty_labels_that_hold_the_level(
    told: Told, labels: int, right: int, clean: bool
) -> None:
    """In the figures of this period alone."""
    held(told).period = Counts(labels, right)
    held(told).counted = Counts(1000, 1000 * clean)
    assert held(told).clean is clean


def test_a_renewed_one_begins_to_count_anew() -> None:
    """What was done and undone in the period before is behind it; what was audited is not."""
    made = Told()
    made.certified()
    of = held(made)
    of.acted, of.overturned, of.counted, of.period = 50, 2, Counts(60, 60), Counts(60, 60)
    of.renew(of.until + 1, of.granted + 7)
    assert of.clean_since == of.granted + 7
    assert (of.acted, of.overturned, of.counted.labels, of.period.labels) == (0, 0, 60, 0)
    assert of.holds(of.until - 1)
    assert not of.holds(of.until)


def test_two_people_label_what_two_people_proved() -> None:
    """One answer leaves an action open; the second decides."""
    made = Told()
    made.certified(labellers=(BEN, CY))
    made.acts(held(made).id, 3)
    made.week(BEN, says_right)
    assert (held(made).counted.labels, len(held(made).open)) == (0, 3)
    made.week(CY, lambda _: "no")
    assert (held(made).counted.labels, held(made).counted.right) == (3, 0)


def test_the_cap_is_four_usual_days() -> None:
    """And twenty at least, so that a small rule can act at all."""
    assert certificate.cap(300, 30) == 40
    assert certificate.cap(301, 30) == 44
    assert certificate.cap(3, 30) == 20
    assert certificate.cap(100, 0) == 400


def test_one_labeller_is_told_in_the_licence(told: Told) -> None:
    """The id of the licence, which stands in every decision, says so."""
    assert held(told).licence.id == f"certificate by one labeller:{held(told).id}"
    two = Told()
    two.certified(labellers=(BEN, 103))
    (found,) = two.register.licences()
    assert found.id.startswith("certificate:")


def test_others_are_mixed_in_once_a_week(told: Told) -> None:
    """Where something was drawn, nine others wait among it; they count for nothing."""
    assert held(told).mixes(told.now) == 0
    told.acts(held(told).id, 5)
    due = told.register.due(told.now)
    assert due is not None
    assert due.control == "draw"
    assert held(told).mixes(told.now) == 9
    told.carry_out(due, list(range(1, 10)))
    assert held(told).mixes(told.now) == 0
    asked = [each.item.hit for each in told.register.due_for(BEN, told.now)]
    assert asked.count(True) == 5
    assert 0 < asked.count(False) <= 9
    told.week(BEN, says_right)
    assert held(told).counted.labels == 5
