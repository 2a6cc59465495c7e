"""Claims are part of a configuration where a rule asks about them, and of no other."""

from __future__ import annotations

from dataclasses import replace

from flow.claims_community import CLAIMS_FILE, CONTEXT_RULES, sources
from flow.small_community import RULES
from ombud.activation import claims, compiling
from ombud.signals.factchecks.claim import read_lines


def test_a_configuration_whose_rules_do_not_ask_is_the_same_with_and_without() -> None:
    """Importing changes nothing for it: manifest, digest, what the journal keeps."""
    without = compiling.from_sources(sources(RULES, {}))
    beside = compiling.from_sources(sources(RULES, {"made.jsonl": CLAIMS_FILE}))
    assert without.digest == beside.digest
    assert "claims" not in without.manifest
    assert beside.payload == without.payload
    assert beside.claims is None
    assert CLAIMS_FILE not in beside.contents.values()


def test_where_a_rule_asks_the_files_are_named_kept_and_read() -> None:
    """The manifest has each file's digest, the journal the file; another claim is another one."""
    made = compiling.from_sources(sources(CONTEXT_RULES, {"made.jsonl": CLAIMS_FILE}))
    digest = compiling.content_digest(CLAIMS_FILE)
    assert made.manifest["claims"] == {"made.jsonl": digest}
    assert made.contents[digest] == CLAIMS_FILE
    assert made.claims is not None
    assert len(made.claims) == len(read_lines(CLAIMS_FILE).claims)
    fewer = CLAIMS_FILE.split(b"\n", 1)[1]
    other = compiling.from_sources(sources(CONTEXT_RULES, {"made.jsonl": fewer}))
    assert other.digest != made.digest
    none = compiling.from_sources(sources(CONTEXT_RULES, {}))
    assert none.claims is None
    assert none.digest != made.digest


def test_the_journal_alone_gives_the_same_claims_again() -> None:
    """A recorded configuration is compiled with the claims of then, from its payload."""
    made = compiling.from_sources(sources(CONTEXT_RULES, {"made.jsonl": CLAIMS_FILE}))
    payload = {**made.payload, "since": {}, "standing": {}}
    again = compiling.from_payload(payload, lambda digest: made.contents[digest])
    assert again.claims is not None
    assert made.claims is not None
    assert again.claims.claims == made.claims.claims
    assert again.manifest["claims"] == made.manifest["claims"]
    assert again.asking == made.asking != frozenset()


def test_a_few_indexes_are_kept_and_no_more() -> None:
    """A replay through many configurations builds each once and does not keep them all."""
    files = [{"a.jsonl": CLAIMS_FILE + b"\n" * number} for number in range(4)]
    first = claims.index(files[0])
    assert claims.index(files[0]) is first
    for each in files[1:]:
        claims.index(each)
    assert len(claims._known) <= claims.INDEXES_KEPT
    assert claims.index(files[0]) is not first
    assert claims.index({}) is None


def test_a_line_that_is_no_claim_costs_no_other() -> None:
    """A file that somebody damaged by hand is read as far as it goes."""
    damaged = replace(sources(CONTEXT_RULES, {}), claims={"a.jsonl": b"{broken\n" + CLAIMS_FILE})
    found = compiling.from_sources(damaged).claims
    assert found is not None
    assert len(found) == len(read_lines(CLAIMS_FILE).claims)
