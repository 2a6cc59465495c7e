"""Somebody who runs a Synapse and does what a how-to says, to the word, step by step.

Shell blocks are run by `sh` as they stand, after `here` has put in what a reader puts in: an
address, a folder, a port that is free. The module is installed by pip from this repository, into a
folder of its own on Synapse's path instead of into Synapse's environment, which other tests share,
and without what it needs, which is there. What a page says in a sentence instead of in a block is
done by the method that its plan names beside the sentence.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from platforms.synapse import HOST, PLACE, Person, Synapse, free_port
from tidy.source_tree import ROOT

PATIENCE_SECONDS = 120.0
BLOCK = r"^```(?P<kind>\w+)\n(?P<block>.*?)^```$"
AS_JSON = "import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)"
COMMAND = re.compile(r"`(ombud [^`]+)`")
Act = Callable[["Reader", str], None]


class Step(NamedTuple):
    """What a plan expects next on a page, and what is done with it: a block that begins so, or a
    sentence that says so.
    """

    block: str
    act: Act
    told: str = ""


class Done(NamedTuple):
    """What a command came to."""

    code: int
    printed: str


def told(sentence: str, act: Act) -> Step:
    """A step that a page tells of in a sentence."""
    return Step("", act, sentence)


def matched(text: str, plan: Sequence[Step]) -> list[tuple[Step, str]]:
    """The blocks of a page, every one, and the sentences of a plan, in the page's order, each with
    its step. Fails where the page has one more, one less, or another than the plan.
    """
    sentences = [r"\s+".join(map(re.escape, each.told.split())) for each in plan if each.told]
    pattern = f"{BLOCK}|(?P<told>{'|'.join(sentences)})"
    found = [
        (each["block"] or "", " ".join((each["told"] or "").split()))
        for each in re.finditer(pattern, text, re.MULTILINE | re.DOTALL)
    ]
    for (block, sentence), step in zip(found, plan, strict=False):
        assert sentence == step.told
        assert bool(block) == bool(step.block), block
        assert block.startswith(step.block)
    assert len(found) == len(plan)
    return [(step, block or told) for step, (block, told) in zip(plan, found, strict=True)]


def read_yaml(text: str) -> dict[str, Any]:
    """What stands in a text, read as Synapse reads it."""
    python = Path(PLACE) / "bin" / "python"
    read = subprocess.run(
        [python, "-c", AS_JSON], input=text.encode(), capture_output=True, check=False
    )
    assert read.returncode == 0, read.stderr.decode()
    found: dict[str, Any] = json.loads(read.stdout)
    return found


class Reader:
    """Somebody in a folder of their own, with a Synapse in which a room has an alias; `name` is
    what the page has Ombud call the homeserver.
    """

    def __init__(self, folder: Path, name: str, server: str, alias: str) -> None:
        self.folder, self.name = folder, name
        self.etc, self.modules = folder / "etc", folder / "modules"
        self.etc.mkdir()
        self.server = Synapse(folder / "synapse", python_path=(self.modules,), name=server)
        del self.server.settings["server_notices"]  # the page says what to put there
        self.server.start()
        self.owner = self.server.register("owner")
        self.lobby = self.owner.room(room_alias_name=alias)
        self.account = Person(self.server, f"@ombud:{server}", "")
        self.last = Done(0, "")
        self.settings = self.check = self.giving = ""  # blocks that are needed again
        self.steps = ""  # what connecting said comes next
        self.here = {
            "http://127.0.0.1:8008": self.server.url,
            "/etc/matrix-synapse": str(self.etc),
            "/etc/synapse": str(self.etc),
            "python -m ": f"PYTHONPATH={self.modules} {PLACE}/bin/python -m ",
            "ombud serve ": f"ombud serve --port {free_port()} ",
            "pip install ./": "pip install --quiet --no-deps --no-build-isolation"
            f" --target {self.modules} {ROOT}/",
        }
        self._serving: subprocess.Popen[bytes] | None = None

    def follow(self, page: Path, plan: Sequence[Step]) -> None:
        """Do everything that a page says, by its plan; the plan must know every block of it."""
        for step, text in matched(page.read_text(encoding="utf-8"), plan):
            step.act(self, text)

    def close(self) -> None:
        """End both servers."""
        self.server.kill()
        if self._serving is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._serving.pid, signal.SIGTERM)
            self._serving.wait(PATIENCE_SECONDS)

    # --- the shell --------------------------------------------------------------------------------

    def _command(self, text: str) -> tuple[list[str], dict[str, str]]:
        """A block as it is run here, and the environment it is run in."""
        for told, here in self.here.items():
            text = text.replace(told, here)
        service = self.folder / "ombud-data" / f"{self.name}-appservice.yaml"
        environment = {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "HOME": str(self.folder),
            "LC_ALL": "C.UTF-8",
            "ADMIN_TOKEN": self.server.admin.token,
            "AS_TOKEN": read_yaml(service.read_text())["as_token"] if service.exists() else "",
        }
        return ["sh", "-euc", text], environment

    def _ran(self, text: str) -> str:
        """Run a block; what it printed. Whether it succeeded stands in `last`."""
        command, environment = self._command(text)
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        self.last = Done(done.returncode, done.stdout.decode())
        return self.last.printed

    def run(self, text: str) -> None:
        """Run a block, which must succeed."""
        self._ran(text)
        assert self.last.code == 0, self.last.printed

    def serve(self, text: str) -> None:
        """Run a block that does not end, and wait until it takes requests."""
        command, environment = self._command(f"exec {text}")
        output = self.folder / "serving"
        with output.open("wb") as written:
            self._serving = subprocess.Popen(
                command,
                cwd=self.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        until = time.monotonic() + PATIENCE_SECONDS
        while f"http://{HOST}:" not in output.read_text():
            assert self._serving.poll() is None, output.read_text()
            assert time.monotonic() < until, output.read_text()
            time.sleep(0.05)
        (self.here["http://127.0.0.1:8420"],) = re.findall(
            f"^http://{HOST}:[0-9]+", output.read_text(), re.MULTILINE
        )[:1]

    # --- what it says in sentences ----------------------------------------------------------------

    def connect(self, text: str) -> None:
        """The homeserver is connected: both files are where the command says."""
        self.run(text)
        for what in ("appservice", "module"):
            assert f"ombud-data/{self.name}-{what}.yaml\n" in self.last.printed
        self.steps = self.last.printed

    def copy(self, _: str = "") -> None:
        """The registration is put where Synapse reads it."""
        shutil.copy(self.folder / "ombud-data" / f"{self.name}-appservice.yaml", self.etc)

    def shown(self, text: str) -> dict[str, Any]:
        """What a block shows of `homeserver.yaml`, as it is here."""
        for told, here in self.here.items():
            text = text.replace(told, here)
        return read_yaml(text)

    def merge(self, text: str) -> None:
        """What a block shows is put into `homeserver.yaml`."""
        self.server.settings |= self.shown(text)

    def into_module(self, text: str) -> None:
        """What a block shows is put into the module's part of it."""
        self.module.update(self.shown(text))

    def take_over(self, _: str = "") -> None:
        """What stands in the module's file is put into `homeserver.yaml`."""
        self.merge((self.folder / "ombud-data" / f"{self.name}-module.yaml").read_text())

    def restart(self, _: str = "") -> None:
        """Synapse is ended and started with its settings."""
        self.server.kill()
        self.server.start()

    # --- the account ------------------------------------------------------------------------------

    def lacking(self, text: str) -> None:
        """The check says what is still missing; the account is there, and in the room."""
        printed = self._ran(text)
        self.check = text
        assert self.last.code == 1, printed
        assert f"there  the application service, as {self.account.id}\n" in printed
        assert f"there  {self.lobby}: joined\n" in printed
        assert f"lacks  {self.account.id} is an admin of the homeserver\n" in printed
        assert f"lacks  {self.lobby}: power level 100\n" in printed

    def given(self, text: str) -> None:
        """With the admin's token it gets what it lacked."""
        self.giving = text
        self.run(text)

    def complete(self, _: str = "") -> None:
        """Checked again, nothing lacks."""
        self.run(self.check)
        lines = self.last.printed.splitlines()
        assert lines
        assert [each for each in lines if not each.startswith("there  ")] == []

    # --- later ------------------------------------------------------------------------------------

    def inline(self, text: str) -> str:
        """Run the commands that a sentence names, all of which succeed; what they printed."""
        printed = ""
        for each in COMMAND.findall(text):
            self.run(each)
            printed += self.last.printed
        return printed

    def written_module(self) -> list[str]:
        """The rooms that the module's file names, beside ombud.toml."""
        text = (self.folder / "ombud-data" / f"{self.name}-module.yaml").read_text()
        rooms: list[str] = read_yaml(text)["modules"][0]["config"]["rooms"]
        return rooms

    def registration(self) -> dict[str, Any]:
        """What stands in the registration that Synapse reads."""
        return read_yaml((self.etc / f"{self.name}-appservice.yaml").read_text())

    def register(self, told: dict[str, Any]) -> None:
        """Write the registration that Synapse reads."""
        (self.etc / f"{self.name}-appservice.yaml").write_text(json.dumps(told))

    @property
    def module(self) -> dict[str, Any]:
        """The module's part of `homeserver.yaml`."""
        config: dict[str, Any] = self.server.settings["modules"][0]["config"]
        return config
