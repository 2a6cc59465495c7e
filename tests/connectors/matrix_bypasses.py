"""Ways in which a message shows what its plain text does not say; each shows BAGS, or leads to
LINK. The sentences are harmless: what is tried is whether they are read.
"""

from __future__ import annotations

from typing import Any

BAGS, LINK = "cheap bags", "http://evil.example/x"
POLL = "org.matrix.msc3381.poll.start"
FORMAT = "org.matrix.custom.html"
PROFILE, PREVIEWS = "com.beeper.per_message_profile", "com.beeper.linkpreviews"
FILE = "mxc://hs.example/abc"

Content = dict[str, Any]


def text(body: str, **more: Any) -> Content:
    """A text message."""
    return {"msgtype": "m.text", "body": body, **more}


def formatted(body: str, written: str) -> Content:
    """One with formatted text."""
    return text(body, format=FORMAT, formatted_body=written)


def edit(new: Content, first: str, outer: Content) -> Content:
    """An edit of a message."""
    relation = {"rel_type": "m.replace", "event_id": first}
    return {**outer, "m.new_content": new, "m.relates_to": relation}


def _old(words: str) -> Content:
    return {"org.matrix.msc1767.text": words}


def _new(words: str) -> Content:
    return {"m.text": [{"body": words}]}


def _poll(part: Content, answer: Content) -> Content:
    kind = "org.matrix.msc3381.poll.disclosed"
    return {"question": part, "answers": [{"id": "1", **answer}], "kind": kind}


_HARMLESS = _poll(_new("hi"), _new("a"))
_BAD = _poll(_old("hi"), _old(BAGS))


def in_messages(first: str) -> dict[str, Content]:
    """Messages that show BAGS. `first`: the event that is edited or answered."""
    reply = {"m.relates_to": {"m.in_reply_to": {"event_id": first}}}
    return {
        "plain": text(f"{BAGS} here"),
        "same letters": formatted("che.ap ba.gs", BAGS),
        "same letters, other spaces": formatted("cheapbags", BAGS),
        "marks inside of words": formatted("che**ap** ba_gs_", "che<b>ap</b> ba<i>gs</i>"),
        "marks that are shown as bold": formatted("cheap **bags**", "cheap <b>bags</b>"),
        "a comma in the plain text": formatted("cheap, bags", BAGS),
        "lines in the plain text": formatted("- cheap\n- bags", f"<p>{BAGS}</p>"),
        "a sign inside of a line": formatted("cheap> bags", f"<ul><li>{BAGS}</li></ul>"),
        "behind much that is read twice": edit(
            formatted("x", f'x<img alt="{"a" * 30_000}">x<!--<i title="{"b" * 9_000}">-->'),
            first,
            text(BAGS),
        ),
        "quotes in the plain text": formatted("cheap\n> bags", "<p>cheap</p><p>bags</p>"),
        "plain text that is not shown": formatted(BAGS, "good morning"),
        "plain text with dots where it is shown": formatted(BAGS, "che.ap ba.gs"),
        "another format": {**formatted("x", BAGS), "format": "text/html"},
        "a comment": formatted("x", f"x<!-- {BAGS} -->"),
        "a picture's name": formatted("x", f'x<img src="{FILE}" alt="{BAGS}">'),
        "a spoiler's reason": formatted("x", f'<span data-mx-spoiler="{BAGS}">x</span>'),
        "a long number": formatted("x", "&#" + "1" * 5000 + f"; {BAGS}"),
        "a quoted block": text(f"> <@x:y> {BAGS}\n\nhello", **reply),
        "a quoted block, formatted": {
            **formatted("hello", f"<mx-reply><blockquote>{BAGS}</blockquote></mx-reply>hello"),
            **reply,
        },
        "a file's name": {
            "msgtype": "m.file",
            "body": "hi",
            "filename": f"{BAGS}.pdf",
            "url": FILE,
        },
        "an extensible text": {**text("hi"), **_old(BAGS)},
        "a place": {
            **text("here", geo_uri="geo:1,2"),
            "msgtype": "m.location",
            "org.matrix.msc3488.location": {"uri": "geo:1,2", "description": BAGS},
        },
        "a list for a kind": text(BAGS, **{"m.new_content": {"msgtype": ["m.text"]}}),
        "words in a gallery": text("hi", itemtypes=[text("one"), formatted("two", BAGS)]),
        "a name for one message": text("hi", **{PROFILE: {"id": "x", "displayname": BAGS}}),
        "a preview of a link": text("hi", **{PREVIEWS: [{"og:title": BAGS}]}),
        "more than a point": text("here", geo_uri=f"geo:1,2? {BAGS}"),
        "the outside of an edit": edit(text("hi"), first, text(f"* {BAGS}")),
        "an edit": edit(text(BAGS), first, text("* hi")),
        "an edit's formatted text": edit(formatted("hi", BAGS), first, text("* hi")),
    }


def in_polls(first: str) -> dict[str, Content]:
    """Polls that show BAGS. `first`: the poll that is edited."""
    both = _poll({**_new("hi"), **_old(BAGS)}, _new("a"))
    return {
        "an answer": {POLL: _BAD},
        "a poll in both forms": {"m.poll": _HARMLESS, POLL: _BAD},
        "a question in both forms": {POLL: both},
        "the text for others": {POLL: _HARMLESS, **_old(BAGS)},
        "HTML": {POLL: _HARMLESS, "org.matrix.msc1767.html": f"<p>{BAGS}</p>"},
        "an edited poll": edit({POLL: _BAD}, first, {POLL: _HARMLESS}),
        "the outside of an edited poll": edit({POLL: _HARMLESS}, first, {POLL: _BAD}),
    }


def in_topics() -> dict[str, Content]:
    """Topics that show BAGS."""
    topic = {"m.topic": _new(BAGS)}
    html = {"m.topic": {"m.text": [{"mimetype": "text/html", "body": f"<b>cheap</b> {BAGS[6:]}"}]}}
    return {
        "plain": {"topic": BAGS},
        "both": {"topic": "ok", **topic},
        "the other": {"topic": "", **topic},
        "HTML": {"topic": "ok", **html},
    }


def with_links() -> dict[str, Content]:
    """Messages that lead to LINK."""
    anchors = {
        "plain": f'<a href="{LINK}">here</a>',
        "without quotes": f"<a href={LINK}>here</a>",
        "a slash": f'<a/href="{LINK}">here</a>',
        "data-href first": f'<a data-href="" href="{LINK}">here</a>',
        "a good data-href": f'<a data-href="https://matrix.to/#/@a:b" href="{LINK}">here</a>',
        "a sign in an attribute": f'<a title=">" href="{LINK}">here</a>',
        "matrix.to in the query": f'<a href="{LINK}?matrix.to/#/">here</a>',
        "matrix.to as a name": '<a href="https://matrix.to@evil.example/#/@a:b">here</a>',
        "matrix.to with a backslash": r'<a href="https://evil.example\@matrix.to/#/@a:b">here</a>',
        "matrix.to elsewhere": '<a href="https://matrix.to.evil.example/#/@a:b">here</a>',
        "behind many mentions": "".join(
            f'<a href="https://matrix.to/#/@a{n}:b">{n}</a> ' for n in range(300)
        )
        + f'<a href="{LINK}">here</a>',
        "behind many that lead nowhere": "".join(f'<a href="#{n}">x</a>' for n in range(300))
        + f'<a href="{LINK}">here</a>',
        "no slashes": '<a href="http:evil.example/x">here</a>',
        "a break": '<a href="ht\ntp://evil.example/x">here</a>',
        "inside of a comment": f"<!--><a href={LINK}>here</a>",
    }
    messages = {name: formatted("see here", f"see {each}") for name, each in anchors.items()}
    return {
        **messages,
        "a preview": text("see here", **{PREVIEWS: [{"matched_url": LINK}]}),
        "same letters": formatted("see http evil example x", f"see {LINK}"),
        "in plain text": text(f"see {LINK}"),
        "below another text": formatted(f"see {LINK}", "see here"),
    }
