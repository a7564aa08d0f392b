from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from shuniu.kernel.scope import Actor, Grant
from shuniu.kernel.web import nav, search
from shuniu.kernel.web.lists import Bulk, Column, Empty, Export, FilterForm, Kind, ListPage
from shuniu.kernel.web.page import page
from tests.kernel.gallery.notes import HOMES, Note

CADRE = Actor(1, "林岚", grants=(Grant("town_cadre", 1, "", frozenset({"member.view", "member.edit"})),))
TONES = {"active": "good", "reserved": "neutral", "left": "done"}
STATES = [("active", "在籍"), ("reserved", "保留会籍"), ("left", "已退会")]

ITEMS = (
    nav.NavItem("首页", "gallery:home", "home", order=0, key="h"),
    nav.NavItem("工会组织", "gallery:record", "binary-tree", order=10, section="registry"),
    nav.NavItem("会员", "gallery:members", "users", ("member.view",), order=20, section="registry", key="m"),
    nav.NavItem("统计", "gallery:report", "chart-bar", order=30, section="registry"),
    nav.NavItem("数据导入", "gallery:form", "upload", order=40, section="registry"),
    nav.NavItem("规则", "gallery:verdict", "scale", order=50, section="rules"),
    nav.NavItem("角色授权", "gallery:grants", "shield", ("role.grant",), order=60, section="rules"),
    nav.NavItem("退出登录", "gallery:none", "logout", order=90, section=nav.ACCOUNT, post=True),
)
SECTIONS = (nav.NavSection("", "", 0), nav.NavSection("registry", "基础台账", 10), nav.NavSection("rules", "规则", 20))


class MemberFilter(FilterForm):
    q = forms.CharField(label="姓名或拼音首字母", max_length=20, widget=forms.TextInput(attrs={"type": "search"}))
    home = forms.ChoiceField(label="所属工会", choices=[("", "全部"), *((home, home) for home in HOMES)])
    state = forms.ChoiceField(label="会籍状态", choices=[("", "全部"), *STATES])
    joined_after = forms.DateField(label="入会日期不早于", widget=forms.DateInput(attrs={"type": "date"}))

    def narrow(self, rows: Any) -> Any:
        wanted = dict(self.values)
        if "q" in wanted:
            rows = rows.filter(name__contains=wanted.pop("q"))
        if "joined_after" in wanted:
            rows = rows.filter(joined_on__gte=wanted.pop("joined_after"))
        return rows.filter(**wanted)


def hidden(mobile: str) -> str:
    return f"{mobile[:3]}****{mobile[-4:]}"


MEMBERS = ListPage[Note](
    title="会员",
    unit="人",
    columns=(
        Column("name", "姓名", link=True, order=("pinyin", "pk")),
        Column("home", "所属工会"),
        Column("mobile", "手机号", kind=Kind.CODE, mask=hidden, narrow=False),
        Column("joined_on", "入会日期", kind=Kind.DATE, order=("joined_on",)),
        Column("points", "积分", kind=Kind.NUMBER, order=("points",)),
        Column("state", "状态", value=lambda row: dict(STATES)[row.state], tone=lambda row: TONES[row.state]),
    ),
    default_order=("pinyin", "pk"),
    filters=MemberFilter,
    row_url=lambda row: f"/record/?id={row.pk}",
    empty=Empty("还没有会员", "请先上传会员名单，系统会逐行核对。", "上传名单", "gallery:form", "member.edit"),
    exports=(Export("导出", "gallery:none", "member.view"), Export("全部导出", "gallery:none", "member.export")),
    bulk=(Bulk("转移会籍", "gallery:none", "arrows-exchange", "member.edit", confirm="确认转移所选会员？"),),
)


class MemberForm(forms.Form):
    name = forms.CharField(label="姓名", max_length=20, help_text="与身份证一致，少数民族姓名请保留间隔号。")
    kind = forms.ChoiceField(label="证件类型", choices=[("1", "居民身份证"), ("2", "护照")], widget=forms.RadioSelect)
    number = forms.CharField(label="证件号码", help_text="加密保存，页面上只显示前六位和末两位。")
    home = forms.ChoiceField(
        label="所属工会", choices=[(home, home) for home in HOMES], widget=forms.Select(attrs={"data-search": ""})
    )
    groups = forms.MultipleChoiceField(
        label="群体",
        choices=[("a", "货车司机"), ("b", "快递员"), ("c", "家政服务员")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    remark = forms.CharField(label="备注", widget=forms.Textarea, required=False)
    agreed = forms.BooleanField(label="本人已知情并同意登记以上信息", required=False)

    def clean_number(self) -> str:
        raise forms.ValidationError("证件号码的校验位不对，请核对后重新填写。")


def shown(view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def seen(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        request.actor = CADRE  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return page(public=True, methods=["GET", "POST"])(seen)


def render(request: HttpRequest, name: str, **context: Any) -> HttpResponse:
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    return HttpResponse(engines["django"].from_string(text).render(context, request))


@shown
def home(request: Any) -> HttpResponse:
    return render(request, "home.html", today=date(2026, 3, 5))


@shown
def members(request: Any) -> HttpResponse:
    rows = Note.objects.all()
    if request.GET.get("nobody"):
        rows = rows.none()
    return MEMBERS.answer(request, rows, base=rows.count(), base_label="您负责的全部会员")


@shown
def record(request: Any) -> HttpResponse:
    zone = ZoneInfo("Asia/Shanghai")
    events = [
        {
            "at": datetime(2026, 3, 2, 9, 12, tzinfo=zone),
            "title": "换届提醒已发送",
            "text": "距届满还有 3 个月。",
            "tone": "warn",
        },
        {"on": date(2025, 11, 18), "title": "完成年报核对", "who": "梅陇镇总工会 · 沈静雯", "tone": "good"},
        {
            "on": date(2023, 6, 30),
            "title": "第三届委员会选举产生",
            "text": "应到 86 人，实到 81 人。",
            "who": "区总工会组织部",
        },
    ]
    return render(request, "record.html", events=events, facts=FACTS, crumbs=CRUMBS, tree=TREE)


@shown
def form(request: Any) -> HttpResponse:
    if request.method == "POST" or "wrong" in request.GET:
        return render(
            request, "form.html", form=MemberForm({"name": "", "number": "1"}), draft="member", cancel_url="/"
        )
    return render(request, "form.html", form=MemberForm(), draft="member", cancel_url="/")


@shown
def report(request: Any) -> HttpResponse:
    return render(request, "report.html", bars=BARS, pie=PIE)


@shown
def verdict(request: Any) -> HttpResponse:
    messages.success(request, "已保存。")
    messages.warning(request, "有 3 行需要核对。")
    messages.error(request, "这条会籍已由他人修改，请刷新后重试。")
    return render(request, "verdict.html")


@shown
def nothing(request: Any) -> HttpResponse:
    return HttpResponse("")


FACTS = [
    ("工会全称", "华宁电子有限公司工会委员会"),
    ("统一社会信用代码", "81310112MC0000001Q"),
    ("建会日期", date(2014, 6, 30)),
    ("届期", "5 年"),
    ("届满日期", date(2026, 6, 30)),
    ("上级工会", "梅陇镇总工会"),
    ("会员人数", 1286),
    ("经费审查委员会", None),
]
CRUMBS = [("区总工会", "/"), ("梅陇镇总工会", "/")]
TREE = [
    {"label": "梅陇镇总工会", "url": "/", "detail": "38,214 人", "open": True, "children": [
        {"label": "华宁电子有限公司工会", "url": "/", "detail": "1,286 人", "current": True, "open": True, "children": [
            {"label": "一车间分会", "url": "/", "detail": "412 人"}, {"label": "二车间分会", "url": "/", "detail": "386 人"}]},
        {"label": "“骑手之家”联合工会", "url": "/", "detail": "903 人"}]},
]  # fmt: skip
TOWNS = ["城东街道", "梅陇镇", "华漕镇", "浦江镇", "新桥镇", "莘庄镇"]
BARS = {
    "xAxis": {"data": TOWNS},
    "yAxis": {"type": "value"},
    "legend": {},
    "series": [
        {"type": "bar", "name": "应建会单位", "data": [412, 388, 290, 356, 201, 333]},
        {"type": "bar", "name": "已建会单位", "data": [401, 352, 266, 349, 188, 331]},
    ],
}
PIE = {
    "series": [
        {
            "type": "pie",
            "name": "会员",
            "radius": "65%",
            "data": [{"name": name, "value": 900 - n * 120} for n, name in enumerate(TOWNS)],
        }
    ]
}


def find_people(actor: Actor, query: str, limit: int) -> list[search.Hit]:
    rows = Note.objects.filter(name__contains=query)[:limit]
    return [search.Hit(row.name, f"/record/?id={row.pk}", row.home) for row in rows]


pages = [
    path("", home, name="home"),
    path("members/", members, name="members"),
    path("record/", record, name="record"),
    path("form/", form, name="form"),
    path("report/", report, name="report"),
    path("verdict/", verdict, name="verdict"),
    path("none/", nothing, name="none"),
    path("grants/", nothing, name="grants"),
]
urlpatterns = [
    path("", include((pages, "gallery"))),
    path("", include("shuniu.kernel.web.urls")),
    path("notices/", include("shuniu.kernel.notices.web.urls")),
    path("portal/", include("shuniu.portal.web.urls")),
    path("desk/", include("shuniu.desk.web.urls")),
    path("hub/", include("shuniu.hub.web.urls")),
    path("voice/", include("shuniu.voice.web.urls")),
    path("sign-in/", include(([path("", nothing, name="sign_in")], "accounts"))),
]
