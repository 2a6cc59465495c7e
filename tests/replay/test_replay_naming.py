"""Which rules name people: refused with a list of few, and never told whether they hit nobody."""

from __future__ import annotations

import pytest

from flow.small_community import rule
from ombud.activation import compiling
from ombud.activation.active import Active
from ombud.errors import BadUse
from ombud.replay.naming import names_people, refuse
from replay.trying import sources


def active(when: str, entries: tuple[str, ...], unless: str = "") -> Active:
    """A rule over a list of some entries."""
    name, text = rule("asks", when, 'text "hello"', 'text "hi"')
    text = text.split("should catch")[0].replace("mode    live", "mode    watch")
    if unless:
        text = text.replace("\nthen", f"\nunless\n  {unless}\n\nthen")
    found = sources({name: text})
    lists = {**found.lists, "some.txt": "\n".join(entries).encode()}
    return compiling.from_sources(type(found)(found.rules, found.policies, lists, found.settings))


@pytest.mark.parametrize(
    "fact", ["author in", "target in", "author.name in", "author.name resembles"]
)
@pytest.mark.parametrize("count", [0, 1, 4, 5])
def test_a_list_of_few_people_is_refused(fact: str, count: int) -> None:
    """With the rule and the line; an empty list names nobody, five are a group."""
    more = " >= 90 %" if "resembles" in fact else ""
    found = active(f'{fact} list "some"{more}', tuple(f"person{n}" for n in range(count)))
    assert names_people(found.rules[0])
    if count in (0, 5):
        refuse(found)
        return
    with pytest.raises(BadUse, match="U110") as caught:
        refuse(found)
    assert caught.value.where.startswith('rule "asks", line ')


def test_writing_an_entry_twice_makes_no_group() -> None:
    """Entries that are equal as a list sees them count once."""
    with pytest.raises(BadUse, match="U110"):
        refuse(active('author in list "some"', ("u7", "U7", "u7 ", "\uff55\uff17", "x")))


def test_an_exemption_names_nobody_and_its_opposite_does() -> None:
    """People under `unless` are let pass, and by `not` under `when`; not by both."""
    few = ("u7",)
    for found in (
        active("links.any", few, 'author in list "some"'),
        active('links.any\n  not author in list "some"', few),
        active('text in list "some"', few),
    ):
        assert not names_people(found.rules[0])
        refuse(found)
    with pytest.raises(BadUse, match="U110"):
        refuse(active("links.any", few, 'not author in list "some"'))
