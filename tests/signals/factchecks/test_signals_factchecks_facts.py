"""The facts that rules may ask about published fact-checks."""

from __future__ import annotations

from ombud import events
from ombud.signals.declare import COUNTERS, SIGNALS, WITHS
from ombud.signals.factchecks import facts
from ombud.signals.factchecks.index import Index
from ombud.signals.observation import Observation
from signals.factchecks.checks_made import CLAIMS, FISH, TRAIN, claim
from wire import wire

INDEX = Index(
    claim(text, number)
    for number, text in enumerate([*CLAIMS, *(f"subject{n}x matter{n}y" for n in range(800))])
)


class Tokens:
    """Nothing here is looked up by a token."""

    def account(self, platform: str, account: str) -> int:
        """One for all."""
        return len(platform + account)

    def of(self, space: str, value: str) -> int:
        """One for all."""
        return len(space + value)


def told(text: str | None, index: Index | None = INDEX) -> dict[str, object]:
    """Every fact about fact-checks for a post."""
    seen = Observation(
        events.decode(wire({} if text is None else {"text": text})), "post", Tokens()
    )
    seen.claims = index
    return {
        name.removeprefix(facts.PREFIX): declared.compute(seen)
        for name, declared in SIGNALS.items()
        if name.startswith(facts.PREFIX)
    }


def test_a_repeated_claim() -> None:
    """A match, how like it is, and not debunked."""
    found = told(TRAIN)
    assert (found["match"], found["debunked"]) == (True, False)
    assert isinstance(found["likeness"], int)
    assert found["likeness"] > 950


def test_no_match_is_no_likeness_to_the_nearest() -> None:
    """Below the threshold the nearest claim is as far away as any other."""
    nothing = {"match": False, "likeness": 0, "debunked": False}
    assert told("the tunnel was closed today") == nothing


def test_who_debunks_matches_nothing() -> None:
    """By words or by a link to the publisher; only the third fact says so."""
    for text in (f"{FISH}: a hoax", f"{FISH}? see https://checks.example/claims/1"):
        assert told(text) == {"match": False, "likeness": 0, "debunked": True}


def test_without_claims_or_text_nothing_is_known() -> None:
    """Unknown, not "no": a community that imported nothing has not looked."""
    unknown = {"match": None, "likeness": None, "debunked": None}
    assert told(TRAIN, None) == unknown
    assert told(None) == unknown
    assert told(TRAIN, Index([])) == {"match": False, "likeness": 0, "debunked": False}


def test_nothing_else_rests_on_them() -> None:
    """No counter and no word after `with` is keyed or filtered by a fact-check: what is counted by
    it could be acted on by a rule that does not name it.
    """
    filters = [each.only for each in COUNTERS.values()] + [each.only for each in WITHS.values()]
    assert not any((each or "").startswith(facts.PREFIX) for each in filters)
