"""The how-to that moderates a Matrix server is followed to the word, on a real Synapse."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from flow.small_community import rows
from flow.test_tutorial import absent
from platforms.matrix_reader import BLOCK, Reader, Step, matched, read_yaml, told
from platforms.synapse import CLIENT
from tidy.source_tree import ROOT

PAGE = ROOT / "docs" / "how-to" / "moderate-a-matrix-server.md"
WAYS = "SELECT via FROM journal WHERE type = 'post.created' ORDER BY seq"
LINK = "Look at https://cheap-bags.example/now"


def _says(reader: Reader, _: str) -> None:
    assert _watched(reader)["first-post-links"].startswith("0 hits")
    _say(reader, "newcomer", 3)


def _say(reader: Reader, name: str, times: int) -> None:
    """Somebody new says the same some times over, and of each the module asks."""
    who = reader.server.register(name)
    assert who.join(reader.lobby).status == 200
    before = len(rows(reader.folder / "ombud-data", WAYS))
    for _ in range(times):
        assert who.say(reader.lobby, LINK).status == 200
    assert rows(reader.folder / "ombud-data", WAYS)[before:] == [("check",)] * times


def _watched(reader: Reader) -> dict[str, str]:
    """What each rule on watch has hit, by its name."""
    reader.inline("`ombud rules watch`")
    found = re.findall(r"^([\w-]+) \(.*\n  (.*)$", reader.last.printed, re.MULTILINE)
    return dict(found)


def _shown(reader: Reader, text: str) -> None:
    missing = [line for line in text.splitlines() if absent(line, reader.last.printed)]
    assert not missing, reader.last.printed


def _tell_synapse(reader: Reader, text: str) -> None:
    """The page shows what the command said comes next, to the letter."""
    first = reader.steps.partition("homeserver.yaml:\n")[2].partition("\n2. ")[0]
    assert read_yaml(textwrap.dedent(first)) == read_yaml(text)
    numbers = re.findall(r"^(\d)\. ", reader.steps, re.MULTILINE)
    assert numbers == ["1", "2", "3", "4"]
    reader.merge(text)


def _install(reader: Reader, text: str) -> None:
    assert f"   {text}" in reader.steps
    reader.run(text)


def _checked(reader: Reader, text: str) -> None:
    assert f"   {text}" in reader.steps
    reader.lacking(text)


def _named(reader: Reader, text: str) -> None:
    reader.run(text)
    at = f"{CLIENT}/profile/{reader.account.id}/displayname"
    assert reader.owner.ask("GET", at).json == {"displayname": "Moderation of Talk"}


def _another_room(reader: Reader, text: str) -> None:
    """The command, then what is told beside it: a copy, the module's part, a restart, a look."""
    room = reader.owner.room(room_alias_name="garden")
    reader.inline(text)
    steps = reader.last.printed
    assert f"{room}\n" in steps
    assert re.search(r"^1\. .*talk-appservice\.yaml was written anew: copy it", steps, re.MULTILINE)
    assert f'\n   "{room}"\n' in steps
    reader.copy()
    reader.module["rooms"].append(room)
    assert reader.written_module() == reader.module["rooms"]
    reader.restart()
    reader.run(reader.giving)
    reader.complete()
    assert f"there  {room}: power level 100\n" in reader.last.printed


def _room_less(reader: Reader, text: str) -> None:
    room = reader.module["rooms"].pop()
    reader.inline(text)
    assert f"{room}\n" in reader.last.printed
    reader.copy()
    assert reader.written_module() == reader.module["rooms"] == [reader.lobby]
    reader.restart()
    reader.complete()
    assert room not in reader.last.printed


def _lost(reader: Reader, text: str) -> None:
    printed = reader.inline(text)
    (secret,) = re.findall("^secret: (.+)$", printed, re.MULTILINE)
    (key,) = re.findall("^key: (.+)$", printed, re.MULTILINE)
    before = reader.registration()
    assert len({secret, key, before["as_token"], before["hs_token"]}) == 4
    reader.register({**before, "as_token": secret, "hs_token": key})
    reader.module["key"] = key
    reader.restart()
    reader.complete()
    _say(reader, "later", 1)


def _stop(reader: Reader, text: str) -> None:
    for each in ("app_service_config_files", "modules"):
        del reader.server.settings[each]
    reader.restart()
    settings = reader.folder / "ombud-data" / "ombud.toml"
    without, count = re.subn(r"(?ms)^\[matrix\.\"talk\"\]\n.*?(?=^\[|\Z)", "", settings.read_text())
    assert count == 1
    settings.write_text(without)
    reader.inline(text)
    reader.inline("`ombud connect list`")
    assert re.search("^talk +revoked ", reader.last.printed, re.MULTILINE)


PLAN = (
    Step("ombud serve ", Reader.serve),
    Step("ombud connect matrix ", Reader.connect),
    told("Copy `talk-appservice.yaml` to where Synapse can read it.", Reader.copy),
    Step("app_service_config_files:", _tell_synapse),
    told("take what stands in `talk-module.yaml` over into `homeserver.yaml`", Reader.take_over),
    Step("pip install ", _install),
    told("Restart Synapse.", Reader.restart),
    Step("ombud connect check ", _checked),
    Step('echo "$ADMIN_TOKEN" | ', Reader.given),
    told("Then check again, until every line begins with `there`.", Reader.complete),
    told("Let an account made just now post a link in the room, a few times over", _says),
    Step("ombud rules watch ", Reader.run),
    Step("first-post-links ", _shown),
    Step("curl -X PUT ", _named),
    told(
        "`ombud connect room add talk '#garden:talk.example'` has one more room moderated",
        _another_room,
    ),
    told("`ombud connect room remove talk '#garden:talk.example'` takes it out", _room_less),
    told(
        "`ombud connect secret talk` makes a new `as_token`; `ombud connect revoke talk` ends the"
        " key (`hs_token`), and `ombud connect key talk --source 'talk/*'` makes another one, for"
        " all rooms. Put them into the files, and restart Synapse.",
        _lost,
    ),
    told(
        'Take the files out of `homeserver.yaml` and restart Synapse; then take `[matrix."talk"]`'
        " out of `ombud.toml` (then `ombud connect reload`), and end the key: `ombud connect revoke"
        " talk`.",
        _stop,
    ),
)


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    """Somebody with a Synapse, before the first step."""
    made = Reader(tmp_path, "talk", "talk.example", "lobby")
    try:
        yield made
    finally:
        made.close()


def test_the_matrix_how_to_works_as_written(reader: Reader) -> None:
    """Every block and every step of the page, from nothing to the first rule that hits, and later:
    another room, a token that was lost, and the end.
    """
    reader.follow(PAGE, PLAN)


def test_no_block_of_the_page_is_passed_over() -> None:
    """A page without one of its blocks, with one twice, or with one that the plan does not know
    fails; so does one without a sentence that tells of a step.
    """
    page = PAGE.read_text(encoding="utf-8")
    assert len(matched(page, PLAN)) == len(PLAN)
    blocks = [each[0] for each in re.finditer(BLOCK, page, re.MULTILINE | re.DOTALL)]
    assert len(blocks) == len([each for each in PLAN if each.block])
    assert page.count("\n```") == 2 * len(blocks)
    unknown = "```console\nombud state\n```"
    others = [page.replace(each, with_) for each in blocks for with_ in ("", f"{each}\n\n{each}")]
    others += [page.replace(each, f"{each}\n\n{unknown}") for each in blocks]
    others += [page.replace("Restart Synapse.", "")]
    for other in others:
        with pytest.raises(AssertionError):
            matched(other, PLAN)
