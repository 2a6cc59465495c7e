"""What others made and we test with, in folders called `vendor`."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TESTED_WITH = ROOT / "tests" / "browser" / "vendor"
SHIPPED = ROOT / "src" / "ombud" / "web" / "static" / "vendor"
# The hashes of the scripts as published, so that a file and its list cannot change together.
PUBLISHED = {
    # axe-core 4.14.1, the same as in the package's own sri-history.json
    TESTED_WITH / "axe.min.js": "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c",
    # htmx 4.0.1, as the archive htmx.org-4.0.1.tgz of the npm registry has it
    SHIPPED / "htmx.min.js": "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130",
}


def listed(folder: Path) -> dict[str, str]:
    """The files of a folder with their hashes, as its list in the format of sha256sum tells."""
    lines = (folder / "SHA256").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("  ") for line in lines if not line.startswith("#")]
    return {name: digest for digest, name in pairs}


def hashed(path: Path) -> str:
    """The SHA-256 of a file in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.name)
def test_vendored_scripts_are_the_published_ones(path: Path) -> None:
    """A vendored script is byte for byte what its authors published."""
    assert hashed(path) == PUBLISHED[path]


@pytest.mark.parametrize("folder", [TESTED_WITH, SHIPPED], ids=("tested with", "shipped"))
def test_every_vendored_file_is_listed(folder: Path) -> None:
    """The list beside vendored files names each of them, with a licence, and nothing else."""
    found = {path.name: hashed(path) for path in folder.iterdir() if path.name != "SHA256"}
    assert found == listed(folder)
    assert "LICENSE" in found
