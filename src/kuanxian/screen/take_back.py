"""Take back: what a denial, a warning or an answer says is not what it threatens.

``我们不会爆通讯录``, ``遇到爆通讯录请保留证据`` and ``会坐牢吗？一般不会`` hold the words of
a threat and are none. Only formulas count, and only in the sentence of the hit: a stray 不
("不还钱就…") takes nothing back, and neither does a warning in the sentence before.
"""

import re
from typing import Final

import re2

from kuanxian.screen.normalise import normalise, without_latin

_DENIAL: Final = re2.compile(
    r"(?:不会让|不会|不得|不能|不应|不应当|不允许|不需要|不收取|绝不|决不|从不|从未|并未|未曾|严禁|禁止|不要|切勿|请勿|杜绝"
    r"|不敢|无权|没有权利|没有权力|拒绝|不存在|没有|不建议|不必|无需|避免|未委托|(?:^|[^要还再能得])不|(?:^|[^特个分区])别)"
    r"(?:再|以任何|方式|形式|理由|擅自|私自|主动|随意|通过|渠道|或|和|也|向|对|您|你|任何|第三方|第三人|他人|其他|外"
    r"|要求|强迫|强制|诱导|引导|鼓励|推荐|劝说|暗示|把|将|给|会|去|为了|用|的|在|单位|转账|转|打款|汇款|付款|还款|上门|查封|扣押|冻结|划扣)*$"
)
"""A denial that ends where the hit begins."""

_ANSWER: Final = re2.compile(
    r"^.{0,8}[吗么嘛](?:|.{0,5}[^要信怕敢])(?:不[^还接回想]|没)|^[的]?.{0,4}(?:是)?(?:不可以|不行|不允许|都是假|是假的|违法)"
)
"""A question right behind the hit that is answered with no."""

_REPORT: Final = re2.compile(
    r"(?:^|[^就])是诈骗(?:[^犯分罪]|$)|骗局|都是骗子|骗子会|骗子常|谨防|警惕|不要相信|请勿相信|勿轻信|不要轻信|别信|切勿|如遇|如有人|如果有人|如果对方|如果催收|对方说|遇到"
    r"|冒充|自称|侵犯|可以要求|一律拒绝|挂断|96110|12378|保留证据|保留录音|保留截图|保存证据|记得截图|您投诉|您的投诉|您反映|您提到"
    r"|您所说|您质疑|您收到的|误收|多收的|退回|退还|免除|建议您(?:拒绝|报警|保留|向公安|拨打)|不建议|小课堂|民警提示|警方提醒|警方通报|辟谣|不得出现"
    r"|团伙|受害人|获刑|被告人|宣判|电影|小说|剧情|剧本|台词|网络梗|是法院的|质检|抽检|例会|投诉案例|字样|法治宣传|举报的|请截图|没有义务|提高警惕|从未|伪造|打110|拨打110|没有法律依据"
)
"""A formula of a warning, an answer to a complaint, or advice."""

_ENDS: Final = "。！？!?\n；;"
_END: Final = re.compile(f"[{_ENDS}]")
_NEAR: Final = 60
"""Characters of the original looked at on each side."""


def takes_back(message: str, begin: int, end: int) -> bool:
    """Tell whether the sentence of a hit denies it, warns of it or reports it.

    Letters and digits are left out of a denial and of an answer, as they are of the hit.

    Args:
        message: The original.
        begin: Index of the first character of the hit.
        end: Index behind its last.

    Example:
        >>> takes_back("我们不会爆通讯录", 4, 8), takes_back("不还钱就爆通讯录", 4, 8)
        (True, False)
    """
    before = without_latin(normalise(message[max(0, begin - _NEAR) : begin]))
    behind = without_latin(normalise(message[end : end + _NEAR]))
    if _DENIAL.search(before[-24:]) or _ANSWER.search(behind):
        return True
    first = max(message.rfind(mark, 0, begin) for mark in _ENDS) + 1
    stop = _END.search(message, end)
    sentence = message[first : stop.start() if stop else None]
    return _REPORT.search(normalise(sentence)) is not None
