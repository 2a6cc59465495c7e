"""Notices: somebody is told, or it is said that nobody could be."""

from __future__ import annotations

from ombud import notices


def test_a_known_person_is_told_in_their_language() -> None:
    """The notice is for the account, in the spoken language nearest to its own."""
    notice = notices.compose("dec_1", 77, "vi-VN", "decided", ("en",))
    assert (notice.decision, notice.author, notice.lang) == ("dec_1", 77, "vi")
    assert (notice.reason, notice.state) == ("decided", notices.RECORDED)
    assert notices.compose("dec_1", 77, None, "undone", ("vi", "en")).lang == "vi"


def test_nobody_to_tell_is_said_and_not_hidden() -> None:
    """Where the event names nobody, or somebody erased, the notice is there and undeliverable."""
    for nobody in (None, 0):
        notice = notices.compose("dec_1", nobody, "en", "ended", ("en",))
        assert notice.state == notices.UNDELIVERABLE


def test_each_notice_has_an_id_of_its_own() -> None:
    """Two notices of one decision are two rows."""
    one, two = (notices.compose("dec_1", 1, None, "decided", ("en",)) for _ in range(2))
    assert one.id != two.id
