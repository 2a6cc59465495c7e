"""Coming in by a provider: the staff alone, by a subject bound on purpose, and never twice."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from ombud import clock, staffing
from ombud.entrance import Entered, Refused, Visitor
from ombud.sign_on import GOOD, SECRET_VARIABLE, Back, Errand, Gone, SignOn
from ombud.staff.credentials import FRESH
from ombud.staff.openid import Proof
from staff import openid_provider
from staff.at_the_entrance import BROWSER, PASSWORD, Clock, Place, open_place, refused
from staff.openid_provider import CLIENT, SECRET, changed, logged_in, providing

BACK = "http://localhost:8420/openid/back"
SETTINGS = """
[openid]
issuer = "{issuer}"
client_id = "{client}"
secret_file = "secret"
allow = ["127.0.0.1"]
timeout_seconds = 2
"""


@dataclass
class There:
    """A community, the way in by a provider, and the provider."""

    place: Place
    sign_on: SignOn
    provider: openid_provider.Provider

    def leave(self, errand: Errand, about: str = "") -> Gone:
        """Somebody leaves."""
        return self.sign_on.leave(errand, BACK, about=about, to="/staff")

    def back(self, gone: Gone, answer: Mapping[str, str]) -> Back:
        """And returns."""
        return self.sign_on.returned(gone.cookie, answer, BACK, BROWSER)

    def there_and_back(self, errand: Errand, user: str, about: str = "") -> Back:
        """Somebody leaves, logs in there, and returns."""
        gone = self.leave(errand, about)
        return self.back(gone, logged_in(gone.url, user))

    def turned_away(self, errand: Errand, user: str, about: str = "") -> None:
        """They do, and nobody is let in; nothing has changed."""
        gone = self.leave(errand, about)
        refused("openid", self.back, gone, logged_in(gone.url, user))

    def entered(self, back: Back) -> Visitor:
        """Who has come in."""
        assert isinstance(back.entered, Entered)
        return self.place.seen(back.entered.cookie)


@pytest.fixture
def there(tmp_path: Path) -> Iterator[There]:
    """Ana, who was first and has a password, and a provider that knows everybody."""
    moved = Clock()
    moved.at = clock.now()
    with providing(BACK) as provider:
        settings = SETTINGS.format(issuer=provider.issuer, client=CLIENT)
        with open_place(tmp_path, settings, moved) as place:
            (tmp_path / "secret").write_text(SECRET + "\n")
            place.first()
            sign_on = SignOn(place.entrance)
            yield There(place, sign_on, provider)
            sign_on.close()


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """All that was logged, but by the provider itself."""
    its_own = ("idpyoidc", "cryptojwt")
    return "\n".join(
        each.getMessage() for each in caplog.records if not each.name.startswith(its_own)
    )


def test_who_is_not_on_the_staff_is_refused(there: There) -> None:
    """Whoever the provider knows: in the words in which every other refusal is told."""
    there.turned_away("in", "ana")
    there.turned_away("in", "somebody")


def test_a_one_time_link_binds_who_logs_in(there: There) -> None:
    """They come in at once, and from then on by the provider alone; the link is used up, and their
    password is none.
    """
    link = there.place.add("Bình", "reviewer")
    back = there.there_and_back("link", "binh", link)
    visitor = there.entered(back)
    assert (visitor.account.shown, visitor.session.how) == ("Bình", "openid")
    assert visitor.account.password is None
    assert there.place.entrance.link_of(link) is None
    assert there.entered(there.there_and_back("in", "binh")).token == visitor.token
    there.turned_away("in", "Bình")


def test_a_link_binds_once(there: There) -> None:
    """Who had it open elsewhere comes too late; the subject stays who it was."""
    link = there.place.add("Bình", "reviewer")
    late = there.leave("link", link)
    visitor = there.entered(there.there_and_back("link", "binh", link))
    refused("openid", there.back, late, logged_in(late.url, "mallory"))
    there.turned_away("in", "mallory")
    assert there.entered(there.there_and_back("in", "binh")).token == visitor.token


def test_one_subject_is_one_person(there: There) -> None:
    """A second account is not bound to it, and its link still opens."""
    first = there.place.add("Bình", "reviewer")
    there.there_and_back("link", "binh", first)
    second = there.place.add("Chi", "reviewer")
    there.turned_away("link", "binh", second)
    assert there.place.entrance.link_of(second) is not None


def test_another_link_binds_anew_and_ends_what_was(there: There) -> None:
    """As with a lost password: the sessions of before are over, and so is the subject of before."""
    before = there.entered(there.there_and_back("link", "old", there.place.add("Bình", "reviewer")))
    link = staffing.link(there.place.engine, "Bình", there.place.clock())[0].rpartition("/")[2]
    back = there.there_and_back("link", "new", link)
    visitor = there.entered(back)
    assert visitor.token == before.token
    assert [each.id for each in there.place.entrance.sessions(visitor)] == [visitor.session.id]
    there.turned_away("in", "old")


@pytest.mark.parametrize("what", ["suspended", "removed"])
def test_who_is_suspended_or_goes_comes_in_no_more(there: There, what: str) -> None:
    """Refused as anybody else; who was removed and comes again is bound anew."""
    there.there_and_back("link", "binh", there.place.add("Bình", "reviewer"))
    gone = there.leave("in")
    answer = logged_in(gone.url, "binh")
    staffing.change(there.place.engine, what, "Bình", "Ana")
    refused("openid", there.back, gone, answer)
    there.turned_away("in", "binh")
    if what == "removed":
        there.place.add("Bình", "reviewer")
        there.turned_away("in", "binh")


def test_nobody_returns_twice_or_late_or_with_anothers_cookie(there: There) -> None:
    """A cookie is good once and for ten minutes, and for the log-in that began with it."""
    there.there_and_back("link", "binh", there.place.add("Bình", "reviewer"))
    gone = there.leave("in")
    answer = logged_in(gone.url, "binh")
    other = there.leave("in")
    refused("openid", there.back, other, answer)
    there.back(gone, answer)
    refused("openid", there.back, gone, answer)
    late = there.leave("in")
    brought = logged_in(late.url, "binh")
    there.place.clock.at += GOOD
    refused("openid", there.back, late, brought)


def test_an_answer_is_taken_once_whatever_the_provider_says(
    there: There, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where a provider takes a code twice."""
    there.there_and_back("link", "binh", there.place.add("Bình", "reviewer"))
    gone = there.leave("in")
    proof = Proof("subject of binh", None)
    monkeypatch.setattr(there.sign_on.provider(), "finish", lambda *_: proof)
    there.back(gone, {})
    refused("openid", there.back, gone, {})


def test_a_cookie_that_is_none_of_ours_is_none(there: There) -> None:
    """Not one with another errand in it, nor what was never a cookie."""
    gone = there.leave("in")
    answer = logged_in(gone.url, "binh")
    wrong = ["", ".", "x" * 5000, "é.é", "in....", gone.cookie[:-1], "link" + gone.cookie[2:]]
    for cookie in wrong:
        refused("openid", there.back, Gone(gone.url, cookie), answer)


def test_logging_in_counts_as_fresh_only_where_it_was(there: There) -> None:
    """Who has shown long ago who they are, as a provider remembers people, has not shown it now."""
    there.there_and_back("link", "binh", there.place.add("Bình", "admin"))
    assert there.entered(there.there_and_back("in", "binh")).fresh
    for said in (int(time.time()) - 3600, None):
        there.provider.spoil = changed(auth_time=said)
        assert not there.entered(there.there_and_back("in", "binh")).fresh


def test_somebody_shows_again_who_they_are(there: There) -> None:
    """By logging in there anew, and as themselves."""
    there.there_and_back("link", "binh", there.place.add("Bình", "admin"))
    back = there.there_and_back("in", "binh")
    visitor = there.entered(back)
    there.place.clock.at += FRESH
    assert back.entered is not None
    assert not there.place.seen(back.entered.cookie).fresh
    there.place.clock.at -= FRESH
    there.turned_away("proof", "ana", visitor.session.id)
    done = there.there_and_back("proof", "binh", visitor.session.id)
    assert (done.errand, done.next, done.entered) == ("proof", "/staff", None)
    assert there.place.seen(back.entered.cookie).fresh


def test_what_the_provider_remembers_is_no_fresh_proof(there: There) -> None:
    """It was told to ask anew, and says that it did not."""
    there.there_and_back("link", "binh", there.place.add("Bình", "admin"))
    visitor = there.entered(there.there_and_back("in", "binh"))
    there.provider.spoil = changed(auth_time=int(time.time()) - 240)
    there.turned_away("proof", "binh", visitor.session.id)


def test_a_session_that_has_ended_proves_nothing(there: There) -> None:
    """Who logs out while they are away finds nothing to go on with."""
    visitor = there.entered(there.there_and_back("link", "binh", there.place.add("Bình", "admin")))
    errands: tuple[Errand, ...] = ("proof", "bind")
    for errand in errands:
        gone = there.leave(errand, visitor.session.id)
        answer = logged_in(gone.url, "binh")
        if errand == "proof":
            there.place.entrance.leave(visitor)
        refused("openid", there.back, gone, answer)


def test_who_is_in_binds_themselves_and_unbinds(there: There) -> None:
    """Beside their password, which works as before."""
    visitor = there.place.visitor(there.place.entrance.log_in("Ana", PASSWORD, BROWSER, ""))
    assert not there.sign_on.bound(visitor)
    there.there_and_back("bind", "ana", visitor.session.id)
    assert there.sign_on.bound(visitor)
    assert there.entered(there.there_and_back("in", "ana")).token == visitor.token
    assert there.place.entrance.log_in("Ana", PASSWORD, BROWSER, "")
    there.sign_on.unbind(visitor)
    assert not there.sign_on.bound(visitor)
    there.turned_away("in", "ana")


def test_a_provider_that_is_down_keeps_nobody_out(
    there: There, caplog: pytest.LogCaptureFixture
) -> None:
    """Passwords work as ever; that it is down is told, and logged without a secret."""
    gone = there.leave("in")
    answer = logged_in(gone.url, "ana")
    there.provider.broken = 500
    refused("openid away", there.back, gone, answer)
    there.sign_on.close()
    fresh = SignOn(there.place.entrance)
    refused("openid away", fresh.leave, "in", BACK)
    fresh.close()
    assert there.place.entrance.log_in("Ana", PASSWORD, BROWSER, "")
    assert "500" in logged(caplog)
    for secret in (SECRET, answer["code"], answer["state"]):
        assert secret not in logged(caplog)


def test_nobody_is_told_why_and_the_log_tells_no_secret(
    there: There, caplog: pytest.LogCaptureFixture
) -> None:
    """The refusal is one and the same; the log says which claim it was, and no more."""
    caplog.set_level("INFO")
    there.provider.spoil = changed(aud="another")
    gone = there.leave("in")
    answer = logged_in(gone.url, "ana")
    refused("openid", there.back, gone, answer)
    assert "aud" in logged(caplog)
    for secret in (SECRET, answer["code"], gone.cookie, "subject of"):
        assert secret not in logged(caplog)


def test_the_secret_comes_from_a_file_or_the_environment(
    there: There, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is not there is told as a provider that is away."""
    (there.place.engine.folder / "secret").unlink()
    refused("openid away", there.leave, "in")
    settings = there.place.engine.folder / "ombud.toml"
    settings.write_text(settings.read_text().replace('secret_file = "secret"\n', ""))
    there.place.engine.reload()
    monkeypatch.setenv(SECRET_VARIABLE, SECRET)
    link = there.place.add("Bình", "reviewer")
    assert there.entered(there.there_and_back("link", "binh", link)).account.shown == "Bình"


def test_without_a_provider_nobody_leaves(there: There) -> None:
    """Nothing is offered, and a cookie of before opens nothing."""
    there.there_and_back("link", "binh", there.place.add("Bình", "reviewer"))
    gone = there.leave("in")
    answer = logged_in(gone.url, "binh")
    assert there.sign_on.offered == there.provider.issuer.partition("//")[2]
    settings = there.place.engine.folder / "ombud.toml"
    settings.write_text("")
    there.place.engine.reload()
    assert there.sign_on.offered == ""
    refused("openid", there.back, gone, answer)
    with pytest.raises(Refused):
        there.leave("in")


def test_settings_change_what_can_change_a_verdict_in_nothing(there: There) -> None:
    """The provider is no part of a configuration's digest, and stands in no journal."""
    digest = there.place.engine.writer.pipeline.community.active.digest
    settings = there.place.engine.folder / "ombud.toml"
    settings.write_text(settings.read_text().replace("timeout_seconds = 2", "timeout_seconds = 3"))
    assert there.place.engine.reload() is False
    assert there.sign_on.settings.timeout_seconds == 3
    assert there.place.engine.writer.pipeline.community.active.digest == digest
