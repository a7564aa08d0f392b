"""Names of people, firms and places that nobody bears: all are put together here, from a seed."""

from __future__ import annotations

from random import Random

from stdnum.cn import ric, uscc

SURNAMES = "王李张刘陈杨黄赵周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
GIVEN_FEMALE = "芳娜敏静丽艳娟霞秀英玲桂兰玉萍红梅琳婷雪慧莹洁颖倩蕾薇菲岚凝晓欣怡佳瑶诗涵梓萱语桐一诺可馨若曦安然"
GIVEN_MALE = (
    "伟强磊军洋勇杰涛超明刚平辉健俊峰凯浩华斌宇波宁亮志建国庆海东文武鹏飞晨阳子轩浩然宇航博远思源一鸣嘉树承泽景行"
)
SYLLABLES = "恒瑞泰和盛兴达通远宏博晟润禾嘉诚信安康佳美新锐创智科云川青柳汀枫石松北江海天星辰光华丰裕昌隆源鼎正方圆宇航翔腾飞联合众协力同心合"
TRADES = {
    "C": ("精密机械", "电子", "食品", "服装", "包装材料", "模具", "电器", "汽车零部件", "新材料", "医疗器械"),
    "E": ("建筑工程", "装饰", "市政"),
    "F": ("商贸", "百货", "医药", "五金"),
    "G": ("物流", "快运", "运输", "仓储"),
    "H": ("餐饮管理", "酒店", "宾馆"),
    "I": ("软件", "信息技术", "网络科技", "数据服务"),
    "K": ("物业管理", "房地产经纪"),
    "L": ("人力资源", "企业服务", "保安服务", "检测"),
    "M": ("工程设计", "生物科技", "检测技术"),
    "N": ("环境服务", "绿化养护"),
    "O": ("家政服务", "汽车维修", "洗涤服务"),
    "R": ("文化传媒", "体育"),
}
FORMS = {
    "170": "有限公司",
    "159": "有限公司",
    "169": "股份有限公司",
    "300": "（中国）有限公司",
    "200": "有限公司",
    "110": "公司",
    "151": "集团有限公司",
    "120": "合作社",
}
AREAS = (
    ("TOWN", "青岸镇"),
    ("TOWN", "柳汀镇"),
    ("TOWN", "北塘镇"),
    ("TOWN", "松桥镇"),
    ("TOWN", "梅渡镇"),
    ("TOWN", "龙湫镇"),
    ("STREET", "望江街道"),
    ("STREET", "枫林街道"),
    ("STREET", "石埠街道"),
    ("STREET", "新河街道"),
    ("STREET", "银杏街道"),
    ("STREET", "学府街道"),
    ("ZONE", "高新园区"),
    ("ZONE", "云杉科创园区"),
    ("ZONE", "东渡物流园区"),
)
DISTRICT = "云川区"
NOWHERE = "990101"
"""The first six digits of demo identity numbers: no county has this code, so no number is anybody's."""


class Names:
    """An endless supply of names and numbers from one seed; firm names and numbers never repeat."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 -- a demo, to be the same each time
        self._firms: set[str] = set()
        self._serial = 0

    def person(self, *, woman: bool) -> str:
        given = GIVEN_FEMALE if woman else GIVEN_MALE
        choice = self.random.choice
        return choice(SURNAMES) + choice(given) + (choice(given) if self.random.random() < 0.75 else "")

    def id_number(self, born: str, *, woman: bool) -> str:
        """A number with a right check digit and a county that does not exist; `born` is eight digits."""
        self._serial += 1
        county, order = divmod(self._serial, 500)
        body = f"99{county % 10000:04d}{born}{order * 2 + (0 if woman else 1):03d}"
        return body + ric.calc_check_digit(body + "0")

    def mobile(self) -> str:
        """Eleven digits in a range that is given to nobody."""
        self._serial += 1
        return f"100{self._serial:08d}"

    def credit_code(self, kind: str = "91") -> str:
        self._serial += 1
        body = f"{kind}990101MA{self._serial:07d}"
        return body + uscc.calc_check_digit(body)

    def firm(self, industry: str, category: str) -> str:
        for length in (2, 2, 2, 3, 3, 4):
            word = "".join(self.random.choice(SYLLABLES) for _ in range(length))
            trade = self.random.choice(TRADES[industry])
            name = f"{DISTRICT[:2]}{word}{trade}{FORMS[category]}"
            if name not in self._firms:
                self._firms.add(name)
                return name
        raise RuntimeError("the supply of firm names has run out")
