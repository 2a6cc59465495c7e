"""Fact-checks that nobody published, for the tests of what is done with published ones."""

from __future__ import annotations

from typing import Any

from ombud.signals.factchecks.claim import Claim
from ombud.signals.factchecks.index import Index

TRAIN = "The harbour tunnel will be flooded with seawater to cool the new server halls"
FISH = "Eating dried lanternfish for a week restores lost eyesight"
BRIDGE = "Cầu Rồng sẽ bị tháo dỡ để bán sắt vụn vào tháng sau"
CLAIMS = (TRAIN, FISH, BRIDGE)


def claim(text: str, number: int = 1, **more: Any) -> Claim:
    """A claim that an invented publisher checked."""
    known = {"publisher": "Example Checks", "rating": "False", "date": "2026-05-04", "lang": "en"}
    url = f"https://checks.example/claims/{number}"
    return Claim(**{"claim": text, "url": url, **known, **more})


def index(*texts: str) -> Index:
    """An index of these claims."""
    return Index(claim(text, number) for number, text in enumerate(texts or CLAIMS))


def review(text: str = TRAIN, **more: Any) -> dict[str, Any]:
    """A ClaimReview as a publisher writes it."""
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "claimReviewed": text,
        "author": {"@type": "Organization", "name": "Example Checks"},
        "itemReviewed": {"@type": "Claim", "author": {"@type": "Person", "name": "Ana Example"}},
        "reviewRating": {"@type": "Rating", "ratingValue": "1", "alternateName": "False"},
        "url": "https://checks.example/claims/1",
        "datePublished": "2026-05-04",
        "inLanguage": "en-GB",
        **more,
    }
