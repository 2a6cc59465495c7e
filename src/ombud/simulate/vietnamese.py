"""What the simulated community says in Vietnamese: sentence patterns with slots, by topic.

Every sentence is made up for this program. Words in braces are slots, filled from `SLOTS`.
This module must never hold a real brand, person or place, nor an address that is not reserved.
"""

from __future__ import annotations

from ombud.simulate.language import Language

_GENERAL = (
    "Hôm nay trời {weather} quá, mình đi bộ ra {place} rồi về.",
    "{day} này mọi người có kế hoạch gì chưa?",
    "Nghe nói {place} gần nhà mình {day} mở cửa lại rồi.",
    "{relative} mình mừng sinh nhật, bánh kem hết trong {number} phút.",
    "Trời {weather} thế này có ai khó ngủ giống mình không?",
    "Dọn nhà tìm thấy cái {thing} cũ, vẫn còn dùng được cả nhà ạ.",
    "Sáng nay ra bờ sông gặp {number} con {animal}, dễ thương lắm.",
    "Công việc hơi chậm, mọi người kể một chuyện vui cho mình nghe với.",
    "Xe buýt trễ {number} phút mà ai cũng cười chào nhau.",
    "Lớn rồi mới học bơi, chúc mình may mắn {day} này nhé!",
    "Mình đang đọc một quyển về {topic}, hay hơn mình tưởng.",
    "Xóm mình có điện lại sau {number} tiếng, {relative} vỗ tay mừng.",
    "Con {animal} nhà mình biết mở tủ lạnh rồi, cứu mình với.",
    "Ai đi gặp mặt ở {place} {day} này giơ tay nào?",
    "Cả tuần trời {weather}, phơi đồ mãi không khô.",
    "Mình kê lại cái tủ ba lần, cuối cùng lại để chỗ cũ.",
)
_KITCHEN = (
    "Mình nấu {food} cho {number} người, hết sạch không còn gì.",
    "Luộc {ingredient} bao lâu thì mềm vậy cả nhà?",
    "Thử làm {food} với {ingredient}, ăn cũng được lắm.",
    "{relative} bảo món {food} nhạt, mà mình thấy vừa rồi.",
    "Còn nửa ký {ingredient} thì nấu món gì bây giờ?",
    "Bí quyết nấu {food} ngon là kiên nhẫn và cái nồi thật dày.",
    "Mải đọc tin nhắn nên cháy mất nồi {food}, nhưng mà vui.",
    "Có ai cấp đông {food} chưa? Một tuần sau còn ngon không?",
    "Món {food} đầu mùa đây, cả bếp thơm lừng.",
    "Ăn {food} kèm với món gì ngoài cơm trắng nhỉ?",
    "Đang nấu dở thì hết {ingredient}, đúng là số mình.",
    "Bếp nhà mình lửa lớn nên {food} chín sớm hơn {number} phút.",
    "Sáng ra ăn lại {food} hôm qua, {relative} bảo không sao.",
    "{day} này nấu chung ở {place}, ai có {ingredient} mang theo nhé.",
    "Mọi người dùng dao nào để thái {ingredient}? Dao mình toàn làm nát.",
)
_GARDEN = (
    "Chậu {plant} đầu tiên nảy mầm sáng nay rồi!",
    "Lá {plant} nhà mình bị vàng, có phải tưới nhiều quá không?",
    "Mình kịp trồng {number} luống {plant} trước khi mưa.",
    "Ốc sên lại ăn hết {plant}, giận ghê.",
    "Khi nào thì đem {plant} ra ngoài trời được? Đêm vẫn còn {weather}.",
    "Mình dư {number} chậu {plant}, ai cần ra {place} mình tặng.",
    "Chiều nào cũng có một con {animal} ngồi cạnh chậu {plant} nhìn mình làm.",
    "Cho hỏi ủ phân thì bỏ {ingredient} vào được không, có mùi không?",
    "Năm ngoái cắt sát gốc {plant}, năm nay lên um tùm.",
    "{relative} cứ tưới {plant} lúc giữa trưa, nói mãi không nghe.",
    "Mình giữ hạt {plant} từ năm trước, nảy được {number} hạt.",
    "Ban công nửa ngày {weather} thì trồng {plant} được không ạ?",
    "Sương muối làm hỏng {plant}, may mà {ingredient} còn nguyên.",
    "{day} rồi mình đóng cái bồn trồng rau, giờ đau cả lưng.",
    "Nên trồng gì cạnh {plant} để cả hai cùng tốt hả mọi người?",
)
_GAMES = (
    "Tối {day} có ai chơi {game} một ván không?",
    "Mình thua {relative} {number} ván {game} liền, buồn cười quá.",
    "Tối qua nhóm mình chơi xong {game}, đoạn kết hay lắm.",
    "Hai người rảnh một buổi tối thì nên chơi trò gì?",
    "Chơi mãi mà mình vẫn chưa hiểu cách tính điểm của {game}.",
    "Màn {number} khó quá, hay là mình già rồi.",
    "Luật nhà mình: ai thắng {game} thì pha trà.",
    "Con {animal} nhà mình đi ngang bàn và thắng ván {game}.",
    "Nhóm còn thiếu {number} bạn chơi {game} ở {place}.",
    "Mình dạy bọn trẻ hàng xóm chơi {game}, tụi nó ăn gian giỏi ghê.",
    "Chỉ chơi {game} mỗi {day} thì có nên mua thêm bản mở rộng không?",
    "Vừa tô màu xong {number} con tướng nhỏ, mỏi hết cả mắt.",
    "Mất một quân {game}, mình lấy cái nút áo thay vào.",
    "Vui nhất tuần: hòa ván {game} sau {number} tiếng.",
    "Mọi người thích làm giải {game} nho nhỏ vào {day} tới không?",
)
_MUSIC = (
    "Mình tập {instrument} {number} ngày liền không nghỉ buổi nào!",
    "Ở đây có bạn nào thuận tay trái mà chơi {instrument} không?",
    "Dàn hợp xướng hát ở {place} {day} này, mời mọi người ghé nghe.",
    "Thay dây mới cho {instrument}, nghe như cây đàn khác.",
    "{relative} bảo mình chơi nhỏ lại, mà mình chơi {instrument} mà.",
    "Mình viết bài hát về con {animal} nhà mình, dài {number} đoạn.",
    "Trời {weather} thì mọi người hay nghe gì?",
    "Người lớn học đọc nốt nhạc kiểu gì ạ? Mình mới tới trang {number}.",
    "Tụi mình thu tiếng {instrument} trong nhà tắm, vang hay lắm.",
    "Bài hát chậm trong đêm nhạc {day} cứ vang trong đầu mình mãi.",
    "Mua {instrument} cũ loại tốt hay mới loại rẻ vậy cả nhà?",
    "Đau hết đầu ngón tay nhưng chuyển hợp âm được rồi.",
    "Nhóm nhạc nhỏ tập {day} hằng tuần đang tìm bạn chơi {instrument}.",
    "Cái đài cũ của {relative} chỉ bắt được một kênh, mà kênh đó hay.",
    "Mình hát trước {number} người ở {place}, quên một câu mà không ai biết.",
)
_HELP = (
    "{device} nhà mình cập nhật xong không lên, nên kiểm tra từ đâu?",
    "Lau {device} thế nào cho khỏi xước vậy mọi người?",
    "Cứ {number} phút {device} lại kêu một lần, ai biết vì sao không?",
    "Xong rồi ạ, do sợi dây cắm. Lúc nào cũng là sợi dây.",
    "Ai giải thích {topic} cho mình thật đơn giản được không?",
    "{day} này mình cần mượn {tool}, mình ở gần {place}.",
    "Làm thẻ đọc sách ở {place} cần giấy gì ạ?",
    "{relative} mình lại quên mật khẩu của {device} rồi.",
    "Ốc của {device} đời cũ cỡ bao nhiêu? Mình chỉ có {tool}.",
    "Chạy {number} phút mà {device} đã nóng thì có bình thường không?",
    "Mình ghi lại cách sửa {device}, ai hỏng giống mình thì hỏi nhé.",
    "Gần {place} có chỗ nào in được {number} trang không ạ?",
    "Mọi người biết thầy cô nào kiên nhẫn dạy {topic} không?",
    "Sơn dính vào {tool} từ {day}, khô rồi thì tẩy bằng gì?",
    "Sách hướng dẫn {device} dày {number} trang mà đọc không hiểu gì.",
)

REPLIES = (
    "Nhà mình cũng vậy, bị {number} ngày liền.",
    "Đọc mà cười quá, cảm ơn bạn.",
    "Bạn thử dùng {tool} trước xem sao.",
    "Câu hỏi hay, để mình hỏi {relative} cho.",
    "Chúc mừng bạn nhé! {day} vui vẻ nha.",
    "Năm ngoái mình cũng bị, rồi tự hết.",
    "Mình nghĩ hơi khác nhưng hiểu ý bạn.",
    "Bạn kể rõ hơn cách làm được không?",
    "Cứ từ từ, ở đây không ai vội đâu.",
    "{day} cho mình theo với!",
    "Mình thử {number} lần rồi bỏ cuộc.",
    "Bạn ra {place} hỏi thử, người ta nhiệt tình lắm.",
    "Thương bạn, mong {day} mọi chuyện khá hơn.",
    "Đúng rồi, thêm chút {ingredient} còn ngon nữa.",
    "Con {animal} nhà mình y chang luôn.",
    "Cảm ơn bạn, đúng cái mình đang cần.",
    "Mình cho mượn tới {day} được đó.",
    "Làm xong nhớ khoe cả nhà xem nha.",
    "Mình mất {number} tuần mới xong, đừng nản.",
    "Nghe vui quá, gửi lời thăm {relative} giúp mình.",
    "Cẩn thận nha, qua {number} phút là nóng lắm.",
    "Bên mình trời {weather} nên ở nhà cả ngày.",
    "Bạn nói đúng, mình nhầm rồi.",
    "Ghi lại liền kẻo quên, mình hay quên lắm.",
    "Mình chưa có, mà giờ cũng muốn một cái.",
    "Tùy bạn ơi, cái của bạn hơn {number} năm chưa?",
    "Mình cũng đang thắc mắc chuyện này.",
    "Giỏi quá, việc đó khó hơn nhìn nhiều.",
    "Bạn tắt đi chừng {number} phút rồi mở lại thử.",
    "{day} không thấy bạn, mừng bạn quay lại.",
)

INTRODUCTIONS = (
    "Chào cả nhà, mình mới vào. Mình thích {topic} và món {food}.",
    "Xin chào mọi người! {relative} mình giới thiệu mình tới đây.",
    "Mình mới, nhà gần {place}, nuôi {number} con {animal}.",
    "Rất vui được gặp mọi người. Đọc lén {number} tuần giờ mới dám viết.",
    "Chào các bạn! Mình đang học {instrument}, mong có bạn học cùng.",
    "Mình vừa chuyển nhà tới, chưa quen ai. Mình trồng {plant}.",
    "Gửi lời chào từ nơi trời {weather}, mình vào đây vì {game}.",
    "Mình mới và hơi ngại. Mọi người thích phòng nào nhất?",
    "Chào mọi người, mình trực ca đêm nên hay viết lúc khuya.",
    "Mình nghỉ hưu từ {day}, đang kiếm việc gì vui để làm ạ.",
    "Bài đầu tiên của mình. Mình nấu {food} hoài, xin thêm món với!",
    "Chào cả nhà, mình vào vì thấy mọi người nói chuyện {topic}.",
)

WITH_LINK = (
    "Mình ghi chép về {topic} ở đây: {link}",
    "Giờ mở cửa của {place} ở {link} nếu ai cần ạ.",
    "Trang này giúp mình sửa được {device}: {link}",
    "Ảnh vườn {plant} hôm {day}: {link}",
    "Công thức {food} có bạn hỏi đây ạ: {link}",
    "Bản nhạc cho {instrument}, in thoải mái: {link}",
    "Luật chơi {game} giải thích dễ hiểu: {link}",
    "Bản đồ đường tới {place} đây: {link}",
    "Bài dài về {topic}, đáng đọc cả buổi tối: {link}",
    "Trang của câu lạc bộ là {link}, buổi tới vào {day}.",
)

WITH_MENTION = (
    "@{name} ơi món {food} hôm bữa sao rồi?",
    "@{name} còn cần mượn {tool} không?",
    "Cảm ơn @{name}, mẹo sửa {device} dùng được lắm!",
    "@{name} mình để dành {number} cây {plant} con cho bạn.",
    "Chuyện {topic} chắc @{name} rành hơn mình.",
    "@{name} {day} rảnh chơi {game} không?",
    "Chúc mừng sinh nhật @{name}! Ăn bánh ở {place} nhé?",
    "@{name} nói đúng về cây {instrument} rồi.",
    "Mọi người thấy cái @{name} làm chỉ với một {tool} chưa?",
    "@{name} hẹn gặp ở {place} {day} nha.",
)

TAILS = (
    "Cảm ơn mọi người trước ạ!",
    "Không gấp đâu ạ.",
    "Mình hỏi cho biết thôi.",
    "Vui cả {day} luôn.",
    "{relative} mình thì không chịu.",
    "Ai biết chỉ mình với.",
    "Hôm nay vậy thôi nha.",
    "{day} mình thử lại.",
    "Có gì mình kể tiếp.",
    "Bữa nào trời bớt {weather} mình gửi ảnh.",
    "Mà uống trà cái đã.",
    "Ít ra con {animal} cũng thích.",
    "Chúc cả nhà {day} vui.",
    "Làm {number} lần mới được đó.",
    "Càng làm càng học được nhiều.",
    "{relative} gửi lời chào cả nhà.",
)

SLOTS = {
    "animal": ("mèo", "chó", "vịt", "thỏ", "ngỗng", "vẹt", "dê", "gà", "sóc"),
    "day": ("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật"),
    "device": (
        *("máy in", "ấm điện", "máy khâu", "cái đài", "máy tính", "máy ảnh", "đèn xe đạp"),
        *("lò nướng", "máy hát", "điện thoại", "máy hút bụi", "đồng hồ"),
    ),
    "food": (
        *("canh chua", "bánh xèo", "chè đậu", "gỏi cuốn", "bún riêu", "cơm chiên", "cháo gà"),
        *("bánh bao", "thịt kho", "phở gà", "cà ri", "bánh khoai"),
    ),
    "game": (
        *("cờ tướng", "cờ vua", "đô-mi-nô", "ô ăn quan", "bài cướp biển", "ghép hình tàu hỏa"),
        *("trò hòn đảo", "đoán chữ", "trò hang động", "cờ cá ngựa", "mạt chược"),
    ),
    "ingredient": (
        *("rau mùi", "gừng", "bí đỏ", "đậu xanh", "tỏi tây", "chanh", "mận", "mè", "khoai lang"),
        *("rau muống", "nấm rơm", "đậu phụ"),
    ),
    "instrument": (
        *("ghi-ta", "vĩ cầm", "sáo trúc", "đàn tranh", "dương cầm", "trống", "đàn bầu"),
        *("kèn", "đàn nguyệt", "đàn nhị"),
    ),
    "number": ("ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười", "mười hai", "hai mươi"),
    "place": (
        *("thư viện", "chợ làng", "cây cầu cũ", "bến cảng", "nhà văn hóa", "hồ bơi", "ga tàu"),
        *("bờ hồ", "sân trường", "tiệm bánh", "bảo tàng", "quảng trường"),
    ),
    "plant": (
        *("húng quế", "cà chua", "hướng dương", "đậu que", "oải hương", "dâu tây", "bạc hà"),
        *("hoa hồng", "ớt", "bí ngòi", "tỏi", "mồng tơi"),
    ),
    "relative": (
        *("chị gái", "anh trai", "mẹ", "bố", "bà ngoại", "ông nội", "dì", "chú", "con gái"),
        *("con trai", "em họ", "bác hàng xóm"),
    ),
    "thing": ("máy ảnh", "xe đạp", "con diều", "máy chữ", "cái lều", "ống nhòm", "đèn bão", "đài"),
    "tool": ("cái thang", "máy khoan", "tua vít", "cái cưa", "cái búa", "cọ sơn", "cờ lê", "xẻng"),
    "topic": (
        *("làm bánh mì", "ngắm chim", "đóng sách", "tờ khai thuế", "đan len", "bản đồ cổ"),
        *("sửa xe đạp", "điện mặt trời", "sơ cứu", "nuôi ong", "chòm sao", "làm gốm"),
    ),
    "weather": ("mưa", "nắng", "gió", "sương mù", "lạnh", "âm u", "ấm", "giông", "nồm"),
}

VIETNAMESE = Language(
    code="vi",
    talk={
        "general": _GENERAL,
        "kitchen": _KITCHEN,
        "garden": _GARDEN,
        "games": _GAMES,
        "music": _MUSIC,
        "help": _HELP,
    },
    replies=REPLIES,
    introductions=INTRODUCTIONS,
    with_link=WITH_LINK,
    with_mention=WITH_MENTION,
    tails=TAILS,
    slots=SLOTS,
    given_names=(
        *("An", "Bình", "Chi", "Dung", "Giang", "Hà", "Hạnh", "Hòa", "Hương", "Khánh"),
        *("Lan", "Linh", "Loan", "Mai", "Minh", "My", "Nam", "Nga", "Ngân", "Phúc"),
        *("Quân", "Sơn", "Tâm", "Thảo", "Thu", "Trang", "Tú", "Uyên", "Vy", "Yến"),
    ),
    by_names=(
        *("ấm trà", "đồng cỏ", "mộc", "bến sông", "lồng đèn", "mái hiên", "xe đạp", "gác mái"),
        *("cúc áo", "lá phong", "sỏi", "bếp lửa", "chim én", "cỏ non", "mứt gừng", "la bàn"),
        *("áo mưa", "hạt dẻ", "đàn bầu", "tiệm bánh", "vườn cam", "vũng nước", "hải đăng", "quế"),
    ),
)
