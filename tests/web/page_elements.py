"""What a page is made of, read as a browser would: its elements, its text, its links."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser


class Elements(HTMLParser):
    """The elements of a page in order, with their attributes, and all of its text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.starts: list[tuple[str, dict[str, str | None]]] = []
        self.ends: list[str] = []
        self.text = ""
        self.others: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element."""
        self.starts.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Keep its end."""
        self.ends.append(tag)

    def handle_data(self, data: str) -> None:
        """Keep text."""
        self.text += data

    def handle_comment(self, data: str) -> None:
        """Keep what should not be there."""
        self.others.append(data)

    def handle_decl(self, decl: str) -> None:
        """Keep a declaration."""
        self.others.append(decl)

    def unknown_decl(self, data: str) -> None:
        """Keep what should not be there."""
        self.others.append(data)

    def shape(self) -> list[tuple[str, tuple[str, ...]]]:
        """The elements in order, each with the names of its attributes."""
        return [(tag, tuple(sorted(attributes))) for tag, attributes in self.starts]

    def counts(self) -> Counter[str]:
        """How many of each element there are."""
        return Counter(tag for tag, _ in self.starts)

    def values(self, tag: str, attribute: str) -> list[str]:
        """One attribute of all elements of a name."""
        return [found.get(attribute) or "" for name, found in self.starts if name == tag]
