"""The documents point only at what is there: links, files, and code named by ARCHITECTURE.md."""

from __future__ import annotations

import hashlib
import importlib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import ombud
from ombud import track
from ombud.signals.lists import reading
from ombud.web.console.places import PLACES

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "ombud"
BUILT = ROOT / "docs" / "_build"
PAGES = sorted(
    page
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    if BUILT not in page.parents
)
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"[\w-]+(?:/[\w-]+)*(?:\.py|\.sql|/)")
DOTTED = re.compile(r"[a-z_]+(?:\.[A-Za-z_]+)+")
LICENCE_SHA256 = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"


def prose(page: Path) -> str:
    """A page without its blocks of code."""
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    """The names by which a page's headings can be linked to."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


def broken(page: Path) -> Iterator[str]:
    """The relative links of a page that lead nowhere."""
    for link in LINK.findall(prose(page)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            yield f"{page.relative_to(ROOT)}: {link}"


def missing(name: str) -> bool:
    """Whether a name written as code should be something of this program and is not there."""
    if FILE.fullmatch(name):
        return not any((base / name).exists() for base in (SOURCE, ROOT, SOURCE / "store"))
    if DOTTED.fullmatch(name) and not name.endswith((".toml", ".db", ".keys", ".sock", ".md")):
        first, *rest = name.split(".")
        if not (SOURCE / f"{first}.py").exists() and not (SOURCE / first).is_dir():
            return False  # a fact such as `author.age`
        found: object = importlib.import_module(f"{ombud.__name__}.{first}")
        path = first
        for part in rest:
            path += f".{part}"
            if (
                not hasattr(found, part)
                and (SOURCE / path.replace(".", "/")).with_suffix(".py").exists()
            ):
                found = importlib.import_module(f"{ombud.__name__}.{path}")
            elif hasattr(found, part):
                found = getattr(found, part)
            else:
                return True
    return False


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    """Each relative link points to a file that is there, and to a heading in it."""
    assert not list(broken(page))


@pytest.mark.parametrize("name", ["ARCHITECTURE.md", "STYLE.md"])
def test_every_piece_of_code_that_is_named_exists(name: str) -> None:
    """Files, modules, classes and functions that a document names are in the program."""
    named = CODE.findall(prose(ROOT / name))
    assert not [each for each in named if missing(each)]


def test_a_missing_piece_of_code_is_noticed() -> None:
    """The check tells a file, a function or a method that is not there from one that is."""
    assert missing("nowhere.py")
    assert missing("pipeline.Pipeline.guess")
    assert missing("cli/nothing.py")
    assert not missing("pipeline.Pipeline.settle")
    assert not missing("rules.plan.compile_plan")
    assert not missing("author.age")


def test_every_module_beside_the_design_is_explained() -> None:
    """Each module at the top of the package is named in ARCHITECTURE.md."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    modules = [path for path in SOURCE.glob("*.py") if path.stem != "__init__"]
    assert not [path.name for path in modules if f"`{path.name}`" not in text]


def test_every_place_of_the_console_is_explained() -> None:
    """Where the staff can go is named in the how-to, with what it is for."""
    text = (ROOT / "docs" / "how-to" / "work-at-the-console.md").read_text(encoding="utf-8")
    assert not [place.path for place in PLACES if f"| `{place.path}` |" not in text]


@pytest.mark.parametrize("folder", ["how-to", "explanation"])
def test_every_page_is_led_to(folder: str) -> None:
    """Each how-to and explanation is linked from another document."""
    found = []
    for page in (ROOT / "docs" / folder).glob("*.md"):
        others = (each.read_text(encoding="utf-8") for each in PAGES if each != page)
        if not any(f"{page.name})" in text or f"{page.name}#" in text for text in others):
            found.append(page.name)
    assert not found


def test_every_dependency_is_explained() -> None:
    """Each package that Ombud needs to run is named in ARCHITECTURE.md, with its reason."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    table = (
        (ROOT / "ARCHITECTURE.md")
        .read_text(encoding="utf-8")
        .partition("## The parts we stand on")[2]
    )
    names = [re.split(r"[<>=]", each)[0] for each in project["dependencies"]]
    assert not [name for name in names if name not in table]


def test_the_licence_is_complete_and_unmodified() -> None:
    """LICENSE is the text of the Apache License 2.0 as its authors publish it."""
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == LICENCE_SHA256


def test_the_page_of_lists_says_the_program_s_bounds() -> None:
    """Bounds and thresholds of lists stand on their page as they stand in the program."""
    text = (ROOT / "docs" / "reference" / "lists.md").read_text(encoding="utf-8")
    flat = " ".join(text.split())
    for said in (
        f"at least {track.MATCHES_MIN} matches within",
        f"by at least {track.PEOPLE_MIN} different people",
        f"over the last {track.USUAL_DAYS} days",
        f"{track.PEOPLE_MAX:,} are told apart",
        f"{reading.ENTRIES_MAX:,}",
    ):
        assert said in flat, said
