"""A community that shows published fact-checks: its clause, its rule, and claims nobody made."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from flow.small_community import prepare
from ombud import samples
from ombud.config import Settings, Sources
from ombud.signals.factchecks.claim import write_lines
from signals.factchecks.checks_made import BRIDGE, FISH, TRAIN, claim

POLICY = """\
## context.sources Published fact-checks
harm: context
published: 2026-01-01

Where a post repeats a claim that somebody has checked, we may show their fact-check beside it.
"""
TRANSLATION = """\
## context.sources Kiểm chứng đã công bố
Khi một bài nhắc lại tuyên bố đã được kiểm chứng, chúng tôi có thể đặt nguồn bên cạnh.
"""
RULE = """\
rule show-fact-checks
  "A post repeats a claim that was checked."

for     post
clause  context.sources
mode    live

when
  claims.match

then
  context this for review in queue "sources" "About this claim:"

tell author
  en  "Somebody has checked this claim; their source stands beside your post."
  vi  "Tuyên bố này đã được kiểm chứng; nguồn đứng bên cạnh bài của bạn."

should catch "a claim is repeated"
  claims.match  yes

should pass "anything else"
  claims.match  no
"""
CONTEXT_RULES = {"show-fact-checks.rule": RULE}
OTHERS = [
    f"Invented claim about subject{number}x and matter{number % 40}y" for number in range(400)
]
MADE = [claim(text, number) for number, text in enumerate([TRAIN, FISH, BRIDGE, *OTHERS])]
CLAIMS_FILE = write_lines(MADE)


def sources(rules: Mapping[str, str], claims: Mapping[str, bytes]) -> Sources:
    """What the operator of such a community wrote."""
    policies = {
        **samples.files("policies"),
        "context.md": POLICY.encode(),
        "context.vi.md": TRANSLATION.encode(),
    }
    return Sources(
        rules={name: text.encode() for name, text in rules.items()},
        policies=policies,
        lists={},
        settings=Settings(),
        claims=claims,
    )


def showing(folder: Path, claims: bytes | None = CLAIMS_FILE) -> Path:
    """A data folder of such a community, not yet started."""
    prepare(folder, CONTEXT_RULES)
    (folder / "policies").mkdir(exist_ok=True)
    (folder / "policies" / "context.md").write_text(POLICY, encoding="utf-8")
    (folder / "policies" / "context.vi.md").write_text(TRANSLATION, encoding="utf-8")
    if claims is not None:
        (folder / "claims").mkdir()
        (folder / "claims" / "made.jsonl").write_bytes(claims)
    return folder
