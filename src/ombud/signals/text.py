"""Signals about what was said: length, links, mentions, media.

Counts and structure only; must never judge what an opinion is about.
"""

from __future__ import annotations

from ombud.model import Value
from ombud.signals import hosts, language, views
from ombud.signals.declare import TEXT_KINDS, Type, signal
from ombud.signals.observation import Observation, age

EDITS = frozenset({"edit"})


@signal(
    "text",
    Type.TEXT,
    kinds=TEXT_KINDS,
    reads=("text",),
    ordinary="Thanks, that was helpful.",
    en="What was written.",
    vi="Nội dung được viết.",
)
def text(seen: Observation) -> Value:
    return seen.text


@signal(
    "text.length",
    Type.COUNT,
    unit="characters",
    kinds=TEXT_KINDS,
    reads=("text",),
    ordinary=25,
    en="How many characters were written.",
    vi="Số ký tự được viết.",
)
def text_length(seen: Observation) -> Value:
    return None if seen.text is None else len(seen.text)


@signal(
    "links",
    Type.TEXTS,
    kinds=TEXT_KINDS,
    reads=("text", "links"),
    ordinary=(),
    cost=12,
    en="The sites that are linked to, by host name: for lists.",
    vi="Các trang được dẫn đến, theo tên máy chủ: dùng cho danh sách.",
)
def link_hosts(seen: Observation) -> Value:
    if seen.links is None:
        return None
    return tuple(dict.fromkeys(link.host for link in seen.links))


@signal(
    "links.count",
    Type.COUNT,
    unit="links",
    kinds=TEXT_KINDS,
    reads=("text", "links"),
    ordinary=0,
    cost=12,
    en="How many different links there are, in the text or beside it.",
    vi="Số liên kết khác nhau, trong văn bản hoặc kèm theo.",
)
def links_count(seen: Observation) -> Value:
    return None if seen.links is None else len(seen.links)


@signal(
    "links.domains",
    Type.COUNT,
    unit="sites",
    kinds=TEXT_KINDS,
    reads=("text", "links"),
    ordinary=0,
    cost=12,
    en="How many different sites are linked to.",
    vi="Số trang khác nhau được dẫn đến.",
)
def links_domains(seen: Observation) -> Value:
    return None if seen.domains is None else len(seen.domains)


@signal(
    "links.any",
    Type.YESNO,
    kinds=TEXT_KINDS,
    reads=("text", "links"),
    ordinary=False,
    cost=12,
    en="Whether there is any link.",
    vi="Có liên kết hay không.",
)
def links_any(seen: Observation) -> Value:
    return None if seen.links is None else bool(seen.links)


@signal(
    "links.misleading",
    Type.YESNO,
    kinds=TEXT_KINDS,
    reads=("text", "links"),
    ordinary=False,
    cost=12,
    version=3,  # names in a text, shorteners and names of one owner came with it
    en="Whether a link shows the name of one site and leads to another; unknown of shorteners.",
    vi="Có liên kết hiện tên trang này nhưng dẫn đến trang khác không; không rõ với link rút gọn.",
)
def links_misleading(seen: Observation) -> Value:
    return seen.misleading


@signal(
    "links.ip",
    Type.YESNO,
    kinds=TEXT_KINDS,
    reads=("text", "links"),
    ordinary=False,
    cost=12,
    en="Whether a link leads to a bare IP address.",
    vi="Có liên kết dẫn thẳng đến một địa chỉ IP hay không.",
)
def links_ip(seen: Observation) -> Value:
    return None if seen.links is None else any(hosts.is_ip(link.host) for link in seen.links)


@signal(
    "links.punycode",
    Type.COUNT,
    unit="sites",
    kinds=TEXT_KINDS,
    reads=("text", "links"),
    ordinary=0,
    cost=12,
    en="How many different hosts with letters beyond a-z are linked to.",
    vi="Số tên máy chủ khác nhau có chữ cái ngoài a-z được dẫn đến.",
)
def links_punycode(seen: Observation) -> Value:
    if seen.links is None:
        return None
    return len({link.host for link in seen.links if hosts.is_punycode(link.host)})


@signal(
    "links.disguised",
    Type.YESNO,
    kinds=TEXT_KINDS,
    reads=("text", "links"),
    ordinary=False,
    cost=12,
    en="Whether a host is written in letters that pass for others, or in mixed scripts.",
    vi="Có tên máy chủ viết bằng chữ giả dạng chữ khác, hoặc trộn nhiều hệ chữ, hay không.",
)
def links_disguised(seen: Observation) -> Value:
    return None if seen.links is None else any(hosts.is_disguised(each.host) for each in seen.links)


@signal(
    "links.invites",
    Type.COUNT,
    unit="invitations",
    kinds=TEXT_KINDS,
    reads=("text", "links"),
    ordinary=0,
    cost=12,
    en="How many different invitations there are: Discord, Telegram, Zalo, WhatsApp, Matrix, ...",
    vi="Số lời mời vào nhóm khác nhau: Discord, Telegram, Zalo, WhatsApp, Matrix, ...",
)
def links_invites(seen: Observation) -> Value:
    return None if seen.links is None else sum(map(hosts.invites, seen.links))


@signal(
    "mentions.count",
    Type.COUNT,
    unit="people",
    kinds=TEXT_KINDS,
    ordinary=0,
    en="How many different people are mentioned.",
    vi="Số người khác nhau được nhắc đến.",
)
def mentions_count(seen: Observation) -> Value:
    mentions = seen.event.data.mentions
    return None if mentions is None else len({account.id for account in mentions})


@signal(
    "mentions.any",
    Type.YESNO,
    kinds=TEXT_KINDS,
    ordinary=False,
    en="Whether anyone is mentioned.",
    vi="Có nhắc đến ai hay không.",
)
def mentions_any(seen: Observation) -> Value:
    return None if seen.event.data.mentions is None else bool(seen.event.data.mentions)


@signal(
    "media.count",
    Type.COUNT,
    unit="files",
    ordinary=0,
    en="How many files are attached.",
    vi="Số tệp đính kèm.",
)
def media_count(seen: Observation) -> Value:
    return None if seen.event.data.media is None else len(seen.event.data.media)


@signal(
    "media.any",
    Type.YESNO,
    ordinary=False,
    en="Whether any file is attached.",
    vi="Có tệp đính kèm hay không.",
)
def media_any(seen: Observation) -> Value:
    return None if seen.event.data.media is None else bool(seen.event.data.media)


@signal(
    "before.links.count",
    Type.COUNT,
    unit="links",
    kinds=EDITS,
    ordinary=0,
    cost=12,
    en="How many different links the post had before it was edited.",
    vi="Số liên kết khác nhau của bài trước khi sửa.",
)
def before_links_count(seen: Observation) -> Value:
    return None if seen.before_links is None else len(seen.before_links)


@signal(
    "before.links",
    Type.TEXTS,
    kinds=EDITS,
    ordinary=(),
    cost=12,
    en="The sites the post linked to before it was edited, by host name: for lists.",
    vi="Các trang mà bài dẫn đến trước khi sửa, theo tên máy chủ: dùng cho danh sách.",
)
def before_link_hosts(seen: Observation) -> Value:
    if seen.before_links is None:
        return None
    return tuple(dict.fromkeys(link.host for link in seen.before_links))


@signal(
    "before.links.any",
    Type.YESNO,
    kinds=EDITS,
    ordinary=False,
    cost=12,
    en="Whether the post had any link before it was edited.",
    vi="Trước khi sửa, bài có liên kết hay không.",
)
def before_links_any(seen: Observation) -> Value:
    return None if seen.before_links is None else bool(seen.before_links)


@signal(
    "links.added",
    Type.COUNT,
    unit="links",
    kinds=EDITS,
    ordinary=0,
    cost=24,
    en="How many links the edit added to sites that the post did not link to before.",
    vi="Lần sửa thêm bao nhiêu liên kết đến các trang mà bài trước đó không dẫn đến.",
)
def links_added(seen: Observation) -> Value:
    if seen.links is None or seen.before_links is None:
        return None
    before = {link.host for link in seen.before_links}
    return sum(link.host not in before for link in seen.links)


@signal(
    "before.text.length",
    Type.COUNT,
    unit="characters",
    kinds=EDITS,
    ordinary=25,
    en="How many characters the post had before it was edited.",
    vi="Số ký tự của bài trước khi sửa.",
)
def before_text_length(seen: Observation) -> Value:
    before = seen.event.data.before
    return None if before is None or before.text is None else len(before.text)


@signal(
    "before.age",
    Type.DURATION,
    kinds=EDITS,
    ordinary=3_600_000_000,
    en="How long ago the edited post was first published, as the platform says.",
    vi="Bài được sửa đã đăng lần đầu cách đây bao lâu, theo nền tảng.",
)
def before_age(seen: Observation) -> Value:
    before = seen.event.data.before
    return None if before is None or before.time is None else age(before.time, seen.at)


@signal(
    language.NAME,
    Type.NAME,
    kinds=TEXT_KINDS,
    reads=("text",),
    ordinary="en",
    cost=60,
    en="The language of the text as a code (en, vi); unknown for short or mixed texts. Never a "
    "reason to restrict.",
    vi="Ngôn ngữ của văn bản, dạng mã (en, vi); không rõ nếu ngắn hoặc lẫn lộn. Không bao giờ là "
    "lý do hạn chế.",
)
def text_language(seen: Observation) -> Value:
    return seen.language


@signal(
    "text.cut",
    Type.YESNO,
    kinds=TEXT_KINDS,
    reads=("text",),
    ordinary=False,
    cost=3,
    en="Whether the text, its compatible signs spelled out, is so long that only its beginning is "
    "compared: 131,072 characters.",
    vi="Văn bản, sau khi khai triển các ký tự ghép, có dài đến mức chỉ phần đầu (131.072 ký tự) "
    "được so sánh hay không.",
)
def text_cut(seen: Observation) -> Value:
    return None if seen.text is None else views.is_cut(seen.text)
