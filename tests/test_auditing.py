"""Checking a log or a receipt as an outsider: a folder, a URL, a file; nothing else is read."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ledger.public_log import OTHER, SIGNER, VKEY, checkpoint_of, entries, publish, refused
from ombud import auditing
from ombud.auditing import Trust
from ombud.errors import BadData, BadLedger, BadUse
from ombud.ledger import leaf, receipt, tree
from ombud.ledger.note import Signer
from outsider.witnesses_run import cosigned, policy_of_names

LINES = entries(600)
NODES = tree.nodes_of([tree.leaf_hash(each) for each in LINES])
LOOPBACK = ("127.0.0.1",)


@pytest.fixture
def public(tmp_path: Path) -> Path:
    """The public files of a log, on disk."""
    folder = tmp_path / "public" / "ledger"
    for path, content in {**publish(LINES), "vkey": VKEY.encode() + b"\n"}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


@pytest.fixture
def url(public: Path) -> Iterator[str]:
    """Where these files are served, by a program that knows nothing of logs."""

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    serve = partial(Handler, directory=str(public.parent))
    server = ThreadingHTTPServer(("127.0.0.1", 0), serve)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/ledger"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_url_is_checked_as_a_folder_is(public: Path, url: str) -> None:
    """The same report, to the last figure; also with a slash at the end."""
    here = auditing.check(str(public), Trust(VKEY))
    assert here["ok"], here["problems"]
    assert (here["size"], here["origin"]) == (600, SIGNER.name)
    assert auditing.check(url, Trust(VKEY), LOOPBACK) == here
    assert auditing.check(url + "/", Trust(), LOOPBACK) == here
    assert auditing.check(str(public.parent), Trust(VKEY)) == here
    assert auditing.check(url.removesuffix("/ledger"), Trust(VKEY), LOOPBACK) == here
    (public.parent / "counts.json").write_text(json.dumps(here))
    for place in (str(public), str(public.parent), url, url.removesuffix("/ledger")):
        assert auditing.check(place, Trust(VKEY), LOOPBACK, counts=True)["ok"]


def test_a_private_address_is_asked_only_where_it_is_named(url: str) -> None:
    """Else a log's URL could be made to look into somebody's network."""
    with refused("L081"):
        auditing.check(url, Trust(VKEY))


def test_what_is_wrong_behind_a_url_is_found(public: Path, url: str) -> None:
    """A tile changed, a bundle lost: named by their paths."""
    (public / "tile" / "0" / "000").write_bytes(bytes(8192))
    (public / "tile" / "entries" / "001").unlink()
    report = auditing.check(url, Trust(VKEY), LOOPBACK)
    assert {(each["code"], each["where"]) for each in report["problems"]} == {
        ("L061", "tile/0/000, entry 0"),
        ("L034", "tile/entries/001"),
    }


@pytest.mark.parametrize("where", ["http://127.0.0.1:9/log", "https://"])
def test_where_nothing_is_nothing_was_checked(where: str) -> None:
    """Never a yes: an error."""
    with pytest.raises((BadUse, BadLedger), match=r"L081|U031"):
        auditing.check(where, Trust(VKEY), LOOPBACK)


def test_a_place_that_is_not_there(tmp_path: Path) -> None:
    """A folder without a log, a file that is no receipt, nothing at all."""
    with refused("L081"):
        auditing.check(str(tmp_path), Trust(VKEY))
    with pytest.raises(BadUse, match="U363"):
        auditing.check(str(tmp_path / "none"), Trust(VKEY))
    (tmp_path / "file").write_text("no receipt")
    with refused("L040"):
        auditing.check(str(tmp_path / "file"), Trust(VKEY))
    with (tmp_path / "large").open("wb") as file:
        file.truncate(1 << 30)
    with pytest.raises(BadData, match="D005"):
        auditing.check(str(tmp_path / "large"), Trust(VKEY))


def test_a_receipt_is_checked_alone(tmp_path: Path) -> None:
    """By one file and one key: which line of which log, and who confirmed it."""
    signed = cosigned(checkpoint_of(LINES), "w1", "w2")
    made = receipt.of_entry(41, LINES[41], 600, NODES, signed)
    (tmp_path / "a.tlog-proof").write_bytes(receipt.encode(made))
    place = str(tmp_path / "a.tlog-proof")
    found = auditing.check(place, Trust(VKEY))
    assert (found["ok"], found["index"], found["size"]) == (True, 41, 600)
    assert found["line"] == {
        name: value for name, value in json.loads(LINES[41]).items() if value is not None
    }
    assert found["witnesses"] == "none: self-attested"
    trusted = Trust(VKEY, policy_of_names("w1", "w2", "w3", least=2))
    assert auditing.check(place, trusted)["witnesses"] == "w1, w2"
    with refused("L084"):
        auditing.check(place, Trust())
    with refused("L013"):
        auditing.check(place, Trust(OTHER.key.encode()))
    for spoilt, code in ((made.extra[:-2] + b"x}", "L006"), (b"", "L085")):
        other = receipt.Receipt(41, made.proof, made.checkpoint, spoilt)
        with refused(code):
            auditing.verify_receipt(receipt.encode(other), Trust(VKEY))


def test_a_policy_of_ones_own_must_be_met(public: Path, tmp_path: Path) -> None:
    """Too few witnesses, or a log that it does not name, are problems: of files and of receipts."""
    signed = cosigned(checkpoint_of(LINES), "w1")
    (public / "checkpoint").write_bytes(signed)
    made = receipt.of_entry(41, LINES[41], 600, NODES, signed)
    (tmp_path / "a.tlog-proof").write_bytes(receipt.encode(made))
    mine, other = f"log {VKEY}\n", f"log {Signer('log.example/other', bytes(32)).key.encode()}\n"
    for lines, names, least, codes in (
        ("", ("w1",), 1, []),
        (mine, ("w1", "w2"), 1, []),
        (mine + other, ("w1",), 1, []),
        ("", ("w1", "w2"), 2, ["L069"]),
        ("", ("w2",), 1, ["L069"]),
        (other, ("w1",), 1, ["L068"]),
        (other, ("w2",), 1, ["L068", "L069"]),
    ):
        trust = Trust(VKEY, lines.encode() + policy_of_names(*names, least=least))
        for place in (public, tmp_path / "a.tlog-proof"):
            found = auditing.check(str(place), trust)
            assert [each["code"] for each in found["problems"]] == codes
            assert found["ok"] is (not codes)
    nobody = Trust(VKEY, b"quorum none\n")
    assert auditing.check(str(public), nobody)["ok"]  # nobody was asked for


def test_the_key_of_a_log_may_stand_in_the_policy(public: Path, tmp_path: Path) -> None:
    """Then the one beside the log is not asked: whoever shows another log is found out."""
    made = receipt.of_entry(41, LINES[41], 600, NODES, checkpoint_of(LINES))
    (tmp_path / "a.tlog-proof").write_bytes(receipt.encode(made))
    mine = Trust(policy=f"log {VKEY}\nquorum none\n".encode())
    assert auditing.check(str(tmp_path / "a.tlog-proof"), mine)["ok"]
    assert auditing.check(str(public), mine)["ok"]
    (public / "checkpoint").write_bytes(checkpoint_of(LINES, OTHER))
    (public / "vkey").write_text(OTHER.key.encode())
    assert auditing.check(str(public), Trust())["ok"]
    found = auditing.check(str(public), mine)
    assert [each["code"] for each in found["problems"]] == ["L013"]


def test_what_was_seen_before_is_held_against_the_log(public: Path) -> None:
    """An earlier head of it is its beginning; another log's of the same name is not."""
    earlier = checkpoint_of(LINES[:300])
    assert auditing.check(str(public), Trust(VKEY, seen=earlier))["ok"]
    fork = checkpoint_of([*LINES[:299], LINES[0]])
    report = auditing.check(str(public), Trust(VKEY, seen=fork))
    assert [each["code"] for each in report["problems"]] == ["L064"]
    replayed = checkpoint_of(entries(700))
    report = auditing.check(str(public), Trust(VKEY, seen=replayed))
    assert [each["code"] for each in report["problems"]] == ["L063"]


def test_the_public_counts_are_counted_again(public: Path) -> None:
    """Equal to what the entries give, or a problem: changed, of another head, spoilt, missing."""
    report = auditing.check(str(public), Trust(VKEY))
    told = {name: report[name] for name in auditing.COUNTED}
    file = public.parent / "counts.json"

    def problems(text: str | None) -> list[str]:
        file.unlink(missing_ok=True)
        if text is not None:
            file.write_text(text)
        found = auditing.check(str(public.parent), Trust(VKEY), counts=True)
        assert found["ok"] is (not found["problems"])
        return [each["code"] for each in found["problems"]]

    assert problems(json.dumps(told)) == []
    told["counts"][0]["count"] += 1
    assert problems(json.dumps(told)) == ["L086"]
    for text in ("[", "[]", "{}", "[" * 100_000, json.dumps({**told, "size": 1})):
        assert problems(text) == ["L086"]
    assert problems(None) == ["L087"]


def test_a_log_that_grows_while_it_is_checked() -> None:
    """The counts of a later head are no fault of the earlier one: it is checked anew, and whoever
    always shows another head is not believed.
    """

    def told(size: int) -> dict[str, bytes]:
        files = publish(entries(size))
        report = auditing.verify(files.get, Trust(VKEY))
        return files | {"counts.json": json.dumps(report).encode()}

    heads = [told(size) for size in (10, 20, 20, 20)]
    reads: list[str] = []

    def growing(path: str) -> bytes | None:
        """The head that is signed just after the check of the first one has begun."""
        reads.append(path)
        return heads[min(reads.count("counts.json"), 3)].get(path)

    def before(path: str) -> bytes | None:
        if path == "counts.json":
            reads.append(path)
        return heads[min(reads.count("counts.json"), 3)].get(path)

    for read in (growing, before):
        reads.clear()
        found = auditing._whole(read, Trust(VKEY), counted=True)
        assert (found["ok"], found["size"]) == (True, 20), read
    stale = told(20) | {"counts.json": told(10)["counts.json"]}
    found = auditing._whole(stale.get, Trust(VKEY), counted=True)
    assert [each["code"] for each in found["problems"]] == ["L086"]


def test_a_register_that_hides_a_demand_is_found(tmp_path: Path) -> None:
    """Each day has as many as the log has lines of that day, whatever else is in it."""
    folder, days = tmp_path / "public", ("2026-11-20", "2026-11-20", "2026-11-21")
    files = publish([*LINES, *(demanded(number, day) for number, day in enumerate(days))])
    for path, content in files.items():
        (folder / "ledger" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "ledger" / path).write_bytes(content)
    report = auditing.check(str(folder), Trust(VKEY))
    (folder / "counts.json").write_text(json.dumps(report))
    full = [{"id": f"dem_{number}", "entered": day} for number, day in enumerate(days)]
    later = {"id": "dem_9", "entered": "2026-11-22"}
    for items, codes in (
        (full, []),
        ([later, *full], []),
        (full[1:], ["L071"]),
        ([later, *full[:2]], ["L071"]),
        ([*full[:2], full[0]], ["L071"]),
        ([{**each, "entered": "2026-11-19"} for each in full], ["L071"]),
        ([], ["L071"]),
        ([1], ["L071"]),
        (None, ["L087"]),
    ):
        (folder / "demands.json").unlink(missing_ok=True)
        if items is not None:
            (folder / "demands.json").write_text(json.dumps({"items": items}))
        found = auditing.check(str(folder), Trust(VKEY), counts=True)
        assert [each["code"] for each in found["problems"]] == codes
        assert found["ok"] is (not codes)
    (folder / "demands.json").write_text("[" * 100_000)
    assert not auditing.check(str(folder), Trust(VKEY), counts=True)["ok"]


def demanded(number: int, day: str) -> bytes:
    """The line of a demand that was entered."""
    return leaf.encode_leaf(
        leaf.Leaf(
            type="demand", action="received", id=f"lf_d{number}", day=day, commitment="0" * 64
        )
    )


def test_a_folder_vouches_for_itself_only_where_nobody_is_trusted(public: Path) -> None:
    """The key and the policy beside the log are taken where none is given, and only then."""
    names = ("w1", "w2")
    (public / "witnesses.policy").write_bytes(policy_of_names(*names, least=1))
    signed = cosigned((public / "checkpoint").read_bytes(), "w1")
    (public / "checkpoint").write_bytes(signed)
    assert auditing.check(str(public), Trust())["witnesses"] == "w1"
    strange = Trust(VKEY, policy_of_names("x1", least=1))
    found = auditing.check(str(public), strange)
    assert found["witnesses"] == "none: self-attested"
    assert not found["ok"]
    shutil.rmtree(public / "tile")
    (public / "vkey").write_text(OTHER.key.encode())
    assert [each["code"] for each in auditing.check(str(public), Trust())["problems"]] == ["L013"]
