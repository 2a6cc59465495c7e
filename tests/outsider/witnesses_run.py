"""Witnesses in processes of their own, for tests: started, named in a policy, ended."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from outsider import log


@dataclass(frozen=True)
class Running:
    """A witness that listens: what a policy needs to know of it."""

    name: str
    vkey: str
    url: str

    @property
    def line(self) -> str:
        """Its line in a policy."""
        return f"witness {self.name} {self.vkey} {self.url}\n"


def vkey_of(name: str) -> str:
    """The key of the witness with this name."""
    return str(log.own_key(f"{name}.witness.example", log.WITNESS_KEY, _private(name)))


def _private(name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(sha256(name.encode()).digest())


@contextmanager
def witness(folder: Path, name: str, log_key: str, mode: str = "honest") -> Iterator[Running]:
    """A witness in a process of its own; what it has seen stays in the folder."""
    seed = sha256(name.encode()).hexdigest()
    called = f"{name}.witness.example"
    command = [sys.executable, "-m", "outsider.witness", str(folder / f"{name}.json")]
    with subprocess.Popen(
        [*command, seed, called, log_key, mode],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
    ) as process:
        assert process.stdout is not None
        try:
            port = int(process.stdout.readline())
            yield Running(name, vkey_of(name), f"http://127.0.0.1:{port}/w")
        finally:
            process.kill()


def policy(*running: Running, least: int) -> bytes:
    """A policy that asks for so many of these witnesses."""
    names = " ".join(each.name for each in running)
    lines = "".join(each.line for each in running)
    return (
        f"# who is asked\n{lines}group all-of-them {least} {names}\nquorum all-of-them\n".encode()
    )


def policy_of_names(*names: str, least: int) -> bytes:
    """A policy of witnesses that have no address."""
    return policy(*(Running(name, vkey_of(name), "") for name in names), least=least)


def cosigned(signed: bytes, *names: str) -> bytes:
    """A checkpoint with the cosignatures of the witnesses with these names, made here."""
    head = log.head_of(signed)
    for name in names:
        key = log.key_of(vkey_of(name))
        signed += log.cosign(head, key, _private(name), 1679315147).encode()
    return signed
