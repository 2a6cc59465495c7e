"""Whatever a decision is, its statement stands before the strict schema, and says what is so."""

from __future__ import annotations

import json
import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsa.schema import faults
from ombud import clock
from ombud.clock import DAY
from ombud.config import Dsa
from ombud.dsa.norms import Norm, Norms, norm
from ombud.dsa.statement import Made, Writer, automated, source
from ombud.model import HARMS
from ombud.model import KINDS as EVERY_KIND
from ombud.rules.policy import Clause
from ombud.rules.vocabulary import ACTIONS

NOON = 1_764_244_800_000_000  # 2025-11-27 12:00 UTC
RESTRICTING = [name for name, form in ACTIONS.items() if form.restricts]
KINDS = [*EVERY_KIND, None]
ROLES = ["rule", "reviewer", "appeals reviewer", "admin"]
ORIGINS = ["own initiative", "flag", "trusted flagger", "demand", ""]
LICENCES = [None, "procedural:spam.links", "standing order:ord_1", "certificate:bags"]


class Told(Norms):
    """One clause for all, and a rule that looks at one thing."""

    def __init__(self, clause: Clause) -> None:
        self.clause = clause

    def norm(self, config: int, clause: str) -> Norm:
        """The clause, whatever the configuration."""
        assert config
        return norm(clause, self.clause)

    def looked_at(self, config: int, rule: str | None) -> tuple[str, ...]:
        """What the rule looks at."""
        return () if not config else ("links.count (How many links)",) if rule else ()


def clause(harm: str = "spam", dsa: str | None = None, text: str = "Norm.") -> Clause:
    """A clause of a harm."""
    return Clause("a.b", "Title", text, harm=harm, published="2025-01-01", dsa=dsa)


def made(**changes: Any) -> Made:
    """A rule's hold of a post, changed."""
    whole: dict[str, Any] = {
        "position": 1,
        "puid": "00ff",
        "time": NOON,
        "clause": "a.b",
        "rule": "bags",
        "by_role": "rule",
        "action": "hold",
        "licence": None,
        "until": NOON + DAY,
        "target": "this",
        "content": "text",
        "lang": "en",
        "origin": "own initiative",
        "found": None,
        "config": 1,
        "kind": "post",
        "written": NOON - 3 * DAY,
    }
    return Made(**{**whole, **changes})


def written(terms: Dsa | None = None, of: Clause | None = None, **changes: Any) -> dict[str, Any]:
    """The statement of such a decision, which must stand before the strict schema."""
    writer = Writer(Told(of or clause()), terms or Dsa())
    found: dict[str, Any] = json.loads(writer.write(made(**changes)))
    assert faults(found) == []
    return found


@given(
    fields=st.fixed_dictionaries(
        {
            "puid": st.text(string.ascii_letters + string.digits + "-_", min_size=1, max_size=40),
            "time": st.integers(1_600_000_000_000_000, 2_100_000_000_000_000),
            "rule": st.sampled_from(["bags", None]),
            "found": st.sampled_from(["bags", None]),
            "by_role": st.sampled_from(ROLES),
            "action": st.sampled_from(RESTRICTING),
            "licence": st.sampled_from(LICENCES),
            "until": st.none() | st.integers(1_600_000_000_000_000, 4_000_000_000_000_000),
            "target": st.sampled_from(["this", "campaign", "author", "room", ""]),
            "content": st.sampled_from(["", "text", "text image video", "audio", "smell"]),
            "lang": st.sampled_from(["", "en", "vi", "ceb", "el", "x", "\u1e9e"]),
            "origin": st.sampled_from(ORIGINS),
            "kind": st.sampled_from(KINDS),
            "written": st.none() | st.integers(0, 4_000_000_000_000_000),
        }
    ),
    of=st.builds(
        clause,
        harm=st.sampled_from(HARMS),
        dsa=st.sampled_from([None, "STATEMENT_CATEGORY_VIOLENCE STATEMENT_CATEGORY_SELF_HARM"]),
        text=st.text(max_size=3000),
    ),
    terms=st.builds(
        Dsa,
        flags=st.sampled_from(["reports", "notices"]),
        account_type=st.sampled_from(["", "private", "business"]),
        territory=st.sampled_from([("DE",), ("AT", "DE")]),
    ),
)
def test_any_decision_has_a_good_statement(fields: dict[str, Any], of: Clause, terms: Dsa) -> None:
    """Every combination, with what no schema can say: the order of its days."""
    found = written(terms, of, **fields)
    assert found["content_date"] <= found["application_date"] == clock.day(fields["time"])
    for name in found:
        if name.startswith("end_date"):
            assert found["application_date"] <= found[name] <= "2038-01-01"
    assert found["category"] not in found.get("category_addition", [])


def test_days_and_ends() -> None:
    """When it was written, when it is restricted, until when; what lasts beyond all has no end."""
    found = written()
    assert (found["content_date"], found["application_date"]) == ("2025-11-24", "2025-11-27")
    assert found["end_date_visibility_restriction"] == "2025-11-28"
    assert "end_date_visibility_restriction" not in written(until=None)
    assert "end_date_visibility_restriction" not in written(until=NOON + 20 * 365 * DAY)
    assert written(until=NOON - DAY)["end_date_visibility_restriction"] == "2025-11-27"
    assert written(written=0)["content_date"] == "2000-01-01"
    assert written(written=None)["content_date"] == "2025-11-27"
    assert written(written=NOON + 9 * DAY)["content_date"] == "2025-11-27"
    suspended = written(action="suspend", target="author", by_role="admin", rule=None)
    assert suspended["end_date_account_restriction"] == "2025-11-28"
    assert "decision_visibility" not in suspended


@pytest.mark.parametrize(
    ("changes", "detected", "decided"),
    [
        ({}, "Yes", "FULLY"),
        ({"licence": "standing order:ord_1"}, "Yes", "PARTIALLY"),
        ({"origin": "flag", "kind": "flag"}, "No", "FULLY"),
        ({"by_role": "reviewer", "rule": None, "found": "bags"}, "Yes", "PARTIALLY"),
        ({"by_role": "reviewer", "rule": None}, "No", "NOT_AUTOMATED"),
        (
            {"by_role": "reviewer", "rule": None, "found": "bags", "origin": "flag"},
            "No",
            "NOT_AUTOMATED",
        ),
    ],
)
def test_what_a_program_did(changes: dict[str, Any], detected: str, decided: str) -> None:
    """Detected by a rule of its own accord; decided by it, with it, or without it."""
    found = written(**changes)
    assert found["automated_detection"] == detected
    assert found["automated_decision"] == f"AUTOMATED_DECISION_{decided}"
    assert automated("rule", None, detected=False, found=False).endswith("FULLY")


def test_what_began_it() -> None:
    """Nobody, a report, a notice under Article 16 where flags are such, a trusted flagger."""
    assert written()["source_type"] == "SOURCE_VOLUNTARY"
    assert written(origin="", kind="post")["source_type"] == "SOURCE_VOLUNTARY"
    other = "SOURCE_TYPE_OTHER_NOTIFICATION"
    assert written(origin="flag")["source_type"] == other
    assert written(origin="", kind="flag")["source_type"] == other
    assert written(Dsa(flags="notices"), origin="flag")["source_type"] == "SOURCE_ARTICLE_16"
    assert written(origin="trusted flagger")["source_type"] == "SOURCE_TRUSTED_FLAGGER"
    assert source("demand", "notices") == other


def test_the_terms_of_the_community() -> None:
    """Where restrictions hold, and what accounts are."""
    found = written(Dsa(territory=("DE", "FR"), account_type="private"))
    assert found["territorial_scope"] == ["DE", "FR"]
    assert found["account_type"] == "ACCOUNT_TYPE_PRIVATE"
    assert len(written()["territorial_scope"]) == 30
    assert "account_type" not in written()


def test_what_the_content_is() -> None:
    """By what it is made of, and else in words; its language where the database has it."""
    found = written(content="text image", lang="vi")
    assert found["content_type"] == ["CONTENT_TYPE_TEXT", "CONTENT_TYPE_IMAGE"]
    assert found["content_language"] == "VI"
    assert "content_type_other" not in found
    flagged = written(content="", lang="", kind="flag", origin="flag")
    assert flagged["content_type"] == ["CONTENT_TYPE_OTHER"]
    assert flagged["content_type_other"] == "Content that was reported"
    assert "content_language" not in flagged
    assert "content_language" not in written(lang="ceb")


def test_the_facts_are_sentences() -> None:
    """What was done, what began it, who decided, what the rule looks at, and how to appeal."""
    assert written()["decision_facts"] == (
        "A post was held back for a person to look at, until the day given here. "
        "Nobody had reported it. A rule found it and decided by itself. "
        "The rule looks at: links.count (How many links). "
        "Who is concerned was given the clause and the facts, and may appeal for six months; "
        "a person decides appeals."
    )
    ordered = written(licence="standing order:ord_1")["decision_facts"]
    assert "what a person had decided about this campaign" in ordered


def test_what_is_alike_differs_in_its_own() -> None:
    """Statements that share their words share no id and no day."""
    writer = Writer(Told(clause()), Dsa())
    first = writer.write(made())
    second = json.loads(writer.write(made(puid="ff00", time=NOON + DAY, until=NOON + 3 * DAY)))
    assert second["puid"] == "ff00"
    assert second["application_date"] == "2025-11-28"
    assert second["end_date_visibility_restriction"] == "2025-11-30"
    assert writer.write(made()) == first
    assert "end_date_visibility_restriction" not in json.loads(writer.write(made(until=None)))
