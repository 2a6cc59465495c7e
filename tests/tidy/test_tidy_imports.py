"""Imports: the layers are held, and what is heavy is loaded only where it is used."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib

from tidy.source_tree import ROOT, SOURCE, report, text

HEAVY = (
    "ahocorasick_rs",
    "apsw",
    "asyncio",
    "can_ada",
    "cryptography",
    "httpcore2",
    "jinja2",
    "litestar",
    "prometheus_client",
    "publicsuffixlist",
    "re2",
    "rich",
    "uvicorn",
    "zstandard",
)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def loaded(program: str) -> set[str]:
    """The top-level modules that a fresh Python holds after running a program."""
    ending = (
        "\nimport json, sys\nprint(json.dumps(sorted({n.partition('.')[0] for n in sys.modules})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program + ending], capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_importing_ombud_loads_nothing_heavy() -> None:
    """`import ombud` costs next to nothing: no third-party module at all."""
    found = sorted(loaded("import ombud") & {*HEAVY, "click", "msgspec"})
    assert not found, report("Loaded by `import ombud`:", found)


def test_asking_for_help_loads_nothing_heavy() -> None:
    """`ombud --help` loads no library that only the work behind a command needs."""
    program = "from ombud.cli import main\nmain(['--help'], standalone_mode=False)"
    found = sorted(loaded(program) & set(HEAVY))
    assert not found, report("Loaded by `ombud --help`:", found)


def layers() -> set[str]:
    """The modules named by the contract on layers."""
    contracts = PROJECT["tool"]["importlinter"]["contracts"]
    named = [each for contract in contracts for each in contract.get("layers", ())]
    return {part.strip(" ()") for row in named for part in re.split("[|:]", row)}


def test_every_module_has_its_layer() -> None:
    """No module at the top of the package escapes the contract on import directions."""
    there = {
        f"ombud.{path.stem}"
        for path in SOURCE.iterdir()
        if (path.suffix == ".py" and path.stem != "__init__") or (path / "__init__.py").exists()
    }
    found = sorted(there - layers())
    assert not found, report("Modules without a layer in pyproject.toml:", found)


def test_layers_are_checked_by_make() -> None:
    """The contract runs with every `make check`, and `make test` runs the checks first."""
    makefile = text(ROOT / "Makefile")
    assert "lint-imports" in makefile.partition("\ncheck:")[2].partition("\n\n")[0]
    assert re.search(r"^test:.*\bcheck\b", makefile, re.MULTILINE)
