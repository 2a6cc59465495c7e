"""Hostile input through the whole flow: a clear error for what is bad, and nothing else is lost."""

from __future__ import annotations

import gzip
import itertools
import json
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
import zstandard
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flow.small_community import NOW, agrees_with_replay, crowd, event, line, prepare, rows
from ombud.app import Engine
from ombud.cli import main
from ombud.clock import rfc3339
from ombud.model import KIND_OF_TYPE

# The memory's own peak: getrusage would tell that of the process this one was started from.
MEASURED = """
import re, sys
from click.testing import CliRunner
from ombud.cli import main
result = CliRunner().invoke(main, sys.argv[1:])
peak = re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1]
print(peak, result.exit_code, result.stdout, sep="\\n")
"""
MEGABYTES_MAX = 400


def ingest(folder: Path, file: Path) -> dict[str, Any]:
    """What `ombud ingest FILE --json` says, with its exit code."""
    command = ["ingest", str(file), "--data", str(folder), "--json"]
    result = CliRunner().invoke(main, command)
    found: dict[str, Any] = json.loads(result.stdout)
    return {**found, "exit": result.exit_code}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that the tests of this file share."""
    return prepare(tmp_path_factory.mktemp("hostile"))


def nested(depth: int, kind: str) -> bytes:
    """A field nested this deep, of lists or objects."""
    opening, closing = ("[", "]") if kind == "list" else ('{"a":', "}")
    told = line(event("deep"))[:-2].decode()
    return f'{told}, "more": {opening * depth}1{closing * depth}}}\n'.encode()


BAD: dict[str, tuple[bytes, str]] = {
    "no json": (b'{"id": \n', "E001"),
    "a list": (b"[1, 2]\n", "E002"),
    "wrong type": (line({**event("w"), "time": 5}), "E002"),
    "no such type": (line({**event("w"), "type": "post.sold"}), "E007"),
    "ten megabytes": (line(event("big", text="x" * (10 << 20))), "E003"),
    "a long text": (line(event("long", text="x" * 70_000)), "E004"),
    "100,000 links": (
        line(event("links", links=[{"url": "http://a.example"}] * 20_000)),
        "E005",
    ),
    "100,000 links, too long": (
        line(event("links", links=[{"url": "http://a.example"}] * 100_000)),
        "E003",
    ),
    "lists in lists": (nested(100_000, "list"), "E001"),
    "objects in objects": (nested(100_000, "object"), "E001"),
    "no UTF-8": (line(event("u")).replace(b"hello", b"\xff\xfe"), "E010"),
    "lone surrogate": (line(event("s")).replace(b"hello", b"\\ud800"), "E001"),
    "control in an id": (line({**event("c"), "id": "a\x07b"}), "E006"),
    "before 1970": (line({**event("t"), "time": "1969-12-31T23:59:59Z"}), "E009"),
}


def test_bad_lines_between_good_ones_lose_nothing(folder: Path, tmp_path: Path) -> None:
    """Each bad line is refused alone, with its number and code; every good line is judged."""
    file = tmp_path / "events"
    with file.open("wb") as out:
        for number, (bad, _) in enumerate(BAD.values()):
            out.write(line(event(f"good{number}")) + bad)
        out.write(line(event("last"))[:-1])  # without a line end
    found = ingest(folder, file)
    assert found["exit"] == 1
    assert (found["accepted"], found["rejected"]) == (len(BAD) + 1, len(BAD))
    told = {each["line"]: each["code"] for each in found["errors"]}
    wanted = {2 * number + 2: code for number, (_, code) in enumerate(BAD.values())}
    assert told == wanted
    assert all(each["message"] and each["where"] for each in found["errors"])


ODD = {
    "nul": "a\x00b",
    "bidi": "\u202eevil\u2066 \u200f",
    "zero width": "c\u200bh\u200be\u200bap b\u2060ags",
    "tags": "".join(chr(0xE0000 + ord(c)) for c in "cheap bags"),
    "combining": "a" + "\u0301" * 60_000,
    "huge number": "9" * 60_000,
    "links": "http://a.example/" * 3_000,
    "brackets": "[(" * 30_000,
    "astral": "\U0001f600" * 30_000,
    "half links": "http://" * 8_000,
    "punycode": "http://xn--" + "a" * 5_000 + ".example http://xn--\u0130.example",
    "ports": "http://a.example:99999999999/ http://[::1]:1/ http://1.2.3.4:80:80/",
}


def test_odd_texts_are_judged(folder: Path, tmp_path: Path) -> None:
    """Texts that break programs are accepted and judged, without a fault."""
    file = tmp_path / "events"
    named: dict[str, Any] = {"links": [{"url": "http://a\u202e.example", "shown": "\x00"}]}
    file.write_bytes(
        b"".join(line(event(f"odd {name}", text=text, **named)) for name, text in ODD.items())
    )
    found = ingest(folder, file)
    assert (found["exit"], found["accepted"]) == (0, len(ODD))
    for (hits,) in rows(folder, "SELECT hits FROM journal WHERE hits IS NOT NULL"):
        assert msgspec.msgpack.decode(hits)[2] == []


TEXT = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("\u202e\u200d\u0130\ufb03\u1e9e\u0345\u2024@#:/.?&%\\[]()\0\x85 "),
    ),
    max_size=80,
) | st.from_regex(r"(https?://)?[a-z0-9.\-\[\]:@%/\u0130\u00df]{1,40}", fullmatch=True)
PERSON = st.fixed_dictionaries(
    {"id": st.sampled_from(["ana", "bo"])}, optional={"name": TEXT, "lang": st.text(max_size=9)}
)
ANYTHING = st.fixed_dictionaries(
    {"author": PERSON},
    optional={
        "text": TEXT,
        "room": st.just({"id": "r"}),
        "server": st.builds(lambda name: {"id": name or "s"}, st.text("a.\u0130-", max_size=9)),
        "mentions": st.lists(PERSON, max_size=3),
        "links": st.lists(
            st.fixed_dictionaries({"url": TEXT}, optional={"shown": TEXT}), max_size=3
        ),
        "before": st.fixed_dictionaries({}, optional={"text": TEXT}),
        "in_reply_to": st.fixed_dictionaries({"id": st.just("p")}, optional={"author": PERSON}),
        "reporter": PERSON,
        "reason": TEXT,
    },
)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine under the shipped rules, holds switched on."""
    made = tmp_path_factory.mktemp("shipped")
    (made / "ombud.toml").write_text("procedural_holds = true\n")
    with Engine(made, now=lambda: NOW) as engine:
        yield engine
        agrees_with_replay(engine)


numbers = itertools.count()


@given(
    st.lists(st.tuples(st.sampled_from(sorted(KIND_OF_TYPE)), ANYTHING), min_size=8, max_size=20)
)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_nothing_that_is_an_event_cannot_be_judged(
    shipped: Engine, told: list[tuple[str, dict[str, Any]]]
) -> None:
    """Whatever well-formed events say, they are accepted and judged, and no rule meets a fault."""
    lines = []
    for kind, data in told:
        whole = {**event(f"any{next(numbers)}", type=kind), "data": data}
        lines.append(line(whole))
    summary = shipped.ingest(lines)
    assert summary.accepted + summary.rejected == len(lines)
    assert {each["code"] for each in summary.errors} <= {"E004", "E006"}
    for (hits,) in rows(shipped.folder, "SELECT hits FROM journal WHERE hits IS NOT NULL"):
        assert msgspec.msgpack.decode(hits)[2] == []


def bombs() -> Iterator[tuple[str, bytes]]:
    """Small files that unfold to a gigabyte, after two good lines."""
    good = b"".join(line(event(f"bomb{number}")) for number in range(2))
    filled = good + b" " * (64 << 20)
    piece = gzip.compress(b" " * (64 << 20))
    yield "events.gz", gzip.compress(filled) + piece * 15
    packer = zstandard.ZstdCompressor(level=3)
    yield "events.zst", packer.compress(filled) + packer.compress(b" " * (64 << 20)) * 15


@pytest.mark.parametrize(("name", "content"), list(bombs()), ids=["gz", "zst"])
def test_a_compressed_bomb_ends_in_an_error(name: str, content: bytes, tmp_path: Path) -> None:
    """It is broken off with E011, in bounded memory, and what came before it is kept."""
    folder = prepare(tmp_path / "data")
    (tmp_path / name).write_bytes(content)
    assert len(content) < 2 << 20
    command = ["ingest", str(tmp_path / name), "--data", str(folder), "--json"]
    result = subprocess.run(
        [sys.executable, "-c", MEASURED, *command], capture_output=True, check=True
    )
    peak, code, told = result.stdout.decode().split("\n", 2)
    found = json.loads(told)
    assert int(peak) < MEGABYTES_MAX * 1024
    assert (code, found["accepted"]) == ("1", 2)
    assert found["errors"][-1]["code"] == "E011"


@pytest.mark.parametrize("name", ["cut.gz", "cut.zst", "noise.gz", "noise.zst"])
def test_a_broken_stream_keeps_what_came_before(name: str, folder: Path, tmp_path: Path) -> None:
    """A cut or damaged file is told as E011; the complete lines before that place are taken."""
    lines = b"".join(line({**each, "source": name}) for each in crowd(71, 900))
    pack = gzip.compress if name.endswith("gz") else zstandard.ZstdCompressor().compress
    packed = pack(lines)
    cut = packed[: len(packed) * 2 // 3] if name.startswith("cut") else packed + b"noise" * 9
    (tmp_path / name).write_bytes(cut)
    found = ingest(folder, tmp_path / name)
    assert found["exit"] == 1
    assert [each["code"] for each in found["errors"]] == ["E011"]
    assert found["accepted"] == 900 if name.startswith("noise") else 0 < found["accepted"] < 900
    (tmp_path / name).write_bytes(packed)
    again = ingest(folder, tmp_path / name)
    assert again["duplicate"] == found["accepted"]
    assert again["accepted"] == 900 - found["accepted"]


def test_a_far_future_event_flushes_no_window(tmp_path: Path) -> None:
    """The facts of what follows are the same with and without an event of the year 9999."""
    found = []
    for name, times in (("with", ("9999-12-31T23:59:59Z",)), ("without", ())):
        folder = prepare(tmp_path / name)
        live = [NOW - 20_000_000_000]
        with Engine(folder, now=partial(live.__getitem__, 0)) as engine:
            for number, each in enumerate(crowd(72, 120)):
                live[0] += 20_000_000
                engine.submit([line({**each, "time": rfc3339(live[0])})])
                if number == 60:
                    for time in times:
                        future = {**event("future", source="other/1"), "time": time}
                        engine.submit([line(future)])
            agrees_with_replay(engine)
        query = "SELECT facts, hits FROM journal WHERE source LIKE 'chat/%' AND type LIKE 'post%'"
        found.append(rows(folder, query))
    assert found[0] == found[1]
    assert any(hits for _, hits in found[0])


def test_unreadable_rules_refuse_the_start(tmp_path: Path) -> None:
    """Exit 1 with every diagnostic, and no store is left behind."""
    folder = prepare(tmp_path / "data")
    (folder / "rules" / "bad.rule").write_text("rule bad\n  when nothing\n")
    (tmp_path / "events").write_bytes(line(event(1)))
    result = CliRunner().invoke(
        main, ["ingest", str(tmp_path / "events"), "--data", str(folder), "--json"]
    )
    found = json.loads(result.stdout)
    assert (result.exit_code, found["code"]) == (1, "D013")
    assert {each["file"] for each in found["items"]} == {"bad.rule"}
    left = {path.name for path in folder.iterdir() if path.is_file()}
    assert left == {"ombud.toml", "lock"}


def test_an_old_sqlite_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    """With SQLite 3.51.2 the start is refused with D001, and the folder is not even made."""
    program = (
        "import apsw, sys\n"
        "apsw.sqlite_lib_version = apsw.sqlitelibversion = lambda: '3.51.2'\n"
        "from ombud.cli import main\n"
        "main()\n"
    )
    (tmp_path / "events").write_bytes(line(event(1)))
    folder = tmp_path / "data"
    result = subprocess.run(
        [sys.executable, "-c", program, "ingest", str(tmp_path / "events"), "--data", str(folder)],
        capture_output=True,
        check=False,
    )
    assert result.returncode == 1
    assert b"D001" in result.stderr
    assert not folder.exists()


def test_a_mistyped_file_name_makes_no_folder(tmp_path: Path) -> None:
    """A file that is not there is wrong usage, and nothing is started for it."""
    folder = tmp_path / "data"
    for name in ("nothing-here", "."):
        command = ["ingest", str(tmp_path / name), "--data", str(folder), "--json"]
        result = CliRunner().invoke(main, command)
        assert (result.exit_code, json.loads(result.stdout)["code"]) == (2, "U002")
    assert not folder.exists()
