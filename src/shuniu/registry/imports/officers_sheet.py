"""The spreadsheet of officers and their certificates, with the headers cadres really write."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuniu.kernel.exchange import parse
from shuniu.kernel.exchange.sheet import Column, Sheet
from shuniu.registry.enums import PostKind, PostTime, QualificationKind
from shuniu.registry.imports.common import Synonyms

POSTS: Synonyms = {
    PostKind.CHAIR: ("主席", "工会主席"),
    PostKind.VICE_CHAIR: ("副主席", "工会副主席"),
    PostKind.COMMITTEE: ("委员", "工会委员", "工会委员会委员"),
    PostKind.AUDIT_CHAIR: ("经审主任", "经费审查委员会主任", "经审会主任"),
    PostKind.AUDIT: ("经审委员", "经费审查委员会委员", "经审"),
    PostKind.WOMEN_CHAIR: ("女工主任", "女职工委员会主任", "女职委主任"),
    PostKind.WOMEN: ("女工委员", "女职工委员会委员", "女职工委员", "女职委"),
    PostKind.CADRE: ("工会干部", "干部", "工会专干", "专干"),
    PostKind.ORGANISER: ("组建指导员", "组织员", "社会化工会工作者"),
    PostKind.GROUP_LEADER: ("工会小组长", "小组长"),
}
TIMES: Synonyms = {
    PostTime.FULL: ("专职", "全职"),
    PostTime.PART: ("兼职",),
    PostTime.SOCIALISED: ("社会化", "社会化用工", "聘用"),
}
QUALIFICATIONS: Synonyms = {
    QualificationKind.COUNSELLOR: ("心理咨询师", "心理"),
    QualificationKind.COORDINATOR: ("劳动关系协调师", "劳动关系协调员", "协调员"),
    QualificationKind.ARBITRATOR: ("仲裁员",),
    QualificationKind.MEDIATOR: ("调解员",),
    QualificationKind.LAWYER: ("律师", "法律职业资格"),
    QualificationKind.SOCIAL_WORKER: ("社工", "社会工作者", "社会工作师"),
    QualificationKind.SUPERVISOR: ("劳动法律监督员", "监督员"),
}

SHEET = Sheet(
    key="officers",
    title=_("Officers"),
    icon="user-star",
    help=_(
        "One row a post. People are found by identity number, or by mobile and name; import them as members before. "
        "A row that says nothing new changes nothing."
    ),
    columns=(
        Column(
            "name", _("Name"), parse.text(50), synonyms=("姓名", "干部姓名"), required=True, example="林晓禾", width=12
        ),
        Column(
            "id_number",
            _("Identity number"),
            parse.text(30),
            synonyms=("身份证号", "身份证号码", "证件号码", "证件号", "身份证"),
            secret=True,
            width=22,
        ),
        Column(
            "mobile",
            _("Mobile"),
            parse.text(20),
            synonyms=("手机", "手机号", "手机号码", "联系电话", "电话"),
            secret=True,
            example="13900000000",
        ),
        Column(
            "organisation",
            _("Union"),
            parse.text(120),
            synonyms=("所属工会", "工会名称", "任职工会", "所在工会", "工会", "工会编号"),
            required=True,
            example="云川精工有限公司工会",
            width=30,
        ),
        Column(
            "kind",
            _("Post"),
            parse.choice(dict(PostKind.choices), synonyms=POSTS),
            synonyms=("职务", "工会职务", "担任职务", "岗位"),
            required=True,
            choices=dict(PostKind.choices),
            example="chair",
        ),
        Column(
            "time",
            _("Full-time or part-time"),
            parse.choice(dict(PostTime.choices), synonyms=TIMES),
            synonyms=("专兼职", "专职兼职", "任职方式", "是否专职"),
            choices=dict(PostTime.choices),
            help=_("Empty means part-time."),
        ),
        Column(
            "starts_on",
            _("In office since"),
            parse.day,
            synonyms=("任职日期", "任职时间", "任职日", "开始日期", "当选日期"),
            required=True,
            example="2024-03-01",
        ),
        Column("ends_on", _("In office until"), parse.day, synonyms=("离任日期", "卸任日期", "免职日期", "结束日期")),
        Column(
            "qualification",
            _("Certificate"),
            parse.choice(dict(QualificationKind.choices), synonyms=QUALIFICATIONS),
            synonyms=("资质", "资格证书", "证书类型", "资格", "持证情况"),
            choices=dict(QualificationKind.choices),
        ),
        Column("level", _("Level"), parse.text(20), synonyms=("等级", "级别", "证书等级"), width=8),
        Column("number", _("Certificate number"), parse.text(40), synonyms=("证书编号", "证书号", "证号"), width=20),
        Column("issuer", _("Issued by"), parse.text(80), synonyms=("发证机关", "颁发机构", "发证单位"), width=24),
        Column("issued_on", _("Issued on"), parse.day, synonyms=("发证日期", "颁发日期", "取得日期")),
        Column("expires_on", _("Expires on"), parse.day, synonyms=("有效期至", "到期日期", "有效期", "失效日期")),
    ),
)
