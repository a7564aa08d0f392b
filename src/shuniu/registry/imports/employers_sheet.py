"""The spreadsheet of employers, with the headers cadres really write."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuniu.kernel.exchange import parse
from shuniu.kernel.exchange.sheet import Column, Sheet
from shuniu.registry.enums import EmployerCategory, Industry
from shuniu.registry.imports.common import Synonyms, counted, credit_code

LARGEST = 10_000_000

CATEGORIES: Synonyms = {
    EmployerCategory.STATE: ("国有", "国有企业", "国企"),
    EmployerCategory.COLLECTIVE: ("集体", "集体企业"),
    EmployerCategory.COOPERATIVE: ("股份合作", "股份合作企业"),
    EmployerCategory.JOINT_OPERATION: ("联营", "联营企业"),
    EmployerCategory.STATE_SOLE: ("国有独资", "国有独资公司"),
    EmployerCategory.LIMITED: ("有限责任公司", "有限公司", "其他有限责任公司"),
    EmployerCategory.STATE_SHARES: ("国有控股", "国有控股企业"),
    EmployerCategory.SHARES: ("股份有限公司", "股份公司", "其他股份有限公司"),
    EmployerCategory.PRIVATE: ("私营", "私营企业", "民营", "民营企业"),
    EmployerCategory.OTHER_DOMESTIC: ("其他内资", "其他内资企业"),
    EmployerCategory.HK_MACAO_TAIWAN: ("港澳台", "港澳台商投资", "港澳台投资"),
    EmployerCategory.FOREIGN: ("外商", "外资", "外商投资", "外资企业"),
    EmployerCategory.INSTITUTION: ("事业", "事业单位"),
    EmployerCategory.ORGAN: ("机关", "国家机关", "党政机关"),
    EmployerCategory.SELF_EMPLOYED: ("个体", "个体户", "个体工商户"),
    EmployerCategory.NON_PROFIT: ("民办非企业", "民非", "社会服务机构"),
}
INDUSTRIES: Synonyms = {
    Industry.A: ("农业", "农林牧渔业", "农、林、牧、渔业"),
    Industry.B: ("采矿业", "采矿"),
    Industry.C: ("制造业", "制造"),
    Industry.D: ("电力热力燃气及水生产和供应业", "电力、热力、燃气及水生产和供应业", "水电气"),
    Industry.E: ("建筑业", "建筑"),
    Industry.F: ("批发和零售业", "批发零售", "零售"),
    Industry.G: ("交通运输、仓储和邮政业", "交通运输仓储和邮政业", "交通运输", "物流"),
    Industry.H: ("住宿和餐饮业", "住宿餐饮", "餐饮"),
    Industry.I: ("信息传输、软件和信息技术服务业", "信息技术", "软件"),
    Industry.J: ("金融业", "金融"),
    Industry.K: ("房地产业", "房地产"),
    Industry.L: ("租赁和商务服务业", "商务服务"),
    Industry.M: ("科学研究和技术服务业", "科研"),
    Industry.N: ("水利、环境和公共设施管理业", "环境和公共设施"),
    Industry.O: ("居民服务、修理和其他服务业", "居民服务"),
    Industry.P: ("教育",),
    Industry.Q: ("卫生和社会工作", "卫生"),
    Industry.R: ("文化、体育和娱乐业", "文体娱乐"),
    Industry.S: ("公共管理、社会保障和社会组织", "公共管理"),
    Industry.T: ("国际组织",),
}

SHEET = Sheet(
    key="employers",
    title=_("Employers"),
    icon="building",
    help=_(
        "One row a unit. The unified social credit code decides whether a unit is new or known; without one, its name "
        "and area do. A row of a known unit corrects it."
    ),
    columns=(
        Column(
            "name",
            _("Name of the employer"),
            parse.text(120),
            synonyms=("单位名称", "企业名称", "用人单位", "所在单位名称", "单位全称", "公司名称"),
            required=True,
            example="云川精工有限公司",
            width=30,
        ),
        Column(
            "credit_code",
            _("Unified social credit code"),
            credit_code,
            synonyms=("统一社会信用代码", "单位信用代码", "信用代码", "社会信用代码", "组织机构代码", "税号"),
            example="91350100M000100Y43",
            width=22,
        ),
        Column(
            "category",
            _("Category"),
            parse.choice(dict(EmployerCategory.choices), synonyms=CATEGORIES),
            synonyms=("单位类别", "单位性质", "企业类型", "经济类型", "登记注册类型", "单位类型"),
            required=True,
            choices=dict(EmployerCategory.choices),
            example="170",
        ),
        Column(
            "industry",
            _("Industry"),
            parse.choice(dict(Industry.choices), synonyms=INDUSTRIES),
            synonyms=("行业", "所属行业", "国民经济行业", "行业类别", "行业门类"),
            required=True,
            choices=dict(Industry.choices),
            example="C",
        ),
        Column(
            "area",
            _("Area"),
            parse.text(60),
            synonyms=("所属区域", "所属街道", "街道", "镇街", "街镇", "乡镇街道", "所在街道", "所属镇街", "区域"),
            required=True,
            help=_("Name or code of the town, street or zone."),
            example="东湖街道",
        ),
        Column(
            "territory",
            _("Responsible union body"),
            parse.text(120),
            synonyms=("主管工会", "属地工会", "上级工会", "所属上级工会", "管理工会"),
            help=_("Name or number. Empty means the union body of the area."),
            width=24,
        ),
        Column(
            "address", _("Address"), parse.text(200), synonyms=("单位地址", "地址", "经营地址", "注册地址"), width=30
        ),
        Column(
            "headcount",
            _("Staff"),
            counted(parse.integer(0, LARGEST), "人名"),
            synonyms=("职工人数", "职工总数", "在职职工数", "员工人数", "从业人数", "职工数"),
            required=True,
            example="120",
            width=10,
        ),
        Column(
            "women",
            _("Women on the staff"),
            counted(parse.integer(0, LARGEST), "人名"),
            synonyms=("女职工人数", "女职工数", "其中女职工", "女职工", "其中：女"),
            example="48",
            width=10,
        ),
        Column(
            "migrants",
            _("Migrant workers on the staff"),
            counted(parse.integer(0, LARGEST), "人名"),
            synonyms=("农民工人数", "农民工数", "其中农民工", "农民工", "其中：农民工"),
            width=10,
        ),
        Column(
            "dispatched",
            _("Dispatched workers"),
            counted(parse.integer(0, LARGEST), "人名"),
            synonyms=("劳务派遣人数", "派遣人数", "其中劳务派遣", "劳务派遣工", "劳务派遣"),
            width=10,
        ),
        Column("counted_on", _("Staff counted on"), parse.day, synonyms=("统计日期", "人数统计日期", "填报日期")),
        Column(
            "opened_on", _("Opened for business"), parse.day, synonyms=("成立日期", "开业日期", "注册日期", "成立时间")
        ),
        Column("closed_on", _("Closed on"), parse.day, synonyms=("注销日期", "停业日期", "注销时间")),
    ),
)
