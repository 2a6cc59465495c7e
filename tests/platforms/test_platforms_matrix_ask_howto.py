"""The how-to by which Synapse asks before it publishes is followed to the word, on a real one."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from platforms.matrix_reader import Reader, Step, matched, told
from platforms.synapse import Answer
from tidy.source_tree import ROOT

PAGE = ROOT / "docs" / "how-to" / "ask-before-matrix-publishes.md"
LINK = "Look at https://cheap-bags.example/now"  # the shipped first-post-links holds it


def _first(reader: Reader, name: str, text: str) -> Answer:
    """What Synapse answers to the first message of somebody new."""
    who = reader.server.register(name)
    assert who.join(reader.lobby).status == 200
    return who.say(reader.lobby, text)


def _connect(reader: Reader, text: str) -> None:
    reader.connect(text)
    reader.here["!abc:example.org"] = reader.lobby
    for what in ("appservice", "module"):
        mode = (reader.folder / "ombud-data" / f"matrix-{what}.yaml").stat().st_mode
        assert stat.S_IMODE(mode) == 0o600


def _key(reader: Reader, _: str) -> None:
    reader.take_over()
    (reader.etc / "ombud.key").write_text(f"{reader.module['key']}\n")
    reader.merge(reader.settings)


def _settings(reader: Reader, text: str) -> None:
    reader.settings = text


def _named(reader: Reader, _: str) -> None:
    reader.copy()
    named = [str(reader.etc / "matrix-appservice.yaml")]
    reader.server.settings["app_service_config_files"] = named


def _hold(reader: Reader, _: str) -> None:
    assert _first(reader, "good", "good morning").status == 200
    held = _first(reader, "seller", LINK)
    assert held.status == 403
    assert held.json["org.ombud.action"] == "hold"
    assert held.json["org.ombud.notice"] in held.json["error"]


def _hooks(reader: Reader, text: str) -> None:
    reader.into_module(text)
    reader.restart()
    assert _first(reader, "second-seller", LINK).status == 403


def _policy(reader: Reader, text: str) -> None:
    reader.into_module(text)
    assert not (reader.etc / "ombud-policy.key").exists()
    reader.restart()
    assert (reader.etc / "ombud-policy.key").exists()  # made at the first start


def _printed(reader: Reader, text: str) -> None:
    before = (reader.etc / "ombud-policy.key").read_bytes()
    reader.run(text)
    content = json.loads(reader.last.printed)
    assert content["via"] == reader.server.name
    assert (reader.etc / "ombud-policy.key").read_bytes() == before
    assert reader.owner.state(reader.lobby, "m.room.policy", content).status == 200


PLAN = (
    Step("ombud connect matrix ", _connect),
    Step("pip install ", Reader.run),
    Step("modules:", _settings),
    told("`key_file` names a file in which the key stands alone", _key),
    told("`ombud-data/matrix-appservice.yaml`, named in `app_service_config_files`", _named),
    told("Start Synapse again. If a setting is wrong", Reader.restart),
    told("Say something in the room that one of your live rules holds.", _hold),
    Step("      hooks:", _hooks),
    Step("      policy:", _policy),
    Step("python -m ombud_synapse.policy ", _printed),
)


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    """Somebody with a Synapse and an `ombud serve` whose shipped rules hold."""
    made = Reader(tmp_path, "matrix", "example.org", "general")
    try:
        made.serve("ombud serve --data ombud-data")
        (tmp_path / "ombud-data" / "ombud.toml").write_text("procedural_holds = true\n")
        made.inline("`ombud connect reload`")
        yield made
    finally:
        made.close()


def test_the_how_to_that_asks_first_works_as_written(reader: Reader) -> None:
    """Every block and every step of the page: what a rule holds waits, with a link, by the first
    settings and with hooks of its own, and a policy server's key is made and told.
    """
    reader.follow(PAGE, PLAN)


def test_no_block_of_that_page_is_passed_over() -> None:
    """A page with a block that the plan does not know fails."""
    page = PAGE.read_text(encoding="utf-8")
    assert len(matched(page, PLAN)) == len(PLAN)
    with pytest.raises(AssertionError):
        matched(page + "\n```console\nombud state\n```\n", PLAN)
