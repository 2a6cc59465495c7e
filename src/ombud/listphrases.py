"""The words by which a statement of reasons says that something is, or is not, in a list, and by
which somebody is called to one.

A part of `phrases`, which has them all. This module must never contain what somebody else wrote.
"""

from __future__ import annotations

from collections.abc import Mapping

LISTED: Mapping[str, Mapping[str, str]] = {
    # How a fact ends that stands for what lists hold; and what a list said of it.
    "for lists": {"en": ": for lists", "vi": ": dùng cho danh sách"},
    "list": {"en": "the list “{name}”", "vi": "danh sách “{name}”"},
    "list of others": {
        "en": "the list “{name}”, which others publish in the room {room}",
        "vi": "danh sách “{name}” do người khác công bố trong phòng {room}",
    },
    "summons.list": {
        "en": "Entries of the list “{queue}”, which others publish, wait for somebody's yes or no."
        " Until then they do nothing here. The list's page shows them.",
        "vi": "Có mục trong danh sách “{queue}” do người khác công bố đang chờ người đồng ý hoặc"
        " từ chối. Đến lúc đó chúng chưa có tác dụng ở đây. Trang của danh sách cho thấy các mục.",
    },
    "summons.list more": {
        "en": "Within the last hour entries of the list “{queue}” came to wait {count} more times.",
        "vi": "Trong một giờ qua, danh sách “{queue}” có thêm {count} lần mục phải chờ.",
    },
    "listed in": {"en": "in {it}", "vi": "có trong {it}"},
    "listed not in": {"en": "not in {it}", "vi": "không có trong {it}"},
    "listed text": {"en": "an entry of {it} occurs in it", "vi": "có chứa một mục của {it}"},
    "listed not text": {"en": "no entry of {it} occurs in it", "vi": "không chứa mục nào của {it}"},
    "listed any": {"en": "at least one is in {it}", "vi": "ít nhất một mục có trong {it}"},
    "listed not any": {"en": "none is in {it}", "vi": "không mục nào có trong {it}"},
    "listed all": {"en": "all are in {it}", "vi": "tất cả đều có trong {it}"},
    "listed not all": {"en": "not all are in {it}", "vi": "không phải tất cả đều có trong {it}"},
}
