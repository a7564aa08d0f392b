"""The spreadsheet of members, with the headers cadres really write."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuniu.kernel.exchange import parse
from shuniu.kernel.exchange.sheet import CellError, Column, Sheet
from shuniu.registry.enums import Education, Employment, GroupTag, Household, IdType, Political, Sex

_TAG = parse.choice(
    dict(GroupTag.choices),
    synonyms={
        GroupTag.TRUCK: ("货车司机", "卡车司机"),
        GroupTag.COURIER: ("快递员", "快递小哥"),
        GroupTag.CARER: ("护工护理员", "护工", "护理员"),
        GroupTag.DOMESTIC: ("家政服务员", "家政"),
        GroupTag.SHOP: ("商场信息员",),
        GroupTag.FOOD: ("网约送餐员", "外卖配送员", "外卖骑手", "外卖员"),
        GroupTag.ESTATE: ("房产中介员", "房产中介"),
        GroupTag.GUARD: ("保安员", "保安"),
        GroupTag.RIDE: ("网约车司机",),
    },
)


def tags(cell: str) -> str:
    """Codes of several groups, joined by commas, from a cell such as `快递员、网约车司机`."""
    named: Iterable[str] = cell.replace("，", ",").replace("、", ",").replace(";", ",").replace("；", ",").split(",")
    return ",".join(sorted({_TAG(one.strip()) for one in named if one.strip()}))


def mobile(cell: str) -> str:
    """Eleven digits that begin with 1, blanks, dashes and a leading +86 left out."""
    digits = parse.clean(cell).replace(" ", "").replace("-", "").removeprefix("+86")
    digits = digits.removesuffix(".0")
    if len(digits) == 11 and digits[0] == "1" and digits.isascii() and digits.isdigit():
        return digits
    raise CellError(_("This is not a mobile number: eleven digits that begin with 1 are needed."))


SHEET = Sheet(
    key="members",
    title=gettext_lazy("Members"),
    icon="users",
    help=gettext_lazy(
        "One row a person. The identity number decides whether somebody is new or known; a row of somebody already "
        "known corrects the record, and one that says nothing new changes nothing."
    ),
    columns=(
        Column(
            "name",
            gettext_lazy("Name"),
            parse.text(50),
            synonyms=("会员姓名", "职工姓名", "人员姓名", "名字", "姓名"),
            required=True,
            example="林晓禾",
            width=12,
        ),
        Column(
            "id_type",
            gettext_lazy("Kind of identity document"),
            parse.choice(
                dict(IdType.choices),
                synonyms={
                    IdType.RESIDENT: ("身份证", "居民身份证", "二代身份证", "1"),
                    IdType.PASSPORT: ("护照",),
                    IdType.HK_MACAO_TAIWAN: ("港澳台证", "港澳居民来往内地通行证", "台胞证", "台湾居民来往大陆通行证"),
                },
            ),
            synonyms=("证件类型", "证件种类", "证件名称"),
            choices=dict(IdType.choices),
            help=gettext_lazy("Empty means the resident identity card."),
            width=14,
        ),
        Column(
            "id_number",
            gettext_lazy("Identity number"),
            parse.text(30),
            synonyms=("证件号码", "身份证号", "身份证号码", "证件号", "身份证", "公民身份号码", "身份证件号码"),
            required=True,
            secret=True,
            example="110105199003070025",
            width=22,
        ),
        Column(
            "mobile",
            gettext_lazy("Mobile"),
            mobile,
            synonyms=("手机", "手机号", "手机号码", "联系电话", "移动电话", "电话", "联系方式"),
            secret=True,
            example="13900000000",
            width=14,
        ),
        Column(
            "organisation",
            gettext_lazy("Union"),
            parse.text(120),
            synonyms=(
                "所属工会",
                "所在工会名称",
                "所属基层工会",
                "所属工会组织",
                "工会名称",
                "基层工会",
                "所在工会",
                "工会",
                "工会编号",
                "所属工会名称",
                "单位工会",
            ),
            required=True,
            help=gettext_lazy("The union's full name or number."),
            example="云川精工有限公司工会",
            width=30,
        ),
        Column(
            "joined_on",
            gettext_lazy("Joined on"),
            parse.day,
            synonyms=("入会日期", "入会时间", "加入工会时间", "加入日期"),
            help=gettext_lazy("Empty means the day of the import."),
            example="2021-05-01",
        ),
        Column(
            "sex",
            gettext_lazy("Sex"),
            parse.choice(dict(Sex.choices), synonyms={Sex.MALE: ("男", "男性", "1"), Sex.FEMALE: ("女", "女性", "2")}),
            synonyms=("性别",),
            choices=dict(Sex.choices),
            help=gettext_lazy("Follows from a resident identity number; needed for other documents."),
            width=6,
        ),
        Column(
            "born_on",
            gettext_lazy("Born on"),
            parse.day,
            synonyms=("出生日期", "出生年月日", "生日", "出生年月"),
            help=gettext_lazy("Follows from a resident identity number; needed for other documents."),
        ),
        Column("ethnicity", gettext_lazy("Ethnicity"), parse.text(20), synonyms=("民族",), example="汉族", width=8),
        Column(
            "political",
            gettext_lazy("Political status"),
            parse.choice(
                dict(Political.choices),
                synonyms={
                    Political.PARTY: ("中共党员", "党员", "中共预备党员", "预备党员"),
                    Political.LEAGUE: ("共青团员", "团员"),
                    Political.DEMOCRATIC: ("民主党派", "民主党派成员"),
                    Political.MASSES: ("群众", "无党派人士", "无党派"),
                },
            ),
            synonyms=("政治面貌",),
            choices=dict(Political.choices),
        ),
        Column(
            "education",
            gettext_lazy("Education"),
            parse.choice(
                dict(Education.choices),
                synonyms={
                    Education.PRIMARY: ("小学", "小学及以下"),
                    Education.JUNIOR: ("初中",),
                    Education.SENIOR: ("高中", "中专", "技校", "职高", "中职", "高中/中专"),
                    Education.COLLEGE: ("大专", "专科", "高职"),
                    Education.BACHELOR: ("本科", "大学", "大学本科", "学士"),
                    Education.MASTER: ("硕士", "研究生", "硕士研究生"),
                    Education.DOCTOR: ("博士", "博士研究生"),
                },
            ),
            synonyms=("学历", "文化程度"),
            choices=dict(Education.choices),
        ),
        Column(
            "household",
            gettext_lazy("Household registration"),
            parse.choice(
                dict(Household.choices),
                synonyms={
                    Household.RURAL: ("农业", "农业户口", "农村"),
                    Household.URBAN: ("非农", "非农业", "城镇", "非农业户口", "居民"),
                },
            ),
            synonyms=("户籍类型", "户口性质", "户籍", "户口"),
            choices=dict(Household.choices),
        ),
        Column(
            "is_migrant",
            gettext_lazy("Migrant worker"),
            parse.yes_no,
            synonyms=("是否农民工", "农民工"),
            width=10,
        ),
        Column(
            "employment",
            gettext_lazy("Form of employment"),
            parse.choice(
                dict(Employment.choices),
                synonyms={
                    Employment.CONTRACT: ("合同", "劳动合同", "合同制", "正式"),
                    Employment.DISPATCHED: ("派遣", "劳务派遣", "劳务"),
                    Employment.FLEXIBLE: ("灵活", "灵活就业"),
                    Employment.PLATFORM: ("新业态", "新就业形态", "平台"),
                },
            ),
            synonyms=("用工形式", "用工类型", "用工方式"),
            choices=dict(Employment.choices),
        ),
        Column(
            "department",
            gettext_lazy("Department or team"),
            parse.text(60),
            synonyms=("部门", "班组", "部门/班组", "所在部门", "车间"),
        ),
        Column("job", gettext_lazy("Job"), parse.text(60), synonyms=("岗位", "工种", "岗位/工种", "职务", "职位")),
        Column(
            "tags",
            gettext_lazy("Groups"),
            tags,
            synonyms=("群体", "群体标签", "八大群体", "新就业形态", "所属群体"),
            help=gettext_lazy("Eight groups and new forms of employment; several are separated by commas."),
            width=20,
        ),
    ),
)
