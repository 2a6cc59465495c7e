"""Dogpiles in the simulated community: counted by campaign, through the whole engine."""

from __future__ import annotations

from evaluation.dogpiles import Seen

from evaluation import dogpiles


def test_a_campaign_is_found_by_its_first_call() -> None:
    """Per run and occurrence; what is of another kind is not counted."""
    seen = [
        Seen(1, "dogpile", 1, False),
        Seen(1, "dogpile", 1, True),
        Seen(1, "dogpile", 1, True),
        Seen(2, "dogpile", 1, False),
        Seen(1, "cheers", 1, True),
        Seen(1, None, 0, True),
    ]
    count, found, median, calls = dogpiles.found(seen, "dogpile")
    assert (count, median, calls) == (2, "1", 2)
    assert found.startswith("1: 50.0 %")
    said = dogpiles.section(seen, 2, 3)
    assert "| cheers | 1 | 1: 100.0 %" in said
    assert "Among the other 1 events there were 1 calls." in said


def test_a_run_goes_through_the_engine_and_has_every_kind() -> None:
    """One answer for each event; dogpiles and their honest twins are there."""
    seen = dogpiles.ran(3, 500)
    assert len(seen) == 500
    assert {"dogpile", *dogpiles.TWINS} <= {each.campaign for each in seen}
