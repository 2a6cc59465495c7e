"""Take a picture of every page of the console, of a community made for it, and list them.

    python docs/screenshots.py         writes docs/console/*.png and docs/console/index.md

The pages and the community are those that the browser tests look at (`tests/browser`), hostile
content included. Pictures are taken in English and light, and in Vietnamese and dark. This program
must never show a real community.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path
from typing import Literal

from PIL import Image

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))


from browser.chromium import Pages, installed, started  # noqa: E402 -- the path is set above
from browser.every_page import SHOWN, Shown  # noqa: E402
from browser.lived_in import House, lived_in  # noqa: E402

PICTURES = HERE / "console"
LIST = PICTURES / "index.md"
LOOKS: tuple[tuple[str, Literal["light", "dark"]], ...] = (("en", "light"), ("vi", "dark"))
WIDTH, HEIGHT_MAX = 1280, 1600  # CSS pixels; of a longer page only the beginning is shown
COLOURS = 64  # of a picture: text on plain colours needs no more

ABOUT = """\
# The console in pictures

<!-- Written by docs/screenshots.py: change the program, then run `make pictures`. -->

Every page of the console, as `python docs/screenshots.py` takes it: of a made-up community in which
strangers have tried what they could. Left in English and light, right in Vietnamese and dark.
"""


def file_name(shown: Shown, lang: str, theme: str) -> str:
    """What the picture of a page is called."""
    return f"{shown.name.replace(' ', '-')}-{lang}-{theme}.png"


def list_page() -> str:
    """The page that shows all pictures."""
    parts = [
        f"## {shown.name.capitalize()}\n\n`{shown.route()}`\n\n"
        + "\n".join(
            f"![{shown.name}, {lang}, {theme}]({file_name(shown, lang, theme)})"
            for lang, theme in LOOKS
        )
        for shown in SHOWN
    ]
    return "\n\n".join([ABOUT.strip(), *parts]) + "\n"


def _small(png: bytes) -> bytes:
    """A picture with few colours, and of bounded height."""
    with Image.open(io.BytesIO(png)) as found:
        top = found.convert("RGB").crop((0, 0, found.width, min(found.height, HEIGHT_MAX)))
    out = io.BytesIO()
    top.quantize(COLOURS).save(out, "PNG", optimize=True)
    return out.getvalue()


def _take(pages: Pages, house: House, lang: str, theme: Literal["light", "dark"]) -> None:
    """All pages in one language and theme, each as whoever goes there."""
    for who in dict.fromkeys(each.who for each in SHOWN):
        view = pages(color_scheme=theme, locale=lang, viewport=(WIDTH, 900))
        if who:
            house.log_in(view, who)
        for shown in (each for each in SHOWN if each.who == who):
            view.goto(shown.address(house))
            picture = _small(view.screenshot(full_page=True))
            (PICTURES / file_name(shown, lang, theme)).write_bytes(picture)


def main() -> None:
    """Take them all."""
    chromium = installed()
    if chromium is None:
        sys.exit("There is no Chromium. `make test` says how to install it.")
    PICTURES.mkdir(exist_ok=True)
    for old in PICTURES.glob("*.png"):
        old.unlink()
    with (
        tempfile.TemporaryDirectory() as folder,
        lived_in(Path(folder) / "house") as house,
        started(chromium) as browser,
    ):
        pages = Pages(browser)
        for lang, theme in LOOKS:
            _take(pages, house, lang, theme)
        pages.close()
    LIST.write_text(list_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
