"""Rules that ask models: opened once, only when asked, and told where they cannot be."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from flow.small_community import rule
from ombud import samples
from ombud.errors import BadData
from ombud.rules.diagnostic import ERROR, WARNING
from ombud.rules.learned import OUTDATED, Models, no_model
from ombud.rules.load import Loaded, load
from ombud.signals.likely import Model
from ombud.signals.observation import Observation


class Made:
    """A model that says one thing."""

    def __init__(self, digest: str) -> None:
        self.digest = digest

    def likely(self, seen: Observation) -> int | None:  # noqa: ARG002 -- as every model
        """A score."""
        return 900


def loaded(*rules: tuple[str, str], open: Callable[[str], Model | None]) -> Loaded:  # noqa: A002
    """Rules with the shipped policies and these models."""
    files = {name: text.encode() for name, text in rules}
    return load(files, samples.files("policies"), {}, models=Models(open))


def asking(
    name: str = "one", when: str = "likely spam.links >= 80 %", then: str = 'alert "spam"'
) -> tuple[str, str]:
    """A rule about a learned score."""
    fact = when.removeprefix("not ").split(" >")[0]
    return rule(name, when, f"{fact}  90 %", f"{fact}  10 %", then=then)


def test_a_model_is_opened_once_for_all_rules() -> None:
    """Also where it stands in a group, and under `unless`."""
    opened = []

    def open_(clause: str) -> Model:
        opened.append(clause)
        return Made("aa")

    grouped = rule(
        "two",
        "any of\n    likely spam.links >= 90 %\n    text.length > 1000",
        "likely spam.links  95 %",
        "likely spam.links  10 %",
        then='alert "spam"',
    )
    name, text = rule("three", "links.any", 'text "http://a.example"', 'text "a"')
    exempt = "\n\nunless\n  likely spam.links < 1 %\n\nthen"
    excepted = (
        name,
        text.replace("\n\nthen", exempt).replace(
            'text "http://a.example"', 'text "http://a.example"\n  likely spam.links  9 %'
        ),
    )
    found = loaded(asking(), grouped, excepted, open=open_)
    assert opened == ["spam.links"]
    assert found.ok
    assert len(found.rules) == 3
    for each in found.rules:
        facts = [fact for atom in each.atoms() for fact in atom.facts if "likely" in fact.name]
        assert [fact.version for fact in facts] == ["likely spam.links 1 aa"]


def test_nobody_opens_what_no_rule_asks() -> None:
    """A broken model of another clause harms nobody."""

    def open_(clause: str) -> Model:
        raise AssertionError(clause)

    assert loaded(rule("one", "links.any", 'text "http://a.example"', 'text "a"'), open=open_).ok


def test_another_model_is_another_version_of_the_rule() -> None:
    """And no model another one still."""
    versions = set()
    for model in (Made("aa"), Made("bb"), None):

        def open_(clause: str, model: Made | None = model) -> Model | None:
            assert clause == "spam.links"
            return model

        versions.add(loaded(asking(), open=open_).rules[0].version)
    assert len(versions) == 3


def test_no_model_is_a_warning_and_a_broken_one_an_error() -> None:
    """An outdated one is a warning too: a new program must start."""

    def broken(code: str) -> Callable[[str], Model | None]:
        def open_(clause: str) -> Model | None:
            arguments = {"problem": "x"} if code == "D101" else {"found": "1", "known": "2"}
            raise BadData(code, clause, **arguments)

        return open_

    for open_, code, severity in (
        (no_model, "R145", WARNING),
        (broken("D101"), "R146", ERROR),
        (broken(OUTDATED), "R146", WARNING),
    ):
        found = loaded(asking(), open=open_)
        told = [(each.code, each.severity) for each in found.diagnostics]
        assert (code, severity) in told
        assert found.ok is (severity == WARNING)


@pytest.mark.parametrize(
    ("when", "then", "may"),
    [
        ("likely spam.links >= 99 %", 'alert "spam"', True),
        ("likely spam.links >= 99 %", "remove this", False),
        ("likely spam.links >= 99 %", "limit this for 1 day", False),
        ("likely spam.links >= 99 %", "limit author for 1 day", False),
        ("likely spam.links >= 99 %", "suspend author", False),
        ("likely spam.links >= 99 %", 'label author "spam" for 1 day', False),
        ("likely spam.links >= 99 %\n  likely spam.repeats >= 9 %", "remove this", False),
        ("likely spam.links >= 99 %\n  links.count >= 2", "remove this", True),
    ],
)
def test_nothing_hard_rests_on_a_score_alone(when: str, then: str, may: bool) -> None:
    """Remove, limit and anything on an account need a line about the post itself."""
    stated = [line.strip().split(" >")[0] for line in when.split("\n")]
    high = "\n  ".join(f"{each}  {'99 %' if 'likely' in each else 5}" for each in stated)
    low = "\n  ".join(f"{each}  {'0 %' if 'likely' in each else 0}" for each in stated)
    found = loaded(rule("one", when, high, low, then=then), open=lambda _: Made("aa"))
    refused = [each for each in found.diagnostics if each.code == "R073"]
    assert bool(refused) is not may
    assert all("learned score" in each.message for each in refused)


def test_a_rule_about_form_asks_no_model() -> None:
    """Such a clause is about structure; what is said is none of its business."""
    policy = b"## market.form Offers\nharm: form\npublished: 2026-11-22\n\nThe norm.\n"
    name, text = asking()
    files = {name: text.replace("spam.links\nmode", "market.form\nmode").encode()}
    found = load(files, {"form.md": policy, **samples.files("policies")}, {})
    assert "R077" in {each.code for each in found.diagnostics}


def test_a_community_s_models_are_those_its_rules_could_use() -> None:
    """What is none, and what is broken, is not among them."""
    models = Models(lambda clause: Made("aa") if clause == "a.b" else None)
    for clause in ("c.d", "a.b"):
        models.of(clause)
    assert list(models.used) == ["a.b"]
