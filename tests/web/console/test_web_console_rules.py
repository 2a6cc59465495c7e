"""The rules' pages: who sees and does what, licences in words, modes, approval, history."""

from __future__ import annotations

import re
from typing import Any

import pytest

from flow.small_community import RULES
from ombud import rulefiles, session, staffing
from staff.at_the_entrance import PASSWORD
from web.console.staff_pages import Browser, said
from web.page_elements import Elements

WATCHING = RULES["bags.rule"].replace("mode    live", "mode    watch")


def come_in(browser: Browser, name: str, *roles: str) -> None:
    """Somebody more comes in, in another browser."""
    browser.forget()
    link = browser.place.add(name, *roles)
    assert browser.send(f"/link/{link}", {"password": PASSWORD}).status_code == 303


def put(browser: Browser, text: str, by: str = "Ana") -> None:
    """A rule's file as somebody puts it in force."""
    folder = browser.place.engine.folder / "rules"
    (folder / f"{rulefiles.called(text)}.rule").write_text(text)
    browser.place.engine.reload(by)


def hidden(page: Any, name: str) -> str:
    """A value that a form of the page carries."""
    return str(re.findall(rf'name="{name}" value="([^"]*)"', page.text)[0])


def act(browser: Browser, rule: str, do: str, **more: Any) -> Any:
    """A form of a rule's page."""
    page = browser.get(f"/rules/{rule}")
    fields = {"form": hidden(page, "form"), "do": do, "shown": "", **more}
    return browser.send(f"/rules/{rule}", fields)


def mode(browser: Browser, rule: str, wanted: str) -> Any:
    """The button for another mode."""
    shown = hidden(browser.get(f"/rules/{rule}"), "shown")
    return act(browser, rule, "mode", mode=wanted, shown=shown)


def test_everybody_reads_and_nobody_else(browser: Browser) -> None:
    """With what each rule may do by itself, in words, in both languages."""
    assert browser.get("/rules").headers["location"] == "/login"
    browser.first()
    come_in(browser, "Bình", "auditor")
    page = said(browser.get("/rules"))
    assert "bags live" in page
    assert "hold this: it has no licence for this, so it asks a person." in page
    assert "It was put in force at the command line" in page
    assert "One person stands behind it" in page
    assert "Drafts and paused rules" in page
    assert 'href="/rules/new"' not in browser.get("/rules").text
    assert "chưa có giấy phép" in said(browser.get("/rules?lang=vi"))
    page = browser.get("/rules/bags")
    assert '<span class="code-text">&#34;cheap bags&#34;</span>' in page.text
    assert 'name="do"' not in page.text
    assert browser.get("/rules/nothing").status_code == 404
    assert browser.get("/rules/..%2fx").status_code == 404
    assert browser.get("/rules/bags/edit").status_code == 403


def test_a_procedural_hold_is_told(browser: Browser) -> None:
    """Once holds are on: for how long, and how many a day."""
    browser.first()
    settings = browser.place.engine.folder / "ombud.toml"
    settings.write_text(settings.read_text() + "procedural_holds = true\n")
    browser.place.engine.reload("Ana")
    assert "by itself for up to 24 hours, as the published clause says" in said(
        browser.get("/rules/bags")
    )
    assert "At most 200 a day" in said(browser.get("/rules/bags"))


@pytest.mark.parametrize("role", ["auditor", "reviewer", "admin"])
def test_who_may_not_does_nothing(browser: Browser, role: str) -> None:
    """Forms that are sent all the same are refused, and nothing has changed."""
    browser.first()
    come_in(browser, "Bình", role)
    digest = browser.place.engine.writer.pipeline.community.active.digest
    token = browser.token()
    for do in ("mode", "renew", "approve", "begin labelling", "stop labelling"):
        fields = {"form": token, "do": do, "mode": "draft"}
        assert browser.send("/rules/bags", fields).status_code == 403
    assert browser.send("/rules/bags/history", {"form": token, "seq": "1"}).status_code == 403
    assert browser.send("/rules/new", {"form": token, "do": "save"}).status_code == 403
    assert browser.place.engine.writer.pipeline.community.active.digest == digest


def test_modes_by_their_buttons(browser: Browser) -> None:
    """A paused rule is among the drafts, and comes back."""
    browser.first()
    engine = browser.place.engine
    assert mode(browser, "bags", "watch").headers["location"] == "/rules/bags?done=rule+watch"
    assert "It watches until" in said(browser.get("/rules/bags"))
    assert mode(browser, "bags", "draft").status_code == 303
    assert "bags" not in engine.writer.pipeline.community.active.names
    page = browser.get("/rules/bags?done=rule+draft")
    assert "Paused" in said(page)
    assert "A draft: it judges nothing." in said(page)
    assert mode(browser, "bags", "live").status_code == 303
    assert "no such mode" in said(act(browser, "bags", "mode", mode="loud"))
    assert act(browser, "bags", "fly").status_code == 400


def test_somebody_else_approves(browser: Browser) -> None:
    """The author has no button, and is refused without one; so is another version."""
    browser.first()
    put(browser, WATCHING.replace("cheap bags", "cheap hats"))
    assert 'value="approve"' not in browser.get("/rules/bags").text
    assert "somebody else" in said(browser.get("/rules/bags"))
    assert "cannot be its second pair" in said(act(browser, "bags", "approve"))
    come_in(browser, "Bình", "author")
    page = browser.get("/rules/bags")
    version = hidden(page, "version")
    assert "Another version" in said(act(browser, "bags", "approve", version="0" * 12))
    assert act(browser, "bags", "approve", version=version).status_code == 303
    page = said(browser.get("/rules/bags?done=rule+approved"))
    assert "Two people stand behind this version." in page
    assert "Approved by Bình." in page
    assert "approved this version already" in said(act(browser, "bags", "approve", version=version))
    assert act(browser, "bags", "renew").headers["location"].endswith("done=rule+renewed")


def test_an_earlier_version_by_its_button(browser: Browser) -> None:
    """With what changed, and only where somebody may."""
    browser.first()
    before = (browser.place.engine.folder / "rules" / "bags.rule").read_text()
    put(browser, before.replace("cheap bags", "cheap hats"))
    page = browser.get("/rules/bags/history")
    assert "<del>-   text contains &#34;cheap bags&#34;</del>" in page.text
    assert "<ins>+   text contains &#34;cheap hats&#34;</ins>" in page.text
    assert "Put this version in force again" not in said(page)
    oldest = re.findall(r"\?version=(\d+)", page.text)[-1]
    page = browser.get(f"/rules/bags/history?version={oldest}")
    fields = {name: hidden(page, name) for name in ("form", "seq", "shown")}
    assert fields["seq"] == oldest
    assert browser.send("/rules/bags/history", {**fields, "shown": ""}).status_code == 422
    assert browser.send("/rules/bags/history", fields).status_code == 303
    assert (browser.place.engine.folder / "rules" / "bags.rule").read_text() == before
    assert browser.send("/rules/bags/history", {**fields, "seq": "9" * 30}).status_code == 400
    assert "never in force" in said(browser.send("/rules/bags/history", {**fields, "seq": "999"}))
    assert browser.get("/rules/nothing/history").status_code == 404


def test_labelling_needs_what_it_needs(browser: Browser) -> None:
    """Who is to label, and enough hits; each refusal in words."""
    browser.first()
    assert "It has none." in said(browser.get("/rules/bags"))
    assert "Nobody is named" in said(act(browser, "bags", "begin labelling"))
    page = act(browser, "bags", "begin labelling", labeller="Ana")
    assert "Too few hits" in said(page)
    assert "Nobody is labelling" in said(act(browser, "bags", "stop labelling"))


def test_what_is_told_of_a_file_that_was_edited(browser: Browser) -> None:
    """The page shows what is in force and says so; nothing comes in by the way."""
    browser.first()
    path = browser.place.engine.folder / "rules" / "bags.rule"
    path.write_text(path.read_text().replace("cheap bags", "cheap hats"))
    page = browser.get("/rules/bags")
    assert "something else than what is in force" in said(page)
    assert "cheap hats" not in said(page)
    assert "cheap hats" in said(browser.get("/rules/bags/edit"))


def test_hostile_words_in_a_rule(browser: Browser) -> None:
    """Escaped, and what cannot be seen is named."""
    browser.first()
    hostile = WATCHING.replace("A rule of the tests.", "<script>x</script> </pre><b>")
    hostile += "# </pre><img src=x> \n"
    put(browser, hostile)
    for path in ("/rules", "/rules/bags", "/rules/bags/history", "/rules/bags/edit"):
        counts = Elements(browser.get(path).text).counts()
        assert not {"img", "b"} & set(counts), path
        assert counts.get("script", 0) == (path == "/rules/bags/edit")


def test_a_certificate_is_told_of_its_rule(browser: Browser) -> None:
    """And the staff who could label are named by the form."""
    browser.first()
    staffing.change(browser.place.engine, "added", "Bình", "admin", roles=["reviewer"])
    page = browser.get("/rules/bags")
    assert 'name="labeller" value="Bình"' in page.text
    session.perform(browser.place.engine, "duty", {"begins": True, "by": "Ana"})
    assert '<option value="950">95 %</option>' in page.text
