"""What is done about the log: signed now, confirmed by witnesses, handed over."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from flow.small_community import event, line, prepare, rows
from ombud import auditing, logwork, session
from ombud.app import Engine
from ombud.errors import BadLedger, BadUse
from ombud.reading import reading
from outsider.witnesses_run import policy_of_names
from witnessed_community import decide, witnessed


def now() -> int:
    """The clock's time: witnesses sign by theirs."""
    return int(time.time() * 1e6)


def test_a_head_is_confirmed_by_a_quorum(tmp_path: Path) -> None:
    """Signed now, confirmed by two of three, shown among the public files, told on every receipt;
    the third's misbehaviour stands beside its name.
    """
    with witnessed(tmp_path, ["honest", "lies", "honest"], 2) as (folder, _):
        head = session.request(folder, "publish log", by="admin")
        assert head["witnesses"] == "w1, w3"
        with reading(folder) as reader:
            states = {
                each["name"]: (each["state"], each["size"]) for each in reader.log.witnesses()
            }
            assert states == {
                "w1": ("cosigned", head["size"]),
                "w2": ("bad answer", 0),
                "w3": ("cosigned", head["size"]),
            }
            decision = rows(folder, "SELECT id FROM decision LIMIT 1")[0][0]
            proof = reader.log.receipt(decision)
        report = auditing.check(str(folder), auditing.Trust())
        assert (report["ok"], report["witnesses"]) == (True, "w1, w3")
        mine = (folder / "witnesses.policy").read_bytes()
        kept = auditing.verify_receipt(proof, auditing.Trust(head["key"], mine))
        assert kept["witnesses"] == "w1, w3"
        strict = auditing.Trust(head["key"], mine.replace(b" 2 w1", b" 3 w1"))
        assert auditing.verify_receipt(proof, strict)["witnesses"].startswith("none: self-attested")


def test_without_a_quorum_the_log_is_self_attested(tmp_path: Path) -> None:
    """One of two: it is said who, and that it is too few; the receipt says so too."""
    with witnessed(tmp_path, ["honest", "knows no log"], 2) as (folder, _):
        head = session.request(folder, "publish log", by="admin")
    assert head["witnesses"] == "none: self-attested; too few witnesses: w1"


def test_a_receipt_rests_on_what_was_confirmed(tmp_path: Path) -> None:
    """While a newer head waits for its witnesses, decisions under the confirmed one keep their
    receipt with a quorum; later ones have one without.
    """
    with witnessed(tmp_path, ["honest"], 1) as (folder, _):
        head = session.request(folder, "publish log", by="admin")
        decide(folder, 100, 3)  # signed at the end, and nobody asked
        mine = auditing.Trust(head["key"], (folder / "witnesses.policy").read_bytes())
        with reading(folder) as reader:
            told = [
                auditing.verify_receipt(reader.log.receipt(row[0]), mine)
                for row in rows(folder, "SELECT id FROM decision ORDER BY leaf")
            ]
        assert [each["witnesses"] for each in told] == ["w1"] * 4 + ["none: self-attested"] * 3
        assert {each["size"] for each in told[:4]} == {head["size"]}
        session.request(folder, "publish log", by="admin")
        with reading(folder) as reader:
            last = reader.log.receipt(
                rows(folder, "SELECT id FROM decision ORDER BY leaf DESC")[0][0]
            )
        assert auditing.verify_receipt(last, mine)["witnesses"] == "w1"


def test_a_backup_that_nobody_here_remembers_is_seen_by_the_witness(tmp_path: Path) -> None:
    """Store, keys and public files all put back: here nothing is amiss, and the witness does not
    confirm the head of a log that goes another way.
    """
    with witnessed(tmp_path, ["honest"], 1) as (folder, _):
        backup = {each: each.read_bytes() for each in folder.rglob("*") if each.is_file()}
        decide(folder, 100, 30)
        session.request(folder, "publish log", by="admin")
        for each in [*folder.rglob("*")]:
            if each.is_file():
                each.unlink()
        for path, content in backup.items():
            path.write_bytes(content)
        decide(folder, 200, 3)
        assert session.request(folder, "publish log", by="admin")["witnesses"] == (
            "none: self-attested"
        )
        with reading(folder) as reader:
            assert [each["state"] for each in reader.log.witnesses()] == ["ahead"]
        decide(folder, 300, 60)
        session.request(folder, "publish log", by="admin")
        with reading(folder) as reader:
            assert [each["state"] for each in reader.log.witnesses()] == ["conflict"]


def test_only_who_has_not_confirmed_is_asked(tmp_path: Path) -> None:
    """A second time there is nobody left to ask, and nothing changes."""
    with witnessed(tmp_path, ["honest"], 1) as (folder, _):
        with Engine(folder, now=now) as engine:
            engine.publish()
            assert logwork.gather(engine)
        asked = rows(folder, "SELECT asked FROM witness")
        with Engine(folder, now=now) as engine:
            assert logwork.gather(engine)
        assert rows(folder, "SELECT asked FROM witness") == asked


def test_a_log_without_witnesses_has_nobody_to_ask(tmp_path: Path) -> None:
    """No policy, or one whose witnesses have no address: all there is to do is done."""
    folder = prepare(tmp_path / "data")
    with Engine(folder) as engine:
        assert logwork.gather(engine)
        (folder / "witnesses.policy").write_bytes(policy_of_names("w1", least=1))
        engine.submit([line(event(1, 1))])
        engine.publish()
        assert logwork.gather(engine)
        assert (folder / "ledger" / "witnesses.policy").exists()
    (folder / "witnesses.policy").unlink()
    with Engine(folder):
        pass
    assert not (folder / "ledger" / "witnesses.policy").exists()


def test_a_policy_that_is_none_is_refused_at_the_start(tmp_path: Path) -> None:
    """As every other file that the operator wrote: before anything is done."""
    folder = prepare(tmp_path / "data")
    (folder / "witnesses.policy").write_text("witness somebody\n")
    with pytest.raises(BadLedger, match="L024"), Engine(folder):
        pass


def test_the_log_is_given_over(tmp_path: Path) -> None:
    """By one request each: signed at once, and whoever holds the first key is led along."""
    folder = prepare(tmp_path / "data")
    decide(folder, 0, 3)
    key = (folder / "ledger" / "vkey").read_text().strip()
    rotated = session.request(folder, "rotate log", by="admin")
    assert rotated["key"] != key
    assert rotated["key"].split("+")[0] == key.split("+")[0]
    followed = session.request(folder, "succeed log", by="admin", origin="log.example/next")
    assert followed["origin"] == "log.example/next"
    assert followed["published"] == followed["size"]
    decide(folder, 10, 3)
    report = auditing.check(str(folder), auditing.Trust(key))
    assert report["ok"], report["problems"]
    assert [each["kind"] for each in report["handovers"]] == ["rotation", "succession"]


def test_a_name_that_the_settings_contradict_is_refused(tmp_path: Path) -> None:
    """Else the next start would be."""
    folder = prepare(tmp_path / "data", settings='origin = "log.example/first"\n')
    decide(folder, 0, 3)
    with pytest.raises(BadUse, match="U364"):
        session.request(folder, "succeed log", by="admin", origin="log.example/next")
    with pytest.raises(BadUse, match="U361"):
        session.request(folder, "succeed log", by="admin", origin="")
    (folder / "ombud.toml").write_text('origin = "log.example/next"\n')
    session.request(folder, "succeed log", by="admin", origin="log.example/next")
    decide(folder, 10, 3)
    assert auditing.check(str(folder), auditing.Trust())["ok"]


def test_who_may_not_is_refused(tmp_path: Path) -> None:
    """Signing and handing over are for whoever keeps the keys of the community."""
    folder = prepare(tmp_path / "data")
    with Engine(folder) as engine:
        for name, role in (("Ana", "admin"), ("Rosa", "reviewer")):
            added = {"change": "added", "name": name, "roles": [role]}
            session.perform(engine, "staff", {**added, "by": "Ana" if engine.staff else "admin"})
        for do in logwork.REQUESTS:
            with pytest.raises(BadUse, match="U20"):
                session.perform(engine, do, {"by": "Rosa", "origin": "log.example/next"})
