"""Ways to write a message past a list of words, made without any table of the screen's own.

The homophones and the traditional forms were written by hand, so that a gap in the tables of
`kuanxian.screen` is not hidden by the same gap here; whole pinyin is read phrase by phrase, by
tables of which `kuanxian.screen` uses none. ``python -m tests.screen.evasions`` prints the
share of each way that is still found.
"""

import random
from collections.abc import Callable
from typing import NamedTuple

from pypinyin import Style, pinyin

from kuanxian.screen import Pattern, Screen, load_screen
from kuanxian.screen.folder import screen_folder
from kuanxian.screen.pattern import Level

_HOMOPHONES = """
通同 通捅 讯迅 讯训 讯询 录路 录鹿 录露 爆报 爆抱 爆暴 催崔 催摧 收受 收手 款宽 还环 还孩
钱前 钱潜 欠倩 债寨 债宅 公工 公宫 公攻 司思 司斯 安按 安暗 法发 院愿 院怨 警景 警井 察查
察茶 坐座 坐作 牢劳 牢老 拘居 留流 留刘 逮带 捕补 立力 立利 案岸 案按 诈炸 诈榨 骗片 征争
征正 征整 信新 信心 黑嘿 名明 名鸣 单丹 单担 户护 户互 终中 终钟 身深 身申 家加 家佳 人仁
父付 父富 母亩 亲琴 亲勤 戚七 朋棚 友有 友右 同童 事是 事式 领岭 导岛 单胆 位为 位未 老佬
板版 邻林 居局 村春 知之 知支 道到 道稻 告高 告搞 诉素 诉速 群裙 发罚 打大 电店 电垫 话画
话化 微威 微薇 支之 付负 付附 宝饱 卡咖 账帐 账丈 号好 号浩 码马 码玛 转赚 专砖 个各 私丝
私撕 上尚 门们 门闷 费废 费肥 律绿 师诗 师失 死四 全泉 全权 拉啦 横恒 幅福 照兆 片骗 花画
圈全 弄农 砸杂 断段 腿退 孩还 子自 子紫 学雪 校笑 影硬 响想 冻动 冻洞 结节 结洁 查茶 封风
封峰 强墙 制治 制志 执直 执值 行形 行型 逃桃 逃陶 通彤 缉鸡 缉机 平评 平瓶 台抬 借界 借戒
贷带 贷代 网往 网忘 套逃 现线 现县 刷耍 额俄 度肚 凑臭 周洲 周粥 微维 爱艾 妻七 夫福 妹美
哥歌 姐解 弟地 弟递 儿而 女旅 婆破 公功 爸八 妈马 妈吗 逾于 逾鱼 期七 期其 失湿 信辛 被备
被背 执职 手首 续序 续叙 保宝 证正 证政 金今 金斤 解姐 冻栋 撤车 销消 狗苟 脸练 夜业 刀道
烧梢 血穴 饭范 路露 楼娄 喊罕 跪贵 砍坎
"""
"""A character and one that sounds like it."""

_TRADITIONAL = """
讯訊 录錄 还還 钱錢 债債 网網 贷貸 诈詐 骗騙 单單 户戶 终終 亲親 导導 邻鄰 诉訴 发發 电電
话話 宝寶 账賬 号號 码碼 转轉 个個 门門 费費 师師 断斷 学學 响響 冻凍 结結 强強 执執 现現
额額 凑湊 爱愛 儿兒 妈媽 续續 证證 销銷 们們 这這 过過 让讓 给給 说說 进進 处處 后後 来來
时時 联聯 关關 系係 见見 贴貼 墙牆 横橫 图圖 传傳 视視 频頻 区區 东東 亏虧 随隨 车車 楼樓
头頭 脸臉 丢丟 烂爛 会會 报報 庄莊 严嚴 听聽 阅閱 领領 务務 职職 协協 议議 应應 对對 长長
问問 闻聞 间間 马馬 鸟鳥 汉漢 书書 买買 卖賣 读讀 谁誰 谈談 请請 认認 识識 记記 论論 调調
诚誠 该該
"""
_PINYIN = """
通tong 讯xun 录lu 爆bao 催cui 收shou 款kuan 钱qian 欠qian 债zhai 公gong 司si 安an 法fa
院yuan 警jing 察cha 坐zuo 牢lao 立li 案an 骗pian 信xin 黑hei 名ming 户hu 家jia 父fu
母mu 亲qin 朋peng 友you 领ling 导dao 老lao 板ban 邻lin 村cun 告gao 群qun 打da 电dian
微wei 支zhi 付fu 宝bao 账zhang 号hao 码ma 私si 门men 律lv 师shi 死si 全quan 拉la
横heng 照zhao 片pian 花hua 砸za 断duan 腿tui 学xue 校xiao 冻dong 封feng 执zhi 逃tao 平ping
台tai 贷dai 网wang 额e 爱ai 妻qi 夫fu 妹mei 哥ge 姐jie 弟di 爸ba 妈ma 逾yu
期qi 手shou 保bao 证zheng 金jin 撤che 销xiao
"""

HOMOPHONES = _HOMOPHONES.split()
TRADITIONAL = {pair[0]: pair[1] for pair in _TRADITIONAL.split()}
PINYIN = {pair[0]: pair[1:] for pair in _PINYIN.split()}
_SOUND_ALIKE: dict[str, list[str]] = {}
for _pair in HOMOPHONES:
    _SOUND_ALIKE.setdefault(_pair[0], []).append(_pair[1])


def _between(marks: str) -> Callable[[random.Random, str], str]:
    return lambda chance, said: "".join(one + chance.choice(marks) for one in said)


def _swap(table: dict[str, list[str]], count: int) -> Callable[[random.Random, str], str | None]:
    """Replace so many characters; nothing where the text has too few that can be."""

    def written(chance: random.Random, said: str) -> str | None:
        able = [place for place, one in enumerate(said) if one in table]
        if len(able) < count:
            return None
        letters = list(said)
        for place in chance.sample(able, count):
            letters[place] = chance.choice(table[letters[place]])
        return "".join(letters)

    return written


def _letters_between(chance: random.Random, said: str) -> str:
    marks = "abcdefghijklmnopqrstuvwxyz"
    return "".join(one + "".join(chance.choices(marks, k=chance.randint(1, 2))) for one in said)


def _tags(chance: random.Random, said: str) -> str:
    name = chance.choice(("b", "i", "span", "font"))
    return "".join(f"<{name}>{one}</{name}>" if chance.random() < 0.5 else one for one in said)


def _as_pinyin(
    share: float, style: Style = Style.NORMAL, mark: str = ""
) -> Callable[[random.Random, str], str]:
    """Write two characters or more as pinyin, so many in a hundred of them."""

    def written(chance: random.Random, said: str) -> str:
        count = max(2, round(share * len(said)))
        chosen = set(chance.sample(range(len(said)), min(count, len(said))))
        read = [given[0] for given in pinyin(said, style=style)]
        parts = zip(read, said, strict=True)
        return "".join(
            mark + one if place in chosen else two for place, (one, two) in enumerate(parts)
        )

    return written


def _in_capitals(chance: random.Random, said: str) -> str:
    return _as_pinyin(0.5, mark=" ")(chance, said).upper()


def _full_width(_: random.Random, said: str) -> str:
    return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one + "　" for one in said)


def _traditional(_: random.Random, said: str) -> str | None:
    written = "".join(TRADITIONAL.get(one, one) for one in said)
    return written if written != said else None


def _drop(chance: random.Random, said: str) -> str:
    place = chance.randrange(len(said))
    return said[:place] + said[place + 1 :]


EVASIONS: dict[str, Callable[[random.Random, str], str | None]] = {
    "zero-width characters": _between("\u200b\u200c\u200d\u2060\ufeff"),
    "letters drawn as nothing": _between("\u115f\u1160\u3164\uffa0"),
    "dots and spaces": _between(" .·・-_|*~"),
    "emoji": _between("😀🔥💣✨📞"),
    "HTML tags": _tags,
    "traditional characters": _traditional,
    "full-width letters and spaces": _full_width,
    "letters and digits between": _between("abxyz0123456789"),
    "one or two letters between": _letters_between,
    "one homophone": _swap(_SOUND_ALIKE, 1),
    "two homophones": _swap(_SOUND_ALIKE, 2),
    "one character as pinyin": _swap({key: [sound] for key, sound in PINYIN.items()}, 1),
    "half as pinyin": _as_pinyin(0.5),
    "half as pinyin with tones": _as_pinyin(0.5, Style.TONE),
    "half as pinyin, capitals and spaces": _in_capitals,
    "all as pinyin": _as_pinyin(1),
    "a dropped character": _drop,
}


class Share(NamedTuple):
    """How many of the ways written were found."""

    caught: int
    written: int

    @property
    def rate(self) -> float:
        """The share found, 0 to 1."""
        return self.caught / max(1, self.written)


def said_by(screen: Screen, level: Level) -> list[tuple[str, str]]:
    """List what patterns of a level find: their examples, and phrases that are no expressions."""
    return [
        (pattern.id, said)
        for pattern in _patterns(screen, level)
        for said in (*pattern.must_hit, *(pattern.phrases if level is not Level.GAP else ()))
        if not any(one.isascii() for one in said)
    ]


def written_by(screen: Screen, least: int) -> list[tuple[str, str]]:
    """List the phrases of level ``character`` that have so many characters."""
    return [
        (pattern.id, said)
        for pattern in _patterns(screen, Level.CHARACTER)
        for said in pattern.phrases
        if len(said) >= least and not any(one.isascii() for one in said)
    ]


def _patterns(screen: Screen, level: Level) -> list[Pattern]:
    every = [one for category in screen.categories.values() for one in category.patterns]
    return [one for one in every if one.level is level]


def share_caught(
    screen: Screen, texts: list[tuple[str, str]], kind: str, variants: int = 1
) -> "Share":
    """Write each so often past the list, in the midst of a message, and look for it."""
    chance = random.Random(7)
    caught = []
    for pattern_id, said in texts * variants:
        written = EVASIONS[kind](chance, said)
        if written is not None:
            hits = screen.find(f"您好，{written}，请尽快。")
            caught.append(any(hit.pattern_id == pattern_id for hit in hits))
    return Share(sum(caught), len(caught))


def main() -> None:
    """Print the table of ``docs/reference/screen.md``."""
    screen = load_screen(screen_folder("cn"))
    columns = {str(level): said_by(screen, level) for level in Level}
    columns["character, three or more"] = written_by(screen, 3)
    print(f"| written with | {' | '.join(columns)} |\n| --- |{' ---: |' * len(columns)}")
    for kind in EVASIONS:
        shares = [share_caught(screen, texts, kind, 3) for texts in columns.values()]
        print(f"| {kind} | {' | '.join(f'{one.rate:.3f} of {one.written}' for one in shares)} |")


if __name__ == "__main__":
    main()
