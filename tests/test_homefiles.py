"""Rooms in the files of a homeserver's connection: what others wrote there stays to the letter."""

from __future__ import annotations

import re
import tomllib

import msgspec
import pytest

from ombud import homefiles
from ombud.config import MatrixConnector
from ombud.errors import BadUse
from ombud.homefiles import APPSERVICE, MODULE

NEW = "!new:talk.example"
MANY_LINES = """# ours
[matrix."talk"]
url = "http://127.0.0.1:8008"  # beside it
rooms = [
  "!a",  # the lobby
  # what is still open
  "!b",  # the garden
]
since = 2026-11-20T09:00:00Z

[matrix.other]
rooms = ["!a", "!new:talk.example"]
"""
SETTINGS = msgspec.convert(
    {"url": "http://h:8008", "server": "talk.example", "rooms": ["!a.b:h"], "staff_room": "!staff"},
    MatrixConnector,
)


def known(_: str) -> bool:
    """Every token is in use."""
    return True


@pytest.mark.parametrize(
    "text",
    [
        MANY_LINES,
        MANY_LINES.replace("\n", "\r\n"),
        '[matrix.talk]\nrooms = ["!a", "!b"] # here\nurl = "x"\n',
        "matrix.talk.rooms = ['!a', '!b']\n",
        'matrix = { talk = { rooms = ["!a", "!b"], url = "x" } }\n',
    ],
)
def test_a_room_comes_and_goes_and_all_else_stays(text: str) -> None:
    """However the section is written: every line but the array's is as it was, comments too."""
    added = homefiles.settings(text.encode(), "talk", NEW, add=True).decode()
    assert tomllib.loads(added)["matrix"]["talk"]["rooms"] == ["!a", "!b", NEW]
    comments = re.findall("#.*", text)
    assert re.findall("#.*", added) == comments
    back = homefiles.settings(added.encode(), "talk", NEW, add=False).decode()
    assert tomllib.loads(back) == tomllib.loads(text)
    assert re.findall("#.*", back) == comments
    other = set(text.splitlines()) - set(back.splitlines())
    assert all("!" in line for line in other)


def test_a_comment_goes_with_the_room_beside_it() -> None:
    """And none of another's."""
    less = homefiles.settings(MANY_LINES.encode(), "talk", "!a", add=False).decode()
    assert "the lobby" not in less
    assert "# what is still open" in less
    assert '"!b",  # the garden' in less


def test_many_rooms_stand_one_to_a_line() -> None:
    """A line that would be too long to read is broken."""
    text = b'[matrix.talk]\nrooms = ["!a"]\n'
    for number in range(6):
        text = homefiles.settings(text, "talk", f"!room{number}:talk.example", add=True)
    lines = text.decode().splitlines()
    assert max(map(len, lines)) <= homefiles.LINE_MAX
    assert len(lines) > 6


@pytest.mark.parametrize(
    "text",
    [
        "[matrix.talk]\n" + "#" * homefiles.EDITED_BYTES_MAX + '\nrooms = ["!a"]\n',
        '[matrix.talk]\nrooms = "!a"\n',
    ],
)
def test_what_cannot_be_edited_is_told(text: str) -> None:
    """What is too long to be kept as it is, and rooms that are no list."""
    with pytest.raises(BadUse, match="U491"):
        homefiles.settings(text.encode(), "talk", NEW, add=True)


def test_files_for_synapse_are_changed_as_they_were_written() -> None:
    """By one entry, which comes back out; the heading, the tokens and the moderators' room stay."""
    service = homefiles.appservice("talk", SETTINGS, "http://o", b"t" * 32, "omb_k")
    module = homefiles.module("talk", SETTINGS, "http://o", "omb_k")
    for what, text in ((APPSERVICE, service), (MODULE, module)):
        more = homefiles.changed(what, text, "talk", NEW, known, add=True)
        assert more is not None
        assert more != text
        assert homefiles.changed(what, more, "talk", NEW, known, add=True) == more
        assert homefiles.changed(what, more, "talk", NEW, known, add=False) == text
    told = msgspec.json.decode(service.partition("\n")[2])
    patterns = [each["regex"] for each in told["namespaces"]["rooms"]]
    assert [bool(re.match(patterns[0], each)) for each in ("!a.b:h", "!aXb:h", "!a.b:hh")] == [
        *(True, False, False)
    ]
    assert re.match(patterns[1], "!staff")


def test_a_file_that_somebody_changed_is_left_to_them() -> None:
    """One that is no JSON any more, of another shape, of another homeserver, empty, or with a token
    that is in use no more.
    """
    module = homefiles.module("talk", SETTINGS, "http://o", "omb_k")
    service = homefiles.appservice("talk", SETTINGS, "http://o", b"t" * 32, "omb_k")
    for text in ("", "modules:\n  - module: x\n", "[]", "{}", '{"modules": 1}', "[" * 100_000):
        assert homefiles.changed(MODULE, text, "talk", NEW, known, add=True) is None
        assert homefiles.changed(APPSERVICE, text, "talk", NEW, known, add=True) is None
    assert homefiles.changed(MODULE, module, "other", NEW, known, add=True) is None
    for what, text in ((APPSERVICE, service), (MODULE, module)):  # it names the room otherwise
        assert homefiles.changed(what, text, "talk", NEW, known, add=False) is None
    for what, text in ((APPSERVICE, service), (MODULE, module)):
        for lost in ("omb_k", (b"t" * 32).hex()):
            found = homefiles.changed(what, text, "talk", NEW, lost.__ne__, add=True)
            assert (found is None) == (lost in text)
