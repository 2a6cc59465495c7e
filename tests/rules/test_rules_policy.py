"""Reading policies."""

from __future__ import annotations

from ombud.clock import HOUR
from ombud.model import HARMS
from ombud.rules.diagnostic import Diagnostic
from ombud.rules.policy import Clause, Procedural, read_policies

POLICY = """\
# Spam

Why we have this.

## spam.links Links by newcomers
harm: spam
published: 2026-11-22
procedural: hold 48 hours, cap 20 a day
words: withheld
dsa: STATEMENT_CATEGORY_SCAMS_AND_FRAUD KEYWORD_PHISHING

First paragraph.

### What counts
harm: this is text, not a term

```
## spam.code not a heading
```

## About this page
Not a clause.

## spam.repeats Repeats
harm: flood
published: 2026-11-22
procedural: hold 24 hours

Text.
"""
VIETNAMESE = "## spam.links Liên kết\nMột.\n\n## spam.repeats Lặp lại\nHai.\n"


def _read(
    policy: str = POLICY, vietnamese: str = VIETNAMESE
) -> tuple[dict[str, Clause], tuple[Diagnostic, ...]]:
    return read_policies({"spam.md": policy.encode(), "spam.vi.md": vietnamese.encode()})


def test_a_clause_is_its_heading_terms_and_text() -> None:
    """Terms are read below the heading; the text goes to the next heading of the same level."""
    clauses, problems = _read()
    assert problems == ()
    assert list(clauses) == ["spam.links", "spam.repeats"]
    links = clauses["spam.links"]
    assert (links.title, links.harm, links.published) == (
        "Links by newcomers",
        "spam",
        "2026-11-22",
    )
    assert links.procedural == Procedural(48 * HOUR, 20)
    assert links.words_withheld
    assert links.dsa == "STATEMENT_CATEGORY_SCAMS_AND_FRAUD KEYWORD_PHISHING"
    assert links.text.startswith("First paragraph.")
    assert "## spam.code" in links.text
    assert "harm: this is text" in links.text
    assert "Not a clause" not in links.text
    assert clauses["spam.repeats"].procedural == Procedural(24 * HOUR, 200)
    assert links.texts["vi"].title == "Liên kết"
    assert links.texts["vi"].text == "Một."


def test_the_version_changes_with_anything_a_reader_sees() -> None:
    """Title, text, terms and translation are in the version; the file's other text is not."""
    before = _read()[0]["spam.links"].version
    assert len(before) == 64
    assert _read(POLICY.replace("Why we", "How we"))[0]["spam.links"].version == before
    for old, new in (
        ("Links by newcomers", "Links"),
        ("First paragraph", "Another paragraph"),
        ("48 hours", "47 hours"),
        ("cap 20", "cap 21"),
        ("words: withheld\n", ""),
        ("2026-11-22", "2026-11-23"),
    ):
        assert _read(POLICY.replace(old, new, 1))[0]["spam.links"].version != before
    changed = _read(vietnamese=VIETNAMESE.replace("Một", "Một hai"))
    assert changed[0]["spam.links"].version != before


def test_only_the_closed_list_of_harms_is_taken() -> None:
    """Every harm of the model is taken, and opinion, politics, ideology and religion are not."""
    plain = POLICY.replace("procedural: hold 48 hours, cap 20 a day\nwords: withheld\n", "")
    for harm in HARMS:
        assert _read(plain.replace("harm: spam", f"harm: {harm}"))[0]["spam.links"].harm == harm
    for harm in ("opinion", "politics", "ideology", "religion", "Spam", "spam, politics"):
        clauses, problems = _read(POLICY.replace("harm: spam", f"harm: {harm}"))
        assert "spam.links" not in clauses
        assert "R106" in [problem.code for problem in problems]


def test_a_clause_stands_once_and_its_translation_has_an_original() -> None:
    """Doubles, strangers and terms in a translation are told."""
    files = {
        "a.md": POLICY.encode(),
        "b.md": POLICY.encode(),
        "b.vi.md": (VIETNAMESE + "\n## spam.more Thêm\nharm: spam\n\nBa.\n").encode(),
        "Not a policy.md": b"",
    }
    codes = [problem.code for problem in read_policies(files)[1]]
    assert codes.count("R102") == 2
    assert {"R115", "R117", "R118"} <= set(codes)
