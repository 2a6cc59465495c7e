"""Configurations: what changes their digest, how they come back from the journal, since when."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import msgspec
import pytest

from flow.small_community import RULES
from ombud import samples
from ombud.activation import program
from ombud.activation.active import EMPTY
from ombud.activation.checking import checked
from ombud.activation.compiling import edited as edited_of
from ombud.activation.compiling import from_payload, from_sources, succeed
from ombud.config import Hook, HttpConnector, Settings, Sources
from ombud.errors import BadData, BadRules
from ombud.signals.lists import Asked

PLAIN = Sources(
    rules={**samples.files("rules"), **{name: text.encode() for name, text in RULES.items()}},
    policies=samples.files("policies"),
    lists=samples.files("lists"),
    settings=Settings(procedural_holds=True),
)


def edited(folder: str, name: str, old: str, new: str) -> Sources:
    """The same texts but for one change."""
    texts = dict(PLAIN.of(folder))
    changed = texts[name].decode().replace(old, new)
    assert changed != texts[name].decode()
    changes: dict[str, Any] = {folder: {**texts, name: changed.encode()}}
    return replace(PLAIN, **changes)


CHANGES = {
    "a threshold": edited("rules", "busy-room.rule", "posts < 20", "posts < 19"),
    "a mode": edited("rules", "join-raid.rule", "mode    watch", "mode    draft"),
    "words to the person": edited("rules", "bags.rule", "A person will", "Somebody will"),
    "a clause": edited("policies", "spam.md", "cap 200", "cap 201"),
    "a clause's text": edited("policies", "spam.md", "This accuses nobody", "It accuses nobody"),
    "a list": edited("lists", "common-sites.txt", "\n", "\nnew.example\n"),
    "a setting": replace(PLAIN, settings=Settings(procedural_holds=False)),
    "a platform": replace(PLAIN, capabilities={"forum": {}}),
    "what a platform can do": replace(PLAIN, capabilities={"forum": {"hold": "exact"}, "chat": {}}),
    "what a platform can undo": replace(
        PLAIN, capabilities={"forum": {"hold": "none"}, "chat": {}}
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_can_change_a_verdict_changes_the_digest(name: str) -> None:
    """Each of the operator's texts is in the digest."""
    assert from_sources(CHANGES[name]).digest != from_sources(PLAIN).digest


def test_the_program_is_in_the_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another Unicode table or signal version is another configuration."""
    before = from_sources(PLAIN).digest
    here = program.named
    monkeypatch.setattr(program, "named", lambda rules: {**here(rules), "unicode": "0.0"})
    assert from_sources(PLAIN).digest != before


def test_a_configuration_comes_back_from_its_payload() -> None:
    """From the recorded texts alone: same digest, same names, slots, windows and licences."""
    active = from_sources(PLAIN)
    again = from_payload({**active.payload, "since": {}}, lambda digest: active.contents[digest])
    assert again.digest == active.digest
    assert again.names == active.names
    assert again.plan.slots == active.plan.slots
    assert again.shapes == active.shapes
    assert again.licences == active.licences
    assert again.versions == active.versions
    assert again.payload == {**active.payload, "since": {}}
    assert again.otherwise == ()


def test_a_changed_list_is_refused() -> None:
    """Where recorded lists are not there as they were, nothing is compiled from others."""
    active = from_sources(PLAIN)
    recorded = {**active.payload, "since": {}}
    with pytest.raises(BadData, match="D017"):
        from_payload(recorded, lambda digest: active.contents[digest] + b"\nnew.example")


def test_a_recorded_configuration_keeps_its_versions() -> None:
    """Digest, manifest and rule versions are those recorded, whatever this program makes of them:
    they are in the digests of the verdicts.
    """
    active = from_sources(PLAIN)
    name = active.names[0]
    manifest = {**active.manifest, "rules": {**active.manifest["rules"], name: ["as it was", ""]}}
    recorded = {**active.payload, "config": "recorded", "manifest": manifest, "since": {}}
    again = from_payload(recorded, lambda digest: active.contents[digest])
    assert again.digest == "recorded"
    assert again.versions[0] == "as it was"
    assert again.versions[1:] == active.versions[1:]


UNTOUCHED = {
    "its description": edited("rules", "join-raid.rule", "Many new accounts", "New accounts"),
    "its examples": edited("rules", "join-raid.rule", 'should catch "', 'should catch "so: '),
    "its clause's text": edited("policies", "spam.md", "This accuses nobody", "It accuses nobody"),
    "a list": edited("lists", "common-sites.txt", "\n", "\nnew.example\n"),
}


@pytest.mark.parametrize("name", UNTOUCHED)
def test_a_shipped_rule_acts_whatever_else_the_operator_changes(name: str) -> None:
    """While holds are on, and it says what it was shipped saying."""
    acting = dict(zip(from_sources(PLAIN).names, from_sources(PLAIN).acting, strict=True))
    active = from_sources(UNTOUCHED[name])
    assert acting["join-raid"]
    assert dict(zip(active.names, active.acting, strict=True)) == acting
    assert "edited" not in active.manifest


def test_a_rule_does_not_act_by_a_shipped_rule_s_name() -> None:
    """With other words it watches, whatever it is called; where its file says live, it acts."""
    other = edited("rules", "join-raid.rule", "seen < 1 hour", "seen < 61 minutes")
    active = from_sources(other)
    assert not active.acting[active.names.index("join-raid")]
    assert active.acting[active.names.index("burst-posts")]
    assert not active.written["join-raid"].acting
    assert edited_of(active) == ["join-raid"]
    text = other.rules["join-raid.rule"].replace(b"mode    watch", b"mode    live")
    live = from_sources(replace(other, rules={**other.rules, "join-raid.rule": text}))
    assert live.acting[live.names.index("join-raid")]
    assert edited_of(live) == []
    without = from_sources(replace(other, settings=Settings()))
    assert edited_of(without) == []


def test_what_acted_when_it_was_recorded_acts_again() -> None:
    """A configuration comes back as it acted: by the names it carries, and one of an earlier
    program, which carries none, by the names of the pack.
    """
    other = edited("rules", "join-raid.rule", "seen < 1 hour", "seen < 61 minutes")
    active = from_sources(other)
    contents = active.contents.__getitem__
    again = from_payload({**active.payload, "since": {}}, contents)
    assert again.acting == active.acting
    assert again.written == active.written
    old = {name: value for name, value in active.payload.items() if name != "acts"}
    before = from_payload({**old, "since": {}}, contents)
    assert before.acting[before.names.index("join-raid")]
    none = from_payload({**active.payload, "acts": [], "since": {}}, contents)
    assert not none.acting[none.names.index("burst-posts")]


def test_unreadable_texts_are_refused_with_all_diagnostics() -> None:
    """Every error of every file is told at once."""
    bad = replace(PLAIN, rules={"a.rule": b"rule a\n", "b.rule": b"\xff"})
    with pytest.raises(BadRules, match="D013") as caught:
        from_sources(bad)
    found = getattr(caught.value, "diagnostics", [])
    assert {each.file for each in found} == {"a.rule", "b.rule"}


def test_a_later_clause_does_not_reach_back() -> None:
    """The first clauses count from the beginning; a changed one from its activation on."""
    first = succeed(EMPTY, from_sources(PLAIN), 1_000, 7, {})
    rule = first.names.index("bags")
    assert first.acts(rule, 0)
    later = succeed(first, from_sources(CHANGES["a clause"]), 5_000, 7, {})
    changed = {clause for clause, since in later.since.items() if since == 5_000}
    assert changed
    acting = [n for n, each in enumerate(later.rules) if each.clause.id in changed]
    for each in acting:
        assert not later.acts(each, 4_999)
        assert later.acts(each, 5_000) is later.acting[each]
    same = succeed(later, from_sources(CHANGES["a clause"]), 9_000, 7, {})
    assert same.since == later.since


def test_each_change_is_another_configuration() -> None:
    """No two of the changes above are taken for the same."""
    digests = {from_sources(each).digest for each in CHANGES.values()}
    assert len(digests) == len(CHANGES)


def test_how_doors_are_reached_changes_no_verdict() -> None:
    """Addresses, time-outs and hooks are in neither the digest nor the journal's payload."""
    reached = Settings(
        procedural_holds=True,
        public_url="https://talk.example",
        connectors={"forum": HttpConnector(url="https://forum.example/hook")},
        hooks={"default": Hook(deadline_ms=77)},
    )
    plain, other = from_sources(PLAIN), from_sources(replace(PLAIN, settings=reached))
    assert other.digest == plain.digest
    assert other.payload == plain.payload
    assert other.settings.public_url == "https://talk.example"


def test_a_configuration_of_before_the_doors_keeps_its_digest() -> None:
    """Where no platform is connected, the manifest is made of exactly what it always was."""
    active = from_sources(PLAIN)
    assert list(active.manifest) == ["program", "rules", "clauses", "lists", "settings"]
    settings = {
        "name": "this community",
        "origin": "",
        "procedural_holds": True,
        "languages": ["en", "vi"],
        "queues": {},
    }
    assert msgspec.json.decode(msgspec.json.encode(active.manifest["settings"])) == settings
    assert "capabilities" not in active.payload["sources"]
    recorded = {**active.payload, "since": {}}
    recorded["sources"] = {**recorded["sources"], "settings": settings}
    again = from_payload(recorded, lambda digest: active.contents[digest])
    assert again.digest == active.digest
    assert again.capabilities == {}


def test_what_rules_ask_of_lists_is_compiled_before_they_run() -> None:
    """No event waits for a list: of each list exactly the parts that rules ask are there."""
    lists = {name: content + b"\none more\n" for name, content in PLAIN.lists.items()}
    active = from_sources(replace(PLAIN, lists=lists))
    found = {
        name: {part for part in get_args(Asked) if part in kept.written.__dict__}
        for name, kept in active.lists.items()
    }
    assert found["our own sites"] == {"hosts"}
    assert found["staff"] == {"exact"}
    assert found["staff names"] == {"names"}


def test_a_list_of_the_program_before_is_read_in_its_form() -> None:
    """A recorded configuration that does not say otherwise has no stars and no includes."""
    lists = {**PLAIN.lists, "some.txt": b"viagr*\ninclude: staff\n"}
    active = from_sources(replace(PLAIN, lists=lists))
    contents = active.contents
    payload = {**active.payload, "since": {}}
    assert (
        from_payload(payload, contents.__getitem__)
        .lists["some"]
        .active(0)
        .find("viagra", None, None, None)
    )
    old = {name: each for name, each in payload["sources"].items() if name != "list_form"}
    before = from_payload({**payload, "sources": old}, contents.__getitem__).lists["some"]
    assert not before.active(0).find("viagra", None, None, None)
    assert before.active(0).has("include: staff")


def test_a_queue_nobody_named_is_told() -> None:
    """Where queues are named: another one is an error in a live rule, a warning in a watching one;
    where none are, any name will do.
    """
    assert from_sources(PLAIN).digest
    named = replace(PLAIN, settings=Settings(queues={"spam": "Advertising"}))
    found = {(each.file, each.severity) for each in checked(named, {}).diagnostics}
    assert ("join-raid.rule", "warning") in found
    assert "R082" in {each.code for each in checked(named, {}).diagnostics}
    every = {"spam": "", "raid": "", "flood": "", "review": "", "scam": "", "impersonation": ""}
    complete = replace(PLAIN, settings=Settings(queues=every))
    missing = [each for each in checked(complete, {}).diagnostics if each.code == "R082"]
    assert not [each.message for each in missing if each.file == "join-raid.rule"]
    live = edited("rules", "join-raid.rule", "mode    watch", "mode    live")
    with pytest.raises(BadRules, match="D013"):
        from_sources(replace(live, settings=Settings(queues={"spam": "Advertising"})))
