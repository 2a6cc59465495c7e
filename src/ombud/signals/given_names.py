"""Names that many people bear, in English and Vietnamese: whoever is called so looks like a
namesake, which proves nothing.

The words were put together by hand for this program, from general knowledge of both languages; they
are not a copy of anybody's table, and say nothing of how frequent a name is. Vietnamese words stand
without diacritics, family, middle and given names in one set, since each can be any of them. This
module must never be used to guess who somebody is, where from, or of which sex.
"""

from __future__ import annotations

import functools
import unicodedata

from ombud.signals import views

WORDS_MAX = 3  # a name of more common words is rare enough to be one person's
_LENGTH_MAX = 40  # letters; no common name is longer
_PARTS_MAX = 3  # names written together: "minhanh", "nguyenvanan"

_VIETNAMESE = """
an anh au ba bach bang bao be bich binh boi bui cam can canh cao cat chanh chau chi chien chinh chu
chung chuong co cong cu cuc cung cuong da dac dai dam dan dang danh dao dat diem dien diep dieu dinh
do doan doanh don dong du duc dung duong duy duyen gam gia giac giang giao ha hai han hang hanh hao
hau hien hiep hieu ho hoa hoai hoan hoang hoc hoi hong hop hua hue hung huong huu huy huyen huynh
kha khac khai khang khanh khiem khoa khoi khue khuong kien kiet kieu kim ky la lac lai lam lan lanh
le len lich lien lieu linh lo loan loc loi long lua luan luc luong luu luyen ly mac mai man manh mau
may men mien minh mo my nam nga ngan nghi nghia nghiem ngo ngoan ngoc ngon nguyen nguyet nha nham
nhan nhat nhi nhien nho nhu nhuan nhung nhut ninh nu nuong oanh pha phac pham phan phat phi pho
phong phu phuc phung phuoc phuong quan quang que quoc quy quyen quyet quynh sam sang sinh son song
suong sy ta tai tam tan tang tao tau thach thai tham than thang thanh thao thap the them thi thien
thieu thinh tho thoa thoai thom thong thu thuan thuc thuoc thuong thuy thuyen tien tieu tin tinh to
toai toan toi ton tong tra trac tram tran trang tri trieu trinh trong tru truc trung truong tu tuan
tue tung tuoi tuong tuyen tuyet ty uc ung uyen van vi viec viem vien viet vinh vo vu vuong vy xuan
xuyen y yen
"""
_ENGLISH = """
aaron abby abigail adam adele adrian aidan alan albert alex alexa alexander alexandra alfie alfred
ali alice alicia alison allison amanda amber amelia amy ana andrea andrew andy angela angie anita
ann anna anne annie anthony antonio archie arthur ashley audrey austin ava barbara becky bella ben
benjamin bernard beth betty bill billy bob bobby brad bradley brandon brenda brian bruce bryan
caleb callum cameron carl carla carlos carol caroline catherine cathy charles charlie charlotte
chelsea chloe chris christian christina christine christopher cindy claire clara cody colin connor
craig crystal cynthia daisy dan dana daniel daniela danielle danny dave david dawn dean debbie
deborah denise dennis derek diana diane diego don donald donna doris dorothy doug douglas dylan
eddie edgar edith edward edwin eileen elaine eleanor elena eli elijah elizabeth ella ellen ellie
emily emma eric erica erik erin ethan eva evan eve evelyn faith felix fiona florence frances
francis frank fred freddie gabriel gabriela gail gary gavin gemma gene george georgia gerald gina
glenn gloria grace graham grant greg gregory hailey hannah harold harriet harry harvey hazel heather
heidi helen helena henry holly howard hugh hugo ian irene iris isaac isabel isabella isla ivan ivy
jack jackie jackson jacob jade jake james jamie jan jane janet janice jared jasmine jason jay jean
jeff jeffrey jen jenna jennifer jenny jeremy jerry jess jesse jessica jill jim jimmy jo joan joanna
joe joel john johnny jon jonathan jordan jorge jose joseph josh joshua joyce juan judith judy julia
julian julie june justin karen karl kate katherine kathleen kathy katie kay keith kelly ken kenneth
kerry kevin kim kimberly kirsty kyle lara larry laura lauren lawrence leah lee leo leon leonard
leslie lewis liam lilian lily linda lisa liz logan lois lola lorraine louis louise lucas lucy luis
luke lydia lynn madison maggie marcus margaret maria marie marilyn mario marion mark martha martin
marvin mary mason matt matthew maureen max maya megan melanie melissa mia michael michelle miguel
mike mila miles millie miriam mohammed molly monica morgan muhammad nancy naomi natalie natasha
nathan neil nicholas nick nicola nicole nigel nina noah noel nora norman oliver olivia omar oscar
owen pam pamela pat patricia patrick paul paula pauline pedro peggy penny peter phil philip phoebe
poppy rachel ralph ray raymond rebecca rhys ricardo richard rick rita rob robert roberta robin roger
ron ronald rosa rose rosie ross roy ruby russell ruth ryan sally sam samantha samuel sandra sara
sarah scott sean sebastian sharon sheila shirley simon sofia sophia sophie stacey stan stanley
stella stephanie stephen steve steven stewart stuart sue susan suzanne sylvia tanya tara teresa
terry tess theo theodore theresa thomas tiffany tim timothy tina toby todd tom tommy toni tony tracy
travis trevor tyler valerie vanessa vera veronica vicky victor victoria vincent violet virginia
vivian wanda warren wayne wendy will william willie yvonne zachary zoe
"""
_FAMILY = """
adams allen anderson bailey baker barnes bell bennett brooks brown butler campbell carter chapman
clark clarke collins cook cooper cox cruz davies davis diaz edwards ellis evans fisher flores foster
garcia gomez gonzalez gray green griffin hall harris harrison hayes hernandez hill hughes hunt
jackson jenkins johnson jones kelly khan king knight lee lewis lopez marshall martin martinez mason
miller mills mitchell moore morales morgan morris murphy murray myers nelson ortiz palmer parker
patel perez perry peterson phillips powell price ramirez reed reyes reynolds richards richardson
rivera roberts robinson rodriguez rogers ross russell sanchez sanders scott shaw simpson singh smith
stevens stewart sullivan taylor thomas thompson torres turner walker ward watson webb white williams
wilson wood wright young
"""
COMMON = frozenset(f"{_VIETNAMESE} {_ENGLISH} {_FAMILY}".split())


@functools.lru_cache(maxsize=32_768)
def everyday(name: str) -> tuple[str, ...]:
    """The words of a name that many people bear, without diacritics and numbers; empty where it is
    none: other words in it, letters in disguise, or more than WORDS_MAX words.

    Only the name as it is written counts: letters of another script, hidden characters or a capital
    I for an L make it no common name, whatever it looks like.
    """
    if len(name) > 4 * _LENGTH_MAX:
        return ()
    written = unicodedata.normalize("NFC", name).casefold().replace("_", " ")
    found: list[str] = []
    for word in views.words(views.fold(" ".join(written.split()))):
        letters = word.strip("0123456789")
        if not letters:
            continue
        parts = (letters,) if letters in COMMON else _apart(letters, _PARTS_MAX)
        found += parts
        if not parts or len(found) > WORDS_MAX:
            return ()
    return tuple(found) if _only_words(written) else ()


def _only_words(written: str) -> bool:
    """Whether nothing but printable characters is in it: what is hidden is no part of a name."""
    return all(letter.isprintable() for letter in written)


def _apart(letters: str, most: int) -> tuple[str, ...]:
    """A word as two or more common names written together; the longest first one wins."""
    if most < 2 or len(letters) > _LENGTH_MAX:
        return ()
    for end in range(len(letters) - 2, 1, -1):
        first, rest = letters[:end], letters[end:]
        if first in COMMON:
            more = (rest,) if rest in COMMON else _apart(rest, most - 1)
            if more:
                return (first, *more)
    return ()
