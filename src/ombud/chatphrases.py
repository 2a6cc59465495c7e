"""The sentences of a moderators' room: one key, every language.

`i18n` says them. This module must never contain what somebody else wrote.
"""

from __future__ import annotations

from collections.abc import Mapping

TEXTS: Mapping[str, Mapping[str, str]] = {
    "chat.case": {
        "en": "{community}: a case waits",
        "vi": "{community}: có vụ việc đang chờ",
    },
    "chat.case urgent": {
        "en": "{community}: an urgent case waits",
        "vi": "{community}: có vụ việc khẩn đang chờ",
    },
    "chat.case.about": {
        "en": "{title} ({clause}), queue {queue}. Case {case}.",
        "vi": "{title} ({clause}), hàng đợi {queue}. Vụ việc {case}.",
    },
    "chat.claim": {
        "en": "👀 I take it.",
        "vi": "👀 Tôi nhận vụ này.",
    },
    "chat.release": {
        "en": "↩️ Release it, after opening it.",
        "vi": "↩️ Thả, sau khi đã mở xem.",
    },
    "chat.keep": {
        "en": "✅ Keep what stands, after opening it.",
        "vi": "✅ Giữ nguyên, sau khi đã mở xem.",
    },
    "chat.more": {
        "en": "{community}: many cases wait",
        "vi": "{community}: nhiều vụ việc đang chờ",
    },
    "chat.more urgent": {
        "en": "{community}: many urgent cases wait",
        "vi": "{community}: nhiều vụ việc khẩn đang chờ",
    },
    "chat.more.about": {
        "en": "{count} cases were opened. They are told of together, so that this room stays"
        " readable.",
        "vi": "Có {count} vụ việc mới. Chúng được báo chung một lần để phòng này còn đọc được.",
    },
    "chat.settled": {
        "en": "{community}: settled",
        "vi": "{community}: đã xong",
    },
    "chat.settled.about": {
        "en": "✔ Case {case} is settled: nobody need open it.",
        "vi": "✔ Vụ việc {case} đã xong: không cần mở nữa.",
    },
    "chat.emergency": {
        "en": "{community}: declare an emergency?",
        "vi": "{community}: tuyên bố tình trạng khẩn cấp?",
    },
    "chat.emergency.about": {
        "en": "For {count} hours, in the whole community. What follows is what the rules say that"
        " ask for it; holds end at their own time. It ends by itself. React with ✅ to this message"
        " within {minutes} minutes to declare it.",
        "vi": "Trong {count} giờ, cho cả cộng đồng. Hệ quả là những gì các quy tắc hỏi đến tình"
        " trạng này quy định; bài bị giữ vẫn hết hạn theo thời hạn riêng. Tình trạng tự kết thúc."
        " Hãy phản hồi ✅ vào tin này trong {minutes} phút để tuyên bố.",
    },
    "chat.begun": {
        "en": "It is an emergency, until {until}. `!ombud end` ends it before.",
        "vi": "Đang có tình trạng khẩn cấp, đến {until}. `!ombud kết thúc` để chấm dứt sớm hơn.",
    },
    "chat.ended": {
        "en": "The emergency is over. Look at what was held: an emergency is what makes mistakes"
        " likely.",
        "vi": "Tình trạng khẩn cấp đã hết. Hãy xem lại những gì đã bị giữ: lúc khẩn cấp dễ sai.",
    },
    "chat.claimed": {
        "en": "Case {case} is yours for {minutes} minutes.",
        "vi": "Vụ việc {case} là của bạn trong {minutes} phút.",
    },
    "chat.released": {
        "en": "Case {case}: released. It can be undone on its page for ten seconds, and later by"
        " taking the decision back.",
        "vi": "Vụ việc {case}: đã thả. Có thể hoàn tác ở trang của nó trong mười giây; sau đó thì"
        " thu hồi quyết định.",
    },
    "chat.kept": {
        "en": "Case {case}: what stands is kept. It can be undone on its page for ten seconds, and"
        " later by taking the decision back.",
        "vi": "Vụ việc {case}: giữ nguyên. Có thể hoàn tác ở trang của nó trong mười giây; sau đó"
        " thì thu hồi quyết định.",
    },
    "chat.stands": {
        "en": "The reaction is gone; what it decided stands. Take it back on the page.",
        "vi": "Phản hồi đã bị gỡ; quyết định vẫn còn hiệu lực. Hãy thu hồi ở trang.",
    },
    "chat.bound": {
        "en": "From now on this account is heard here as {name}.",
        "vi": "Từ nay tài khoản này được nghe ở đây với tư cách {name}.",
    },
    "chat.help": {
        "en": "Here one can write: `!ombud emergency 3` (hours; 6 if none are named), `!ombud end`,"
        " `!ombud code …` with the code of one's own page. All else is read by nobody.",
        "vi": "Ở đây có thể viết: `!ombud khẩn cấp 3` (giờ; 6 nếu không ghi), `!ombud kết thúc`,"
        " `!ombud mã …` với mã ở trang riêng. Ngoài ra không ai đọc gì cả.",
    },
    "chat.refused": {
        "en": "Not done: {why}.",
        "vi": "Không thực hiện: {why}.",
    },
    "chat.why.closed": {
        "en": "the case is settled already",
        "vi": "vụ việc đã xong rồi",
    },
    "chat.why.appeal": {
        "en": "an appeal is decided on its page",
        "vi": "khiếu nại phải được giải quyết ở trang của nó",
    },
    "chat.why.urgent": {
        "en": "what is urgent is decided on its page",
        "vi": "việc khẩn phải được quyết định ở trang của nó",
    },
    "chat.why.private": {
        "en": "threats and private data are decided on the page",
        "vi": "đe doạ và thông tin riêng phải được quyết định ở trang",
    },
    "chat.why.second": {
        "en": "a second person has to look at it on the page",
        "vi": "cần người thứ hai xem ở trang",
    },
    "chat.why.several": {
        "en": "it asks about several things, which are decided on the page",
        "vi": "vụ việc hỏi về nhiều thứ, phải quyết định ở trang",
    },
    "chat.why.nothing": {
        "en": "nothing stands that would last: choose on the page what is done",
        "vi": "chưa có gì còn hiệu lực lâu dài: hãy chọn ở trang",
    },
    "chat.why.unopened": {
        "en": "open the case first, as it is now: nothing is decided unseen",
        "vi": "hãy mở vụ việc trước, đúng như hiện nay: không quyết định khi chưa xem",
    },
    "chat.why.own": {
        "en": "it is about your own account",
        "vi": "vụ việc liên quan đến chính tài khoản của bạn",
    },
    "chat.why.may not": {
        "en": "your roles do not allow it",
        "vi": "vai trò của bạn không cho phép",
    },
    "chat.why.taken": {
        "en": "somebody else is looking at it",
        "vi": "người khác đang xem",
    },
    "chat.why.late": {
        "en": "it came more than {minutes} minutes after it was sent. Do it again",
        "vi": "nó đến muộn hơn {minutes} phút sau khi gửi. Hãy làm lại",
    },
    "chat.why.no emergency": {
        "en": "it is no emergency",
        "vi": "không có tình trạng khẩn cấp",
    },
    "chat.why.hours": {
        "en": "an emergency lasts 1 to 24 hours, in the whole community: rooms cannot be named",
        "vi": "tình trạng khẩn cấp kéo dài 1 đến 24 giờ, cho cả cộng đồng: không chọn phòng được",
    },
    "chat.why.not yours": {
        "en": "whoever asked for it confirms it, once and within minutes",
        "vi": "chính người đã yêu cầu xác nhận, một lần và trong vài phút",
    },
    "chat.why.page": {
        "en": "it can be done on the page only",
        "vi": "chỉ làm được ở trang",
    },
}
