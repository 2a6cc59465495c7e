"""The configuration in force: what a rule may do where, whatever is connected later."""

from __future__ import annotations

from dataclasses import replace

from activation.test_activation_compiling import PLAIN
from ombud.activation.compiling import from_payload, from_sources


def test_what_platforms_can_do_comes_back_from_the_payload() -> None:
    """A rule's hindrance is part of the recorded configuration, whatever is connected later."""
    able = {"forum": {"hold": "exact", "label": "partial", "warn": "none"}, "chat": {}}
    active = from_sources(replace(PLAIN, capabilities=able))
    again = from_payload({**active.payload, "since": {}}, lambda digest: active.contents[digest])
    assert again.digest == active.digest
    for each in (active, again):
        assert each.hindrance("forum", "hold") == each.hindrance("forum", "label") == ""
        assert each.hindrance("forum", "warn") == "cannot be undone"
        assert each.hindrance("forum", "remove") == "not on this platform"
        assert each.hindrance("chat", "remove") == each.hindrance("nowhere", "remove") == ""
