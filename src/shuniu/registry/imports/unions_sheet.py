"""The spreadsheet of union bodies, with the headers cadres really write."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuniu.kernel.exchange import parse
from shuniu.kernel.exchange.sheet import Column, Sheet
from shuniu.registry.enums import OrganisationType
from shuniu.registry.imports.common import Synonyms, counted, credit_code, several

TYPES: Synonyms = {
    OrganisationType.FEDERATION: ("总工会", "区总工会", "县总工会", "地方总工会"),
    OrganisationType.INDUSTRY: ("产业工会", "行业工会", "系统工会"),
    OrganisationType.TOWN: ("乡镇总工会", "街道总工会", "园区总工会", "镇街总工会", "工会工委", "街镇工会"),
    OrganisationType.ASSOCIATION: ("工会联合会", "联合会", "区域性工会联合会", "行业性工会联合会"),
    OrganisationType.PRIMARY: ("基层工会", "基层工会委员会", "单独基层工会", "单建"),
    OrganisationType.JOINT: ("联合基层工会", "联合工会", "联合基层工会委员会", "联建"),
    OrganisationType.BRANCH: ("分会", "工会分会", "分工会"),
    OrganisationType.GROUP: ("小组", "工会小组"),
    OrganisationType.ORGANISER_POINT: ("组织员", "单设组织员", "会员不足25人"),
}

SHEET = Sheet(
    key="unions",
    title=_("Union bodies"),
    icon="sitemap",
    help=_(
        "One row a body. Its number or credit code decides whether it is new or known; without them, its name below its "
        "superior does. A superior may stand in the same file. Import employers before, members afterwards."
    ),
    columns=(
        Column(
            "name",
            _("Name of the union"),
            parse.text(120),
            synonyms=("工会名称", "工会全称", "组织名称", "基层工会名称", "名称"),
            required=True,
            example="云川精工有限公司工会",
            width=30,
        ),
        Column("code", _("Number"), parse.text(20), synonyms=("工会编号", "编号", "组织编号", "工会代码"), width=14),
        Column("short_name", _("Short name"), parse.text(40), synonyms=("简称", "工会简称", "组织简称")),
        Column(
            "type",
            _("Type"),
            parse.choice(dict(OrganisationType.choices), synonyms=TYPES),
            synonyms=("组织类型", "工会类型", "类型", "工会组织类型", "建会形式"),
            choices=dict(OrganisationType.choices),
            help=_("Empty means a primary union."),
            example="primary",
        ),
        Column(
            "parent",
            _("Superior union"),
            parse.text(120),
            synonyms=("上级工会", "上级工会名称", "所属上级工会", "主管工会", "隶属工会"),
            help=_("Full name or number; it may stand in this file. Empty for the topmost body only."),
            example="东湖街道总工会",
            width=26,
        ),
        Column(
            "area",
            _("Area"),
            parse.text(60),
            synonyms=("所属区域", "所属街道", "街道", "镇街", "街镇", "乡镇街道", "所属镇街", "区域"),
            help=_("Name or code. Empty means the superior's area."),
        ),
        Column(
            "founded_on",
            _("Founded on"),
            parse.day,
            synonyms=("建会日期", "成立日期", "建会时间", "成立时间", "工会成立日期"),
            required=True,
            example="2019-05-01",
        ),
        Column(
            "approval_number",
            _("Approval number"),
            parse.text(60),
            synonyms=("批复文号", "建会批复文号", "批文号", "文号"),
        ),
        Column(
            "credit_code",
            _("Credit code of the union"),
            credit_code,
            synonyms=("工会统一社会信用代码", "工会法人代码", "工会信用代码", "法人资格证号"),
            width=22,
        ),
        Column(
            "employers",
            _("Employers covered"),
            several(parse.text(120)),
            synonyms=("所在单位名称", "所在单位", "单位名称", "覆盖单位", "覆盖单位名称", "单位信用代码"),
            help=_("Names or credit codes; several for a joint union, separated by commas."),
            width=30,
        ),
        Column(
            "term_number",
            _("Term number"),
            counted(parse.integer(1, 200), "第届"),
            synonyms=("届次", "届数", "第几届"),
            width=8,
        ),
        Column(
            "term_from",
            _("Committee elected on"),
            parse.day,
            synonyms=("换届日期", "换届日", "选举日期", "本届开始日期", "届期开始", "当选日期"),
        ),
        Column(
            "term_years",
            _("Years of the term"),
            counted(parse.integer(1, 20), "年"),
            synonyms=("届期", "任期", "每届年限"),
            width=8,
        ),
        Column(
            "term_due", _("Election due on"), parse.day, synonyms=("届满日期", "届满日", "到届日期", "任期届满日期")
        ),
        Column("contact_name", _("Contact"), parse.text(40), synonyms=("联系人", "工会联系人", "联系人姓名")),
        Column(
            "contact_phone",
            _("Contact phone"),
            parse.text(30),
            synonyms=("联系电话", "联系人电话", "电话", "工会电话"),
            secret=True,
        ),
        Column(
            "bank_account",
            _("Union account"),
            parse.text(40),
            synonyms=("工会账户", "工会账号", "银行账号", "账号", "开户账号"),
            secret=True,
            width=22,
        ),
        Column(
            "small_payer", _("Pays small contributions"), parse.yes_no, synonyms=("小额缴费", "小额缴费标志"), width=10
        ),
        Column(
            "has_congress", _("Workers' congress held"), parse.yes_no, synonyms=("职代会", "是否建立职代会"), width=10
        ),
        Column(
            "has_disclosure", _("Management disclosed"), parse.yes_no, synonyms=("厂务公开", "是否厂务公开"), width=10
        ),
        Column(
            "has_agreement",
            _("Collective agreement in force"),
            parse.yes_no,
            synonyms=("集体合同", "是否签订集体合同"),
            width=10,
        ),
        Column(
            "has_mediation",
            _("Mediation committee set up"),
            parse.yes_no,
            synonyms=("调解委员会", "是否建立调解委员会", "劳动争议调解委员会"),
            width=10,
        ),
    ),
)
