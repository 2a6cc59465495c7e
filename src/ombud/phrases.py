"""The sentences of notices, messages and the command line: one key, every language.

`i18n` says them; a test holds that every text exists in each language that is spoken. This module
must never contain what somebody else wrote.
"""

from __future__ import annotations

from collections.abc import Mapping

from ombud.listphrases import LISTED
from ombud.orderphrases import ORDER

TEXTS: Mapping[str, Mapping[str, str]] = {
    "done.hold": {
        "en": "{subject} waits for a person to look at it, until {until} at the latest.",
        "vi": "{subject} đang chờ người kiểm duyệt xem, chậm nhất đến {until}.",
    },
    "after.hold": {
        "en": "If nobody gets to it by then, it goes through by itself.",
        "vi": "Nếu đến lúc đó chưa ai xem, nội dung sẽ tự động được cho qua.",
    },
    "after.again": {
        "en": "It was not published. Once a person has let it through, or if nobody gets to it by"
        " then, you can send it again, or join again.",
        "vi": "Nội dung này chưa được đăng. Khi người kiểm duyệt đã cho qua, hoặc nếu đến lúc đó"
        " chưa ai xem, bạn có thể gửi lại, hoặc vào phòng lại.",
    },
    "done.warn": {
        "en": "You get a warning about {inside}. Nothing is restricted.",
        "vi": "Bạn nhận một lời nhắc về {inside}. Không có gì bị hạn chế.",
    },
    "done.label": {
        "en": "{subject} got a label, until {until}.",
        "vi": "{subject} được gắn nhãn, đến {until}.",
    },
    "done.mark sensitive": {
        "en": "{subject} was marked as sensitive.",
        "vi": "{subject} được đánh dấu là nhạy cảm.",
    },
    "done.limit": {
        "en": "{subject} is limited until {until}.",
        "vi": "{subject} bị hạn chế đến {until}.",
    },
    "done.remove": {
        "en": "{subject} is hidden from others.",
        "vi": "{subject} bị ẩn với người khác.",
    },
    "done.slow": {
        "en": "{subject} is in slow mode until {until}.",
        "vi": "{subject} ở chế độ chậm đến {until}.",
    },
    "done.require approval": {
        "en": "Who enters {inside} is let in by hand until {until}.",
        "vi": "Người vào {inside} được duyệt thủ công đến {until}.",
    },
    "done.context": {
        "en": "A source is shown beside {inside}. Nothing is restricted.",
        "vi": "Một nguồn được hiển thị cạnh {inside}. Không có gì bị hạn chế.",
    },
    "done.lock": {
        "en": "{subject} is locked until {until}.",
        "vi": "{subject} bị khóa đến {until}.",
    },
    "done.ban from room": {
        "en": "{subject} cannot enter the room until {until}.",
        "vi": "{subject} không vào được phòng đến {until}.",
    },
    "done.suspend": {
        "en": "{subject} is suspended until {until}.",
        "vi": "{subject} bị tạm khóa đến {until}.",
    },
    "done.label open": {"en": "{subject} got a label.", "vi": "{subject} được gắn nhãn."},
    "done.slow open": {
        "en": "{subject} is in slow mode until somebody ends it.",
        "vi": "{subject} ở chế độ chậm cho đến khi có người kết thúc.",
    },
    "done.require approval open": {
        "en": "Who enters {inside} is let in by hand until somebody ends it.",
        "vi": "Người vào {inside} được duyệt thủ công cho đến khi có người kết thúc.",
    },
    "done.lock open": {
        "en": "{subject} is locked until somebody ends it.",
        "vi": "{subject} bị khóa cho đến khi có người kết thúc.",
    },
    "context.source": {
        "en": "Fact-check by {publisher}, {date}. The claim: “{claim}” Their rating: “{rating}”."
        " {url}",
        "vi": "Kiểm chứng của {publisher}, {date}. Tuyên bố: “{claim}” Đánh giá của họ:"
        " “{rating}”. {url}",
    },
    "context.source undated": {
        "en": "Fact-check by {publisher}. The claim: “{claim}” Their rating: “{rating}”. {url}",
        "vi": "Kiểm chứng của {publisher}. Tuyên bố: “{claim}” Đánh giá của họ: “{rating}”. {url}",
    },
    "undone": {
        "en": "The decision on {subject} was undone. Nothing of it remains in force.",
        "vi": "Quyết định về {subject} đã được hủy. Không còn hạn chế nào.",
    },
    "ended": {
        "en": "The restriction of {subject} has ended.",
        "vi": "Hạn chế đối với {subject} đã kết thúc.",
    },
    "message.title": {
        "en": "{community}: a decision under the rule “{clause}”",
        "vi": "{community}: một quyết định theo quy định “{clause}”",
    },
    "message.read": {
        "en": "Read here why, for how long, and how to appeal:",
        "vi": "Xem lý do, thời hạn và cách khiếu nại tại đây:",
    },
    "message.failed": {
        "en": "We asked the platform to do this; as far as we know it has not done so.",
        "vi": "Chúng tôi đã yêu cầu nền tảng làm việc này; theo chúng tôi biết, việc đó chưa xong.",
    },
    "message.lifted": {
        "en": "Restrictions of yours under “{clause}” were lifted in the last hour:",
        "vi": "Trong giờ qua, các hạn chế đối với bạn theo quy định “{clause}” đã được gỡ bỏ:",
    },
    "message.more": {
        "en": "There were more decisions about you under “{clause}” in the last hour:",
        "vi": "Trong giờ qua có thêm quyết định về bạn theo quy định “{clause}”:",
    },
    "message.was": {"en": "You were told: {what}", "vi": "Bạn đã được báo: {what}"},
    "message.undone": {
        "en": "This was undone. Nothing of it remains in force:",
        "vi": "Việc này đã được hủy. Không còn hạn chế nào:",
    },
    "message.ended": {
        "en": "This has ended. Nothing of it remains in force:",
        "vi": "Việc này đã kết thúc. Không còn hạn chế nào:",
    },
    "message.stuck": {
        "en": "This is over for us, but the platform has not taken it back, as far as we know:",
        "vi": "Với chúng tôi việc này đã hết, nhưng theo chúng tôi biết nền tảng chưa gỡ bỏ:",
    },
    "message.right": {
        "en": "You appealed, and you were right.",
        "vi": "Bạn đã khiếu nại và bạn đúng.",
    },
    "message.still": {
        "en": "Another decision about the same is in force: for now, nothing changes for you.",
        "vi": "Một quyết định khác về cùng việc này vẫn còn hiệu lực: hiện chưa có gì thay đổi.",
    },
    "message.changed": {
        "en": "Something has changed about a decision that was since erased:",
        "vi": "Có thay đổi về một quyết định nay đã bị xóa:",
    },
    "message.released": {
        "en": "A person has looked at it and released it. Nothing of it remains in force:",
        "vi": "Một người đã xem và gỡ bỏ. Không còn hạn chế nào:",
    },
    "message.again": {
        "en": "What you sent was never published. You can send it again, or join again.",
        "vi": "Nội dung bạn gửi chưa hề được đăng. Bạn có thể gửi lại, hoặc vào phòng lại.",
    },
    "message.advised": {
        "en": "Other communities are told of it, as long as it stands: a public policy list names"
        " your account and the rule, and nothing else.",
        "vi": "Các cộng đồng khác được báo về việc này chừng nào nó còn hiệu lực: một danh sách"
        " công khai nêu tài khoản của bạn và quy định, không nêu gì khác.",
    },
    "message.replaced": {
        "en": "A person has looked at it, and another decision stands in its place:",
        "vi": "Một người đã xem, và một quyết định khác thay thế:",
    },
    "message.restored": {
        "en": "This was lifted for a moment by mistake, and stands as before:",
        "vi": "Việc này vừa được gỡ do nhầm lẫn, nay vẫn như trước:",
    },
    "message.reversed": {
        "en": "You appealed, and you were right. Nothing of it remains in force:",
        "vi": "Bạn đã khiếu nại và bạn đúng. Không còn hạn chế nào:",
    },
    "message.partial": {
        "en": "You appealed, and you were right in part. What stands now is written here:",
        "vi": "Bạn đã khiếu nại và đúng một phần. Điều còn hiệu lực ghi ở đây:",
    },
    "message.upheld": {
        "en": "You appealed. A person has looked at it again, and the decision stands:",
        "vi": "Bạn đã khiếu nại. Một người đã xem lại, và quyết định giữ nguyên:",
    },
    "message.omitted": {
        "en": "You appealed. Your appeal was closed without a decision; the reason is here:",
        "vi": "Bạn đã khiếu nại. Khiếu nại được đóng mà không có quyết định; lý do ở đây:",
    },
    "message.demand": {
        "en": "A demand from outside led to this. It had to be kept from you until now; see here:",
        "vi": "Một yêu cầu từ bên ngoài đã dẫn đến việc này. Đến nay mới được phép cho bạn biết:",
    },
    "message.answer": {
        "en": "There is an answer to your appeal:",
        "vi": "Khiếu nại của bạn có câu trả lời:",
    },
    "message.same person": {
        "en": "There was nobody else: the person who had decided looked at it again.",
        "vi": "Không có ai khác: chính người đã quyết định xem lại.",
    },
    "direct.name": {"en": "Moderation, {server}", "vi": "Kiểm duyệt, {server}"},
    "direct.topic": {
        "en": "You are told here what is decided about you. Nobody reads what you write here.",
        "vi": "Ở đây bạn được báo các quyết định về bạn. Không ai đọc những gì bạn viết ở đây.",
    },
    "asked.title": {
        "en": "{community}: what was decided about you",
        "vi": "{community}: những gì đã được quyết định về bạn",
    },
    "asked.text": {
        "en": "You wrote here or began a chat. Nobody reads that, and it is not kept.\nThis link "
        "opens the list of decisions about you, with reasons and appeals, for one hour and for "
        "whoever has it. Give it to nobody; whoever helps you does not need it:",
        "vi": "Bạn đã viết ở đây hoặc mở trò chuyện. Không ai đọc và không có gì được lưu.\nTrong "
        "một giờ, liên kết này mở danh sách quyết định về bạn, kèm lý do và khiếu nại, cho bất cứ "
        "ai có nó. Đừng đưa cho ai; người giúp bạn không cần đến nó:",
    },
    "summons.title": {
        "en": "{community}: a moderator is needed",
        "vi": "{community}: cần người kiểm duyệt",
    },
    "summons.urgent": {
        "en": "Something urgent waits in the queue {queue} ({clause}). Somebody should look within"
        " minutes.",
        "vi": "Có việc khẩn đang chờ trong hàng đợi {queue} ({clause}). Cần có người xem trong vài"
        " phút.",
    },
    "summons.cap": {
        "en": "More than a rule may do alone in a day: the rest is held in the queue {queue}"
        " ({clause}) and waits for somebody.",
        "vi": "Đã vượt mức một quy tắc được tự làm trong ngày: phần còn lại đang bị giữ trong hàng"
        " đợi {queue} ({clause}), chờ người xem.",
    },
    "summons.more": {
        "en": "Within the last hour there was reason to call {count} more times: queue {queue}"
        " ({clause}).",
        "vi": "Trong một giờ qua có thêm {count} lần cần gọi: hàng đợi {queue} ({clause}).",
    },
    "flag.title": {
        "en": "{community}: what came of your report",
        "vi": "{community}: kết quả báo cáo của bạn",
    },
    "flag.upheld": {
        "en": "You reported something. A person has looked at it and acted on it. Thank you.",
        "vi": "Bạn đã báo cáo một nội dung. Một người đã xem và đã xử lý. Cảm ơn bạn.",
    },
    "flag.released": {
        "en": "You reported something. A person has looked at it and found it within the rules.",
        "vi": "Bạn đã báo cáo một nội dung. Một người đã xem và không thấy trái quy định.",
    },
    "flag.unchanged": {
        "en": "You reported something that a person had judged already. It has not changed since,"
        " and the judgement stands.",
        "vi": "Bạn đã báo cáo một nội dung mà một người đã xét. Nội dung không thay đổi từ đó,"
        " nên kết luận vẫn giữ nguyên.",
    },
    "flag.reversed": {
        "en": "Something that you reported was acted on; after an appeal that was taken back.",
        "vi": "Một nội dung bạn báo cáo đã bị xử lý; sau khiếu nại, việc đó đã được hủy.",
    },
    "digest.happened": {
        "en": "Since {since}: rules held {held} and decided {other} otherwise, people decided"
        " {people}; {opened} cases were opened, {closed} closed.",
        "vi": "Từ {since}: quy tắc tạm giữ {held} và quyết định khác {other}, người quyết"
        " định {people}; {opened} vụ việc được mở, {closed} vụ việc đã đóng.",
    },
    "digest.waits": {
        "en": "Waiting: {open} cases, {late} of them too long; {appeals} appeals overdue; {failed}"
        " actions or messages failed.",
        "vi": "Đang chờ: {open} vụ việc, {late} trong số đó quá lâu; {appeals} khiếu nại quá hạn;"
        " {failed} lệnh hoặc tin nhắn thất bại.",
    },
    "clause": {
        "en": "The rule of the community: {title} ({clause}).",
        "vi": "Quy định của cộng đồng: {title} ({clause}).",
    },
    "by.rule": {
        "en": "This was found and decided automatically, by the published rule {rule}.",
        "vi": "Việc này được phát hiện và quyết định tự động, theo quy tắc công khai {rule}.",
    },
    "by.one": {
        "en": "One person wrote this version of the rule, and nobody else has approved it yet.",
        "vi": "Phiên bản này của quy tắc do một người viết và chưa được người nào khác phê duyệt.",
    },
    "by.order": {
        "en": "A person had looked at this campaign and ordered this for what still comes of it.",
        "vi": "Một người đã xem chiến dịch này và yêu cầu xử lý như vậy với những gì còn đến.",
    },
    "by.person": {
        "en": "This was decided by a person ({role}).",
        "vi": "Việc này do một người quyết định ({role}).",
    },
    "by.alone": {
        "en": "A second person should have confirmed this, and there was none.",
        "vi": "Lẽ ra cần người thứ hai xác nhận việc này, nhưng không có ai.",
    },
    "by.second": {
        "en": "A second person has confirmed it.",
        "vi": "Một người thứ hai đã xác nhận.",
    },
    "by.irreversible": {
        "en": "The platform cannot take this back.",
        "vi": "Nền tảng không thể hoàn tác việc này.",
    },
    "facts": {"en": "What the rule saw:", "vi": "Điều quy tắc ghi nhận:"},
    "matched": {"en": "the words {words}", "vi": "các từ {words}"},
    "appeal": {
        "en": "If you think this is wrong you can appeal until {until}; a person will decide.",
        "vi": "Nếu bạn cho là sai, bạn có thể khiếu nại đến {until}; một người sẽ quyết định.",
    },
    "subject.post": {"en": "Your post", "vi": "Bài của bạn"},
    "subject.upload": {"en": "Your upload", "vi": "Tệp của bạn"},
    "subject.member": {"en": "Your entry", "vi": "Việc tham gia của bạn"},
    "subject.invitation": {"en": "Your invitation", "vi": "Lời mời của bạn"},
    "subject.new room": {"en": "Your new room", "vi": "Phòng mới của bạn"},
    "subject.registration": {"en": "Your registration", "vi": "Việc đăng ký của bạn"},
    "subject.account": {"en": "Your account", "vi": "Tài khoản của bạn"},
    "subject.profile": {"en": "The change of your profile", "vi": "Thay đổi hồ sơ của bạn"},
    "subject.room": {"en": "The room", "vi": "Phòng"},
    "gate.proved": {"en": "The labels prove it.", "vi": "Các nhãn đã chứng minh điều đó."},
    "gate.weeks": {
        "en": "With {labels} labels a week it takes {least} more weeks if no further hit is wrong,"
        " {most} if one is.",
        "vi": "Với {labels} nhãn mỗi tuần, cần thêm {least} tuần nếu không còn kết quả sai nào,"
        " {most} tuần nếu có thêm một kết quả sai.",
    },
    "gate.tight": {
        "en": "With {labels} labels a week it takes {least} more weeks if no further hit is wrong;"
        " if one is, the hits drawn so far do not suffice.",
        "vi": "Với {labels} nhãn mỗi tuần, cần thêm {least} tuần nếu không còn kết quả sai nào;"
        " nếu có thêm một kết quả sai thì số kết quả đã rút không đủ.",
    },
    "gate.scarce": {
        "en": "The hits drawn so far do not suffice any more. Go on with more of them later.",
        "vi": "Số kết quả đã rút không còn đủ. Hãy tiếp tục sau khi có thêm.",
    },
    "erased": {
        "en": "This record was erased. Only its entry in the public log remains.",
        "vi": "Bản ghi này đã bị xóa. Chỉ còn mục trong nhật ký công khai.",
    },
    **LISTED,
    **ORDER,
    "yes": {"en": "yes", "vi": "có"},
    "no": {"en": "no", "vi": "không"},
    "unknown": {"en": "unknown", "vi": "không rõ"},
}
