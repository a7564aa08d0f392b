"""What the cases of the demo are about. Invented, as are the places in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject, what is said about it, and the answers to the line's own questions."""

    title: str
    facts: str
    answers: Mapping[str, Any] = field(default_factory=dict)


def _subjects(*given: tuple[str, str, str], **more: Any) -> tuple[Subject, ...]:
    return tuple(Subject(title, facts, {"topic": topic, **more}) for topic, title, facts in given)


ANONYMOUS: Mapping[str, float] = {"letter": 0.35, "grievance": 0.12, "counselling": 0.1}
"""The share of anonymous ones."""

SUBJECTS: Mapping[str, Sequence[Subject]] = {
    "advice": _subjects(
        ("pay", "拖欠工资两个月", "公司以资金周转为由，已两个月没有发工资，想了解怎样追讨。"),
        ("pay", "加班费没有足额支付", "周末经常加班，工资条上没有加班费，考勤记录还在。"),
        ("pay", "年终奖离职后是否应发", "十一月离职，单位说年终奖不再发放。"),
        ("contract", "入职半年未签劳动合同", "入职已半年，单位一直拖着不签书面劳动合同。"),
        ("contract", "试用期被延长", "试用期满后单位要求再延长三个月。"),
        ("contract", "劳务派遣转正式合同", "派遣满两年，单位承诺转正但没有落实。"),
        ("hours", "年休假被取消", "今年的年休假没有安排，单位说过期作废。"),
        ("hours", "夜班津贴和调休", "连续夜班后没有安排调休，想了解有关规定。"),
        ("insurance", "社保缴费基数偏低", "查询发现单位按最低基数缴纳社保。"),
        ("insurance", "离职后社保断缴", "离职当月社保没有缴，想了解怎样补缴。"),
        ("injury", "上下班途中受伤认定", "下班途中被电动车撞伤，想申请工伤认定。"),
        ("injury", "工伤停工留薪期工资", "工伤休养期间单位只发基本工资。"),
        ("dismissal", "被口头辞退怎么办", "主管口头通知第二天不用来了，没有书面材料。"),
        ("dismissal", "经济补偿金计算", "单位裁员，想核对经济补偿金的计算年限和基数。"),
        ("other", "竞业限制协议是否有效", "签了竞业限制协议，但离职后没有收到补偿。"),
    ),
    "counselling": _subjects(
        ("stress", "最近压力很大", "项目集中，经常睡不好，想找人谈谈。"),
        ("stress", "倒班后情绪低落", "倒班半年，白天睡不着，情绪不好。"),
        ("mood", "总是提不起劲", "两个多月了，对什么都没有兴趣。"),
        ("family", "孩子叛逆沟通困难", "和上初中的孩子沟通不了，影响工作。"),
        ("family", "两地分居的烦恼", "和家人两地分居，常常争吵。"),
        ("people", "和同事相处不愉快", "和班组长有矛盾，不知道怎么处理。"),
        ("other", "退休前的焦虑", "明年退休，心里空落落的。"),
    ),
    "grievance": _subjects(
        ("pay", "夜班费标准偏低", "夜班费多年没有调整，希望重新核定。"),
        ("pay", "绩效分配不够透明", "科室绩效分配方案没有公开，希望说明。"),
        ("shift", "护理排班连续夜班过多", "本月连续夜班四次，希望调整排班。"),
        ("shift", "年休假难以安排", "科室人手紧，年休假一直排不上。"),
        ("safety", "发热门诊防护用品不足", "防护面屏和手套经常不够用。"),
        ("safety", "地下车库照明太暗", "夜班下班时地下车库照明太暗，不安全。"),
        ("logistics", "职工食堂夜间供餐", "夜班职工希望食堂延长供餐时间。"),
        ("logistics", "更衣室储物柜不够", "新入职人员没有储物柜。"),
        ("logistics", "值班室空调不制冷", "外科值班室空调坏了一周。"),
        ("manage", "外出进修名额公开", "希望公布进修名额和选派办法。"),
        ("idea", "建议增设母婴室", "门诊楼没有母婴室，建议增设。"),
        ("idea", "建议组织健步走活动", "建议春秋两季组织健步走。"),
        place="门诊楼三层",
    ),
    "letter": _subjects(
        ("report", "工会经费使用希望公开", "希望公布今年活动经费的使用情况。"),
        ("report", "车间通风不好", "喷涂车间通风设备老旧，气味很大。"),
        ("report", "单位迟迟不开职代会", "已经一年多没有开职工代表大会。"),
        ("rights", "女职工产假后被调岗", "产假回来被调到仓库，希望帮助协调。"),
        ("rights", "劳务派遣人员没有福利", "节日慰问没有派遣人员的份。"),
        ("idea", "建议增加技能比武项目", "建议把数控和电工列入今年的技能比武。"),
        ("idea", "希望开办暑期托管班", "双职工家庭暑假没人带孩子。"),
        ("thanks", "感谢法律援助律师", "律师帮助我们要回了工资，表示感谢。"),
        weight="normal",
    ),
}
ANSWERS: Mapping[str, Sequence[str]] = {
    "advice": (
        "根据劳动法律规定，您的主张有依据。建议先与单位书面协商，保留证据；协商不成可以申请调解或仲裁。",
        "已核对您提供的材料，计算结果和依据写在附页。请注意一年的仲裁时效。",
        "建议向劳动保障监察部门反映，同时可以申请本会调解，我们可以协助准备材料。",
    ),
    "counselling": ("已完成咨询，约定后续练习，需要时可以再次预约。", "已面谈并商定下次时间，感谢您的信任。"),
    "grievance": (
        "已与有关科室沟通，本月起调整，具体安排见通知。",
        "经核实情况属实，后勤部门已整改。",
        "已列入下季度计划，届时在院务公开栏公布。",
    ),
    "letter": (
        "来信收悉，已与单位工会核实并督促整改。",
        "感谢您的建议，已转有关部门研究采纳。",
        "已安排专人联系处理，结果已当面反馈。",
    ),
}
