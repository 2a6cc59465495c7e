"""Asking witnesses: honest ones in other processes confirm, broken ones stand in nobody's way."""

from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from ledger.public_log import SIGNER, VKEY, entries, entry, publish
from ombud import witnesses
from ombud.attestations import STATES, Told
from ombud.egress import Egress
from ombud.ledger import cosignature, policy
from ombud.ledger.policy import Witness
from outsider.witnesses_run import Running, witness


def written(folder: Path, files: dict[str, bytes]) -> Path:
    """The public files of a log, on disk."""
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def of(running: Running) -> Witness:
    """A running witness as a policy names it."""
    return Witness(running.name, cosignature.parse_key(running.vkey), running.url)


def told(
    folder: Path,
    running: Running | list[Running],
    sizes: dict[str, int] | None = None,
    seconds: float = 10,
    allow: tuple[str, ...] = ("127.0.0.1",),
) -> tuple[Told, ...]:
    """What the witnesses answer about the log in a folder."""
    every = running if isinstance(running, list) else [running]
    egress = Egress(allow)
    try:
        return witnesses.ask_all(
            folder,
            (folder / "checkpoint").read_bytes(),
            [of(each) for each in every],
            sizes or {},
            egress,
            seconds,
            int(time.time() * 1e6),
        )
    finally:
        egress.close()


def test_an_honest_witness_confirms_a_log_that_grows(tmp_path: Path) -> None:
    """From nothing to 5, 300, 301 and 700 entries: each head is confirmed with one request, and
    a witness we know nothing of any more tells its size itself.
    """
    lines = entries(700)
    with witness(tmp_path, "w1", VKEY) as running:
        size = 0
        for number, grown in enumerate((5, 300, 301, 700)):
            folder = written(tmp_path / f"{number}", publish(lines[:grown], *range(0, grown, 97)))
            (found,) = told(folder, running, {"w1": size})
            assert (found.state, found.size, found.detail) == ("cosigned", grown, "")
            (again,) = told(folder, running)  # as if it was the first time
            assert (again.state, again.size) == ("cosigned", grown)
            signed = cosignature.added((folder / "checkpoint").read_bytes(), [found.line])
            rules = policy.parse(f"{running.line}quorum w1\n".encode())
            assert rules.attested(signed) == policy.Attested(("w1",), quorum=True)
            size = grown


def test_a_fork_finds_no_witness(tmp_path: Path) -> None:
    """A log that was rewritten, after a backup that nobody here remembers: of the same size, longer
    and shorter, it is not confirmed, and the state says what the witness has seen.
    """
    lines = entries(300)
    fork = [*lines[:200], *(entry(number) for number in range(1000, 1200))]
    with witness(tmp_path, "w1", VKEY) as running:
        assert told(written(tmp_path / "log", publish(lines)), running)[0].state == "cosigned"
        same = written(tmp_path / "same", publish(fork[:300]))
        longer = written(tmp_path / "longer", publish(fork))
        shorter = written(tmp_path / "shorter", publish(fork[:250]))
        for folder, state, known in (
            (same, "conflict", 300),
            (same, "conflict", 0),
            (longer, "conflict", 300),
            (longer, "conflict", 0),
            (shorter, "ahead", 200),
        ):
            (found,) = told(folder, running, {"w1": known})
            assert (found.state, found.size, found.line) == (state, 300, "")
            assert ("another log of this size" in found.detail) is (folder == same)
        # and the log as it was is still confirmed
        assert told(tmp_path / "log", running)[0].state == "cosigned"


MISBEHAVIOUR = {
    "lies": ("bad answer", "does not hold"),
    "knows more": ("ahead", "1300 entries"),
    "unsteady": ("conflict", "one size and then another"),
    "no number": ("conflict", "another log"),
    "future": ("bad answer", "time to come"),
    "somebody else": ("bad answer", "did not sign"),
    "nonsense": ("bad answer", "does not hold"),
    "endless": ("bad answer", "more than signatures"),
    "twice": ("bad answer", "does not hold"),
    "knows no log": ("refused", "this log"),
    "knows no key": ("refused", "key"),
    "doubts": ("conflict", "only grew"),
    "broken": ("unreachable", "500"),
}


@pytest.mark.parametrize("mode", MISBEHAVIOUR)
def test_a_witness_that_misbehaves_confirms_nothing(tmp_path: Path, mode: str) -> None:
    """No line is taken from it, and a word of ours says what it did."""
    folder = written(tmp_path / "log", publish(entries(300)))
    state, word = MISBEHAVIOUR[mode]
    with witness(tmp_path, "w1", VKEY, mode) as running:
        (found,) = told(folder, running)
    assert (found.state, found.line) == (state, "")
    assert word in found.detail
    assert state in STATES


def test_a_witness_that_hangs_keeps_nobody_waiting(tmp_path: Path) -> None:
    """The honest one beside it has confirmed, and all is over when its time is."""
    folder = written(tmp_path / "log", publish(entries(300)))
    with ExitStack() as opened:
        honest = opened.enter_context(witness(tmp_path, "w1", VKEY))
        hanging = opened.enter_context(witness(tmp_path, "w2", VKEY, "hangs"))
        began = time.monotonic()
        first, second = told(folder, [honest, hanging], seconds=2)
        assert time.monotonic() - began < 20  # it would hang for a minute
    assert (first.state, second.state) == ("cosigned", "unreachable")
    assert "2 seconds" in second.detail


def test_a_witness_that_signs_anything_is_not_a_quorum_of_two(tmp_path: Path) -> None:
    """One that equivocates confirms both heads of a fork; with an honest one beside it, who has
    seen the first, the second head does not reach its quorum.
    """
    lines = entries(300)
    fork = [*lines[:299], entry(5000)]
    with ExitStack() as opened:
        running = [
            opened.enter_context(witness(tmp_path, "w1", VKEY)),
            opened.enter_context(witness(tmp_path, "w2", VKEY, "signs anything")),
        ]
        text = "".join(each.line for each in running) + "group two 2 w1 w2\nquorum two\n"
        rules = policy.parse(text.encode())
        attested = []
        for name, each in (("log", lines), ("fork", fork)):
            folder = written(tmp_path / name, publish(each))
            made = [each.line for each in told(folder, running) if each.line]
            signed = cosignature.added((folder / "checkpoint").read_bytes(), made)
            attested.append(rules.attested(signed))
    assert attested == [
        policy.Attested(("w1", "w2"), quorum=True),
        policy.Attested(("w2",), quorum=False),
    ]


def test_who_is_not_there_is_unreachable(tmp_path: Path) -> None:
    """Nothing listens, a private address nobody named, no URL, tiles that are lost."""
    folder = written(tmp_path / "log", publish(entries(300)))
    with witness(tmp_path, "w1", VKEY) as running:
        pass
    (found,) = told(folder, running)
    assert (found.state, found.line) == ("unreachable", "")
    (found,) = told(folder, running, allow=())
    assert (found.state, found.line) == ("unreachable", "")
    strange = Running("w1", running.vkey, "ftp://witness.example/w")
    assert told(folder, strange)[0].state == "unreachable"
    for tile in (folder / "tile" / "0").rglob("*"):
        if tile.is_file():
            tile.unlink()
    assert told(folder, running, {"w1": 7})[0].state == "unreachable"


def test_a_witness_without_an_address_is_not_asked(tmp_path: Path) -> None:
    """A policy may name witnesses only to check by."""
    folder = written(tmp_path / "log", publish(entries(3)))
    assert told(folder, []) == ()
    with witness(tmp_path, "w1", VKEY) as running:
        silent = Running("w1", running.vkey, "")
        assert told(folder, silent) == ()
    assert SIGNER.key.encode() == VKEY
