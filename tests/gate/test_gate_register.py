"""The register: who is asked what, the budget, and that nothing acts without a certificate."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from gate.told_register import ANA, BEN, CY, Told, says_right
from ombud.clock import HOUR
from ombud.gate.certificate import PATIENCE, WEEK
from ombud.gate.register import AUDITS_TENTHS, BUDGET

AUDITS = BUDGET * AUDITS_TENTHS // 10

RESTRICTING = ("label", "mark sensitive", "limit", "remove")


def test_population_then_seed_then_items() -> None:
    """Nothing is to be labelled before the seed is there; the seed is owed once."""
    told = Told()
    told.population()
    assert told.register.due_for(BEN, told.now) == []
    assert told.owed() == [("draw", "s", "")]
    assert told.owed() == []
    assert len(told.register.due_for(BEN, told.now)) == BUDGET


def test_fifty_items_a_week_for_all_rules() -> None:
    """Begun items count, a second label on one does not; a new week, a new budget."""
    told = Told()
    told.population(300, labellers=(BEN, CY), wanted=2)
    told.owed()
    assert told.week(BEN, says_right) == BUDGET
    told.now -= WEEK
    assert told.register.budget(told.now) == (0, 0)
    assert told.register.due_for(BEN, told.now) == []
    assert told.week(CY, says_right) == BUDGET  # the same items
    assert told.register.week.items == BUDGET
    assert len(told.register.due_for(CY, told.now)) == BUDGET
    assert told.register.budget(told.now)[0] == BUDGET


def test_the_budget_is_a_setting() -> None:
    """Another budget holds from its activation on, within the week too, for audits by its share;
    lowered below what was begun, nothing more is asked, and nothing is granted or let off by that.
    """
    told = Told({"bags": "v1", "other": "v1"})
    certificate = told.certified()
    told.configure({"bags": "v1", "other": "v1"}, budget=20)
    assert (told.register.most, told.register.audits) == (20, 6)
    told.population(100, sample="t", rule="other")
    told.owed()
    told.acts(certificate, 300)
    asked = told.register.due_for(BEN, told.now)
    assert (len(asked), sum(each.audit and each.item.hit for each in asked)) == (20, 6)
    for each in [one for one in asked if not (one.audit and one.item.hit)][:12]:
        told.label(each.item.id, BEN, "yes")
    told.configure({"bags": "v1", "other": "v1"}, budget=10)
    assert told.register.budget(told.now) == (0, 0)
    assert told.register.due_for(BEN, told.now) == []
    told.configure({"bags": "v1", "other": "v1"})
    assert told.register.budget(told.now)[0] == BUDGET - 12
    told.configure({"bags": "v1", "other": "v1"}, budget=10)
    wrong = told.register.certificates[certificate].counted.labels
    told.now += PATIENCE
    assert {due.control for due in told.owed()} >= {"label"}  # not asked any more: counts as wrong
    assert told.register.certificates[certificate].counted.labels > wrong


def test_two_samples_share_the_budget() -> None:
    """Half of the week's items are of each."""
    told = Told({"bags": "v1", "other": "v1"})
    told.population(100)
    told.population(100, sample="t", rule="other")
    told.owed()
    asked = told.register.due_for(BEN, told.now)
    assert len(asked) == BUDGET
    mine = set(told.register.samples["s"].items)
    assert sum(each.item.id in mine for each in asked) in (BUDGET // 2, BUDGET // 2 + 1)


def test_audits_leave_room_for_samples() -> None:
    """While something is sampled, audits take fifteen items of a week; else all that is drawn."""
    told = Told({"bags": "v1", "other": "v1"})
    certificate = told.certified()
    told.acts(certificate, 300)
    alone = sum(each.item.hit for each in told.register.due_for(BEN, told.now))
    assert alone > AUDITS
    told.population(100, sample="t", rule="other")
    told.owed()
    asked = told.register.due_for(BEN, told.now)
    assert sum(each.audit and each.item.hit for each in asked) == AUDITS
    assert len(asked) == BUDGET
    for each in asked:
        if each.audit:
            told.label(each.item.id, BEN, "yes")
    assert told.register.budget(told.now) == (BUDGET - AUDITS, 0)
    assert not any(each.audit for each in told.register.due_for(BEN, told.now))
    for each in asked:
        told.label(each.item.id, BEN, "yes")
    assert told.register.budget(told.now) == (0, 0)


def test_only_who_was_named_is_asked_and_once() -> None:
    """Neither others, nor the same person twice."""
    told = Told()
    told.population(labellers=(BEN, CY), wanted=2)
    told.owed()
    assert told.register.due_for(ANA, told.now) == []
    asked = told.register.due_for(BEN, told.now)
    begun = asked[-1].item.id
    told.label(begun, BEN, "yes")
    assert begun not in {e.item.id for e in told.register.due_for(BEN, told.now)}
    first = told.register.due_for(CY, told.now)[0]
    assert (first.item.id, first.new) == (begun, False)  # begun items come first


def test_the_order_says_nothing_of_what_an_item_is() -> None:
    """Items stand by their names, which are drawn: hits and others in any order."""
    told = Told()
    told.population(100)
    told.owed(range(900, 960))
    asked = [each.item for each in told.register.due_for(BEN, told.now)]
    assert [item.id for item in asked] == sorted(item.id for item in asked)
    kinds = [item.hit for item in asked]
    assert kinds != sorted(kinds)
    assert kinds != sorted(kinds, reverse=True)


def test_nobody_runs_ahead_for_ever() -> None:
    """Items that one has labelled and another has not hold up what comes after 200 of them."""
    told = Told()
    told.population(400, labellers=(BEN, CY), wanted=2)
    told.owed()
    done = [told.week(BEN, says_right) for _ in range(6)]
    assert done == [50, 50, 50, 50, 0, 0]


def test_a_stopped_sample_asks_nothing_and_can_go_on() -> None:
    """Its labels stay."""
    told = Told()
    told.population()
    told.owed()
    told.week(BEN, says_right)
    told.apply("labelling", sample="s", open=False)
    assert told.register.due_for(BEN, told.now) == []
    assert told.register.sealed() == frozenset()
    told.population(0)
    assert len(told.register.due_for(BEN, told.now)) == BUDGET
    assert told.register.samples["s"].counted.labels == BUDGET


def test_bodies_are_kept_until_they_are_labelled() -> None:
    """All that may still be asked about, and nothing else."""
    told = Told()
    told.population(80)
    told.owed(range(900, 960))
    kept = told.register.sealed()
    assert kept >= set(range(1, 81))
    told.week(BEN, says_right)
    assert len(told.register.sealed()) == len(kept) - BUDGET
    earned = Told()
    certificate = earned.certified()
    assert earned.register.sealed() == frozenset()
    earned.acts(certificate, 3)
    assert earned.register.sealed() == {50_000, 50_001, 50_002}


def test_a_changed_rule_loses_its_certificate_for_good() -> None:
    """Another version, or another wording of the clause; putting the old one back gives nothing
    back. A pause is no change.
    """
    for change in ({"rules": {"bags": "v2"}}, {"rules": {"bags": "v1"}, "clause": "c2"}):
        told = Told()
        told.certified()
        assert told.may("label")
        told.configure({})
        assert told.may("label")  # not in force, so nobody asks for it
        told.configure(**change)
        assert not told.may("label")
        told.configure({"bags": "v1"})
        assert not told.may("label")
        assert [due.what for due in told.owed()] == ["ended"]
        assert told.owed() == []
        told.population(0)
        assert told.owed() == []  # what was labelled before proves nothing any more


def test_a_sample_of_another_version_rests() -> None:
    """Nothing of it is asked while another version is in force, and nothing granted."""
    told = Told()
    told.population()
    told.owed()
    told.week(BEN, says_right)
    told.configure({"bags": "v2"})
    assert told.register.due_for(BEN, told.now) == []
    told.configure({"bags": "v1"})
    assert len(told.register.due_for(BEN, told.now)) == BUDGET


def test_a_higher_level_replaces_the_lower_one() -> None:
    """The same labels go on; one certificate is left, and its actions are audited anew."""
    told = Told()
    first = told.certified(labellers=(BEN, CY))
    assert (told.may("label"), told.may("remove")) == (True, False)
    told.population(0, 980, (BEN, CY), 2)
    for _ in range(12):
        for person in (BEN, CY):
            told.week(person, says_right)
        if told.owed():
            break
    assert told.register.certificates[first].ended == "replaced"
    assert told.may("remove")
    assert len(told.register.licences()) == 1
    assert not told.register.samples["s"].spent


def test_new_labellers_for_an_audit() -> None:
    """Who audits can change without anything else."""
    told = Told()
    certificate = told.certified()
    told.acts(certificate, 3)
    told.owed()
    told.population(0, labellers=(CY,), open=False)
    assert told.register.due_for(BEN, told.now) == []
    assert len(told.register.due_for(CY, told.now)) == 3
    assert told.may("label")


def test_labels_for_nothing_known_change_nothing() -> None:
    """A label for an item that nobody has, or that is complete, is passed over."""
    told = Told()
    told.population()
    told.owed()
    told.label("itm_nothing", BEN, "yes")
    item = told.register.due_for(BEN, told.now)[0].item
    told.label(item.id, BEN, "yes")
    told.label(item.id, CY, "no")
    assert item.answers == {BEN: "yes"}
    assert told.register.week.items == 1


# --- whatever happens -----------------------------------------------------------------------------

steps = st.lists(
    st.sampled_from(
        (
            *("population", "higher", "week right", "week wrong", "week one wrong", "owed"),
            *("other rule", "version 1", "version 2", "clause", "pass a month", "act", "undo"),
            *("stop", "erase"),
        )
    ),
    max_size=40,
)


@given(steps, st.sampled_from([(BEN,), (BEN, CY)]))
@settings(deadline=None, max_examples=150)
def test_without_a_valid_certificate_nothing_is_restricted(
    asked: list[str], labellers: tuple[int, ...]
) -> None:
    """In any order of controls: label, limit and remove are granted only while a certificate was
    granted, by labels that prove its level, and none of change, time, alarm came since.
    """
    told = Told()
    for step in ["population", "owed", *["week right"] * 5, "owed", *asked]:
        _do(told, step, labellers)
        for action in RESTRICTING:
            if told.may(action, duration=HOUR if action == "limit" else None):
                _justified(told, 980 if action in ("limit", "remove") else 950)
    assert not told.may("suspend")
    assert not any(told.may(action, version="v3") for action in RESTRICTING)


def _do(told: Told, step: str, labellers: tuple[int, ...]) -> None:
    register = told.register
    wrong = {"week wrong": 1000, "week one wrong": 1}.get(step, 0)
    if step == "population":
        hits = [[told.seq * 1000 + at, at, at, 0] for at in range(150)]
        told.population(hits, labellers=labellers, wanted=len(labellers))
    elif step == "higher":
        told.population(
            [[told.seq * 1000 + at, at, at, 0] for at in range(300)],
            980,
            labellers,
            len(labellers),
        )
    elif step.startswith("week"):
        for person in labellers:
            for each in register.due_for(person, told.now):
                told.label(each.item.id, person, "no" if wrong > 0 else says_right(each.item))
                wrong -= each.item.hit
                told.owed()
        told.now += WEEK
    elif step in ("owed", "pass a month"):
        told.now += 4 * WEEK if step != "owed" else 0
        told.owed()
    elif step == "other rule":
        told.configure({"bags": "v1", "other": "v1"})
    elif step in ("version 1", "version 2", "clause"):
        told.configure({"bags": f"v{step[-1]}" if step != "clause" else "v1"}, step)
        if step != "clause":
            told.configure({"bags": f"v{step[-1]}"})
    elif step == "act":
        for name in list(register.certificates):
            told.acts(name, 30, told.seq)
    elif step == "undo":
        held = list(register.certificates.values())
        register.licence_of = lambda _: held[-1].licence.id if held else None
        told.apply("undo", decisions=["d"] * 5)
        told.owed()
    elif step == "stop" and "s" in register.samples:
        told.apply("labelling", sample="s", open=False)
    elif step == "erase":
        told.apply("erasure", seqs=[seq for name in register.samples for seq in _some(told, name)])


def _some(told: Told, name: str) -> list[int]:
    """A seventh of the records that a sample holds."""
    return [item.seq for item in told.register.samples[name].items.values() if item.seq % 7 == 0]


def _justified(told: Told, level: int) -> None:
    """Held against the controls alone, with the evidence worked out by another library."""
    at = max(
        place
        for place, (control, payload) in enumerate(told.log)
        if control == "certificate" and payload["is"] == "granted"
    )
    granted = told.log[at][1]
    assert granted["level"] >= level
    assert level < 980 or granted["wanted"] > 1
    since = told.log[at:]
    assert not [c for c, _ in since if c == "demotion"]
    for control, payload in since:
        if control == "config":
            assert payload["manifest"]["rules"].get("bags", ["v1"])[0] == "v1"
            assert payload["manifest"]["clauses"]["spam.links"] == "c1"
    lengthened = [p["until"] for c, p in since if c == "certificate" and p["is"] != "ended"]
    assert told.now < max(lengthened)
    answers: dict[str, list[str]] = {}
    for control, payload in told.log[:at]:
        if control == "label" and payload["by"] is not None:
            answers.setdefault(payload["item"], []).append(payload["said"])
    sampled = told.register.samples[granted["sample"]]
    full = [
        said
        for name, said in answers.items()
        if name in sampled.items and sampled.items[name].hit and len(said) >= granted["wanted"]
    ]
    right = sum(set(said) == {"yes"} for said in full)
    assert len(full) >= 50
    assert _proved(right, len(full), granted["level"] / 1000)


def _proved(right: int, labels: int, p: float) -> bool:
    """Whether so many right among so many are 20 to 1 for a precision above p."""
    above = special.betaincc(right + 1, labels - right + 1, p)
    whole = special.beta(right + 1, labels - right + 1) * above / (1 - p)
    return bool(whole / (p**right * (1 - p) ** (labels - right)) > 19.999)


@pytest.mark.parametrize("other", ["deadline", "list", "duty"])
def test_other_controls_change_nothing(other: str) -> None:
    """The register passes over what is not its own."""
    told = Told()
    told.certified()
    before = told.register.licences()
    told.apply(other, anything=1)
    assert told.register.licences() == before


def test_what_people_release_or_reverse_counts_until_it_is_undone() -> None:
    """A reversal by appeal, a release by a reviewer and an undoing count against the certificate
    that acted; a review that was undone counts for nothing, and only once.
    """
    told = Told()
    held = told.register.certificates[told.certified()]
    told.register.licence_of = lambda decision: held.licence.id if decision == "ours" else None
    told.apply("outcome", released=["ours", "other"], decisions=[])
    assert held.overturned == 1
    told.apply("undo", decisions=["ours"])
    assert held.overturned == 2
    told.apply("review", released=["ours"], decisions=[["ours", 1, "hold", "spam", None]])
    assert held.overturned == 3
    for _ in range(2):
        told.apply("undo", review=told.seq, restored=["ours"], decisions=[])
        assert held.overturned == 2
