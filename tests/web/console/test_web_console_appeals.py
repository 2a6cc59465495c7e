"""The pages of appeals: clocks in words, what can be decided by whom, previews, hostile words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from flow.case_desk import copies
from flow.small_community import line
from ombud import session, staffing
from ombud.appeals import DUE
from ombud.clock import DAY, HOUR
from ombud.controls import staff
from ombud.staff import people
from ombud.staff.roles import ROLES
from web.console.appeal_desk import JUDGE, REVIEWER, AppealDesk, appeal_desk
from web.console.staff_pages import said
from web.page_elements import Elements
from web.pretend_community import HOSTILE


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[AppealDesk]:
    """A community in which Chi decides appeals."""
    with appeal_desk(tmp_path) as found:
        yield found


def test_the_list_tells_the_clocks_in_words(desk: AppealDesk) -> None:
    """What waits, how long still; then how long it is overdue; decided ones on the other page."""
    assert "No appeal waits." in said(desk.browser.get("/appeals"))
    made = desk.appeal(desk.held())
    page = said(desk.browser.get("/appeals"))
    assert "None is overdue." in page
    assert "1 week left" in page
    assert "The rule bags decided by itself." in page
    assert f'href="/appeals/{made}"' in desk.browser.get("/appeals").text
    desk.browser.place.clock.at += DUE + 2 * DAY + HOUR
    desk.browser.log_in("Chi")
    page = said(desk.browser.get("/appeals?lang=vi"))
    assert "Quá hạn: 1." in page
    assert "quá hạn 2 ngày" in page
    assert "No appeal has been decided yet." in said(desk.browser.get("/appeals?state=decided"))
    assert desk.send(made, "decide", outcome="uphold").status_code == 303
    assert "No appeal waits." in said(desk.browser.get("/appeals"))
    assert "the decision stands" in said(desk.browser.get("/appeals?state=decided"))


@pytest.mark.parametrize("role", [each for each in ROLES if "appeals" not in ROLES[each]])
def test_they_are_for_those_who_decide_appeals(desk: AppealDesk, role: str) -> None:
    """Nobody else reads what a person wrote, or decides it; a stranger is sent to log in."""
    made = desk.appeal(desk.held(), "a word in confidence")
    desk.come_in("Dung", role)
    assert 'href="/appeals"' not in desk.browser.get("/me").text
    for path in ("/appeals", f"/appeals/{made}"):
        page = desk.browser.get(path)
        assert page.status_code == 403
        assert "confidence" not in page.text
    assert desk.send(made, "decide", outcome="uphold").status_code == 403
    desk.browser.forget()
    assert desk.browser.get(f"/appeals/{made}").headers["location"] == "/login"
    assert desk.engine.store.one("appeal", (made,))[3] == "open"


def test_one_page_tells_all_that_it_takes(desk: AppealDesk) -> None:
    """The decision as it was told, the person's words, the content as it was sealed, who may."""
    made = desk.appeal(desk.held(), "It was a quotation.")
    page = said(desk.browser.get(f"/appeals/{made}"))
    for part in (
        "It was a quotation.",
        "cheap bags",
        "waits for a person to look at it",
        "As the person was told it.",
        "The rule bags decided by itself; whoever wrote it stands behind it.",
        "You had no part in this decision: you may decide the appeal.",
        "Kept while this is open.",
    ):
        assert part in page, part
    assert "Bạn không tham gia quyết định này" in said(desk.browser.get(f"/appeals/{made}?lang=vi"))
    for wrong in ("app_none", "x" * 300, "%3Cscript%3E", "%00"):
        page = desk.browser.get(f"/appeals/{wrong}")
        assert page.status_code == 404
        assert "script>" not in page.text
        assert desk.send(wrong, "decide", outcome="uphold").status_code == 404


def test_what_they_will_read_is_shown_first(desk: AppealDesk) -> None:
    """In both languages, theirs first, with what they read where one is missing; nothing is sent,
    and what was written is still in the form.
    """
    told = desk.held(author={"id": "lan", "lang": "vi"})
    made = desk.appeal(told)
    page = desk.send(made, "preview", outcome="uphold", text_en="It was an <b>advert</b>.")
    assert page.status_code == 200
    text = said(page)
    assert text.index("What they will read in Tiếng Việt") < text.index("will read in English")
    assert "You appealed. A person has looked at it again, and the decision stands:" in text
    assert "Một người đã xem lại, và quyết định giữ nguyên:" in text
    assert "Answer by the community’s staff (reviewer of appeals)" in text
    assert "Trả lời của người phụ trách (người xét khiếu nại)" in text
    assert "There is no answer in this language: they read the other one." in text
    assert "It was an &lt;b&gt;advert&lt;/b&gt;.</textarea>" in page.text
    assert 'value="uphold" checked' in page.text
    item = desk.doors.statement_page(desk.token(told)).items[0]  # type: ignore[union-attr]
    assert (item.appeals[0].state, item.appeals[0].messages) == ("open", ())


def test_an_answer_is_sent_without_deciding(desk: AppealDesk) -> None:
    """It stands on the person's page, by role and never by name, in the language they read."""
    told = desk.held()
    made = desk.appeal(told)
    sent = {"text_en": "Of what was it a quotation?", "text_vi": "Bạn trích từ đâu?"}
    assert desk.send(made, "answer", **sent).headers["location"].endswith("done=appeal+answered")
    page = said(desk.browser.get(f"/appeals/{made}?done=appeal+answered"))
    assert "Your answer stands on their page" in page
    assert "Chi, as reviewer of appeals" in page
    for lang, words in (("en", "Of what was it"), ("vi", "Bạn trích từ đâu?")):
        public = said(desk.browser.get(f"/notice/{desk.token(told)}?lang={lang}"))
        assert words in public
        assert "Chi" not in public
    assert "no answer to send" in said(desk.send(made, "answer", text_en=" "))
    page = desk.send(made, "answer", text_en="x" * 4001)
    assert page.status_code == 422
    assert "too long" in said(page)
    assert "x" * 4001 in page.text


def test_a_reversal_restores_and_is_told(desk: AppealDesk) -> None:
    """The decision is undone, the page of its person says so, and nobody decides it again."""
    told = desk.held()
    made = desk.appeal(told)
    answer = desk.send(made, "decide", outcome="reverse", text_en="You were right.")
    assert answer.headers["location"] == f"/appeals/{made}?done=appeal+reversed"
    page = said(desk.browser.get(answer.headers["location"]))
    assert "what it restricted is restored" in page
    assert "the decision was taken back" in page
    assert "by Chi, as reviewer of appeals." in page
    public = said(desk.browser.get(f"/notice/{desk.token(told)}"))
    assert "you were right: the decision was taken back" in public
    assert "You were right." in public
    late = desk.send(made, "decide", outcome="uphold")
    assert late.status_code == 422
    assert "Somebody has decided it meanwhile." in said(late)


def test_in_part_needs_something_milder(desk: AppealDesk) -> None:
    """Nothing chosen, or what is not milder, is refused in words; what was typed stays."""
    made = desk.appeal(desk.held())
    assert "how it ends" in said(desk.send(made, "decide"))
    page = desk.send(made, "decide", outcome="partial", text_en="Half.")
    assert "nothing says what stands instead" in said(page)
    assert "Half.</textarea>" in page.text
    wrong = desk.send(made, "decide", outcome="partial", act="suspend on author", hours="3")
    assert wrong.status_code == 422
    bare = desk.send(made, "decide", outcome="partial", act="label on this")
    assert "needs a text" in said(bare)
    done = desk.send(made, "decide", outcome="partial", act="label on this", label="An advert")
    assert done.headers["location"].endswith("done=appeal+partial")
    page = said(desk.browser.get(f"/appeals/{made}"))
    assert "In its place stands: label." in page
    made = desk.appeal(desk.held("bo"))
    shorter = {"outcome": "partial", "act": "hold on this"}
    assert desk.send(made, "decide", hours="48", **shorter).status_code == 422
    assert desk.send(made, "decide", hours="2", **shorter).status_code == 303


def test_nobody_upholds_what_they_decided_and_is_told_before(desk: AppealDesk) -> None:
    """The page offers the reversal alone and says why; a form sent all the same is refused; alone
    it can be reconsidered, by a tick of its own.
    """
    desk.come_in("Mai", "reviewer", "appeals reviewer")
    staffing.change(desk.engine, "suspended", JUDGE, "admin")
    staffing.change(desk.engine, "roles", "Ana", "admin", roles=["admin"])
    told = desk.held()
    (case,) = desk.engine.store.connection.execute("SELECT id FROM review_case").fetchone()
    act = [{"action": "limit", "length": 3_600_000_000}]
    done = desk.work("decide case", "Mai", case=case, outcome="uphold", acts=act)
    desk.browser.place.clock.at += 11_000_000
    made = desk.appeal(told, decision=done["decisions"][0])
    page = desk.browser.get(f"/appeals/{made}")
    assert "there is nobody else who may decide it" in said(page)
    assert 'name="alone" value="yes"' in page.text
    assert "You stand behind the decision" in said(desk.send(made, "decide", outcome="uphold"))
    staffing.change(desk.engine, "restored", JUDGE, "admin")
    page = desk.browser.get(f"/appeals/{made}")
    assert re.findall(r'name="outcome" value="(\w+)"', page.text) == ["reverse"]
    assert "You had a part in this: you decided," in said(page)
    for alone in ("yes", ""):
        refused = desk.send(made, "decide", outcome="uphold", alone=alone)
        assert refused.status_code == 422
    assert desk.send(made, "decide", outcome="reverse").status_code == 303


def test_those_of_a_campaign_are_decided_alike(desk: AppealDesk) -> None:
    """Ticked beforehand, but for those that stand apart; what is unticked stays open."""
    answers = desk.engine.submit([line(each) for each in copies(4)])
    rows = desk.engine.store.connection.execute("SELECT id FROM decision ORDER BY about")
    made = []
    for number, row in enumerate(rows.fetchall()[:3]):
        desk.browser.place.clock.at += 1_000_000
        made.append(desk.appeal(answers[-1], f"Words of {number}", row[0]))
    assert "3 people appeal about the same campaign" in said(desk.browser.get("/appeals"))
    desk.engine.store.connection.execute(
        "UPDATE case_subject SET apart = 'reply' WHERE id = (SELECT review FROM appeal LIMIT 1)"
        " AND decision = (SELECT decision FROM appeal WHERE id = ?)",
        (made[2],),
    )
    page = desk.browser.get(f"/appeals/{made[0]}")
    assert re.findall(r'name="other" value="([\w-]+)"( checked)?', page.text) == [
        (made[1], " checked"),
        (made[2], ""),
    ]
    assert "Words of 2" in said(page)
    assert "a reply, which may object" in said(page)
    assert desk.send(made[0], "decide", outcome="reverse", other=[made[1]]).status_code == 303
    states = [desk.engine.store.one("appeal", (each,))[3] for each in made]
    assert states == ["answered", "answered", "open"]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_break_no_page(desk: AppealDesk, words: str) -> None:
    """In the post, in the appeal and in the answer: the page has the elements of a plain one."""
    plain = desk.appeal(desk.held("plain"), "Plain.")
    pages = []
    for made, text in (
        (plain, "Plain."),
        (
            desk.appeal(
                desk.held("bo", text="cheap bags " + words.replace("\ud800", "")), words[:4000]
            ),
            words,
        ),
    ):
        sent = text.encode("utf-8", "replace").decode()[:4000]
        answer = {"text_en": sent, "text_vi": sent, "outcome": "uphold"}
        source = desk.send(made, "preview", **answer).text
        pages.append(Elements(source))
    for each in pages:
        counts = each.counts()
        assert (counts["script"], counts["img"]) == (2, 0)  # our own, in the head
        assert not each.others[1:]
    longer = {"p"} if len(words) > 4000 else set()  # it is said how much is left out
    assert set(pages[1].counts() - pages[0].counts()) <= longer
    shown = re.sub(r"<textarea.*?</textarea>", "", source, flags=re.DOTALL)
    assert "\u202e" not in shown


def test_a_megabyte_is_cut(desk: AppealDesk) -> None:
    """The page says how much it leaves out."""
    made = desk.appeal(desk.held(text="cheap bags " + "x" * 20_000), "x" * 4000)
    page = desk.browser.get(f"/appeals/{made}")
    assert len(page.text) < 60_000
    assert "more characters are left out here" in said(page)


def test_reading_changes_nothing(desk: AppealDesk) -> None:
    """And a form without its token, or from elsewhere, does nothing."""
    made = desk.appeal(desk.held())
    before = desk.engine.store.one("last_record")
    for path in ("/appeals", "/appeals?state=decided", f"/appeals/{made}?outcome=uphold&do=decide"):
        assert desk.browser.get(path).status_code == 200
    assert desk.send(made, "preview", outcome="uphold").status_code == 200
    path, fields = f"/appeals/{made}", {"do": "decide", "outcome": "reverse"}
    assert desk.browser.send(path, fields).status_code == 403
    token = desk.browser.token()
    elsewhere = {"sec-fetch-site": "cross-site"}
    assert desk.browser.send(path, {"form": token, **fields}, headers=elsewhere).status_code == 403
    assert desk.send(made, "dance").status_code == 400
    assert desk.browser.send("/appeals", {"form": token}).status_code == 405
    assert desk.engine.store.one("last_record") == before


def test_a_reversal_voids_what_stood_against_somebody(desk: AppealDesk) -> None:
    """The case of their next post says that one finding stands against them, then none."""
    told = desk.held()
    case = desk.engine.store.connection.execute("SELECT id FROM review_case").fetchone()[0]
    act = [{"action": "limit", "length": 3_600_000_000}]
    done = desk.work("decide case", REVIEWER, case=case, outcome="uphold", acts=act)
    desk.browser.place.clock.at += 11_000_000
    desk.held()
    query = "SELECT id FROM review_case WHERE closed IS NULL"
    later = desk.engine.store.connection.execute(query).fetchone()[0]
    made = desk.appeal(told, decision=done["decisions"][0])
    desk.come_in("Mai", "reviewer", "appeals reviewer")
    assert "one finding stands against them" in said(desk.browser.get(f"/cases/{later}"))
    assert desk.send(made, "decide", outcome="reverse").status_code == 303
    assert "Nothing stands against them" in said(desk.browser.get(f"/cases/{later}"))
    assert "chưa có vi phạm nào còn tính" in said(desk.browser.get(f"/cases/{later}?lang=vi"))


def test_what_the_same_judgement_decided_besides_is_told(desk: AppealDesk) -> None:
    """A warning that was given with a removal stays when the removal is taken back: whoever decides
    the appeal sees it before and after, and by which name it can be taken back too.
    """
    told = desk.held()
    case = desk.engine.store.connection.execute("SELECT id FROM review_case").fetchone()[0]
    acts = [{"action": "remove"}, {"action": "warn", "on": "author"}]
    done = desk.work("decide case", REVIEWER, case=case, outcome="uphold", acts=acts)
    by_action = {desk.engine.store.one("decision", (each,))[9]: each for each in done["decisions"]}
    removed, warned = by_action["remove"], by_action["warn"]
    desk.browser.place.clock.at += 11_000_000
    made = desk.appeal(told, decision=removed)
    for _ in range(2):
        page = desk.browser.get(f"/appeals/{made}")
        assert "The same judgement also decided this" in said(page)
        assert f"warning ({warned})" in said(page)
        desk.send(made, "decide", outcome="reverse")
    assert "the decision was taken back" in said(page)
    session.perform(desk.engine, "undo", {"ids": [warned], "by": "admin"})
    assert "The same judgement" not in said(desk.browser.get(f"/appeals/{made}"))


def test_nobody_is_offered_to_decide_about_their_own_account(desk: AppealDesk) -> None:
    """The page says so in place of the outcomes, and what is sent all the same is refused."""
    chi = desk.engine.credentials.token_of(people.called(JUDGE))
    account = {"platform": "chat", "account": "ana"}
    desk.engine.control(staff.asked("bound", chi, chi, **account))
    made = desk.appeal(desk.held("ana"))
    page = desk.browser.get(f"/appeals/{made}")
    assert "This is about an account by which you are heard" in said(page)
    assert 'name="outcome"' not in page.text
    assert "để ra lệnh trong phòng" in said(desk.browser.get(f"/appeals/{made}?lang=vi"))
    refused = desk.send(made, "decide", outcome="reverse")
    assert refused.status_code == 422
    assert "Leave it to somebody else" in said(refused)
