from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from shuniu.kernel.period import FOREVER
from shuniu.registry.enums import OrganisationType as Kind
from shuniu.registry.enums import PostKind
from shuniu.registry.models import Coverage, Organisation, Post, Succession, Term
from shuniu.registry.tree import move
from tests.factories import Cast
from tests.registry.making import FOUNDED, cover, make_body, make_employer, make_member

APPROVED = "云工组〔2026〕9号"


def text(client: Client, path: str, **data: object) -> str:
    answer = client.get(path, data)
    assert answer.status_code == 200, answer.status_code
    return unescape(answer.content.decode())


def link(body: Organisation, what: str = "") -> str:
    return f"/registry/organisations/{body.pk}/{what}"


def rows(page: str) -> int:
    return page.count('<td class="cell-text cell-link"')


def today() -> str:
    return timezone.localdate().isoformat()


class TestList:
    def test_shows_what_lies_within_sight_and_nothing_else(self, cast: Cast) -> None:
        page = text(cast.cadre.client, "/registry/organisations/")

        assert cast.union.name in page
        assert cast.other_union.name not in page
        assert "共 <b>2</b> 个组织" in " ".join(page.split())

    @pytest.mark.parametrize("item_count", [1, 3])
    def test_queries_do_not_grow_with_rows(
        self, cast: Cast, item_count: int, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for _ in range(item_count):
            body = make_body(cast.town)
            make_member(body)
        client = cast.cadre.client
        client.get("/registry/organisations/")

        with django_assert_num_queries(6):
            client.get("/registry/organisations/")

    @pytest.mark.parametrize("typed", ["机械厂", "ycjxc", "第一编号"])
    def test_is_searched_by_name_initials_and_number(self, cast: Cast, typed: str) -> None:
        Organisation.everything.filter(pk=cast.union.pk).update(code="第一编号", initials="ycjxcgh")

        page = text(cast.dana.client, "/registry/organisations/", q=typed)

        assert (rows(page), cast.union.name in page) == (1, True)

    def test_is_filtered_by_election_chair_and_size(self, cast: Cast) -> None:
        near, large = make_body(cast.town, name="临近工会"), make_body(cast.town, name="庞大工会")
        day = timezone.localdate()
        Term.everything.create(organisation=near, number=1, starts_on=FOUNDED, years=5, due_on=day)
        for _ in range(25):
            make_member(large)
        Post.everything.create(person=make_member(near), organisation=near, kind=PostKind.CHAIR, starts_on=FOUNDED)
        client = cast.cadre.client

        for query, name in (({"due": "1"}, "临近工会"), ({"size": "25"}, "庞大工会"), ({"chair": "any"}, "临近工会")):
            page = text(client, "/registry/organisations/", **query)
            assert (rows(page), name in page) == (1, True), query
        assert rows(text(client, "/registry/organisations/", due="overdue")) == 0
        assert "临近工会" not in text(client, "/registry/organisations/", due="none", chair="none")

    def test_size_counts_the_members_of_parts(self, cast: Cast) -> None:
        branch = make_body(cast.union, Kind.BRANCH)
        for _ in range(24):
            make_member(branch)

        page = text(cast.cadre.client, "/registry/organisations/", size="25")

        assert (rows(page), cast.union.name in page) == (1, True)

    def test_shows_the_tree_of_a_past_day(self, cast: Cast) -> None:
        young = make_body(cast.town, on=date(2024, 1, 1), name="新建工会")

        before = text(cast.cadre.client, "/registry/organisations/", on="2023-12-31", under=cast.town.code)
        after = text(cast.cadre.client, "/registry/organisations/", on="2024-01-01", under=cast.town.code)

        assert (young.name in before, young.name in after) == (False, True)

    @pytest.mark.parametrize(
        "query", ["on=2026-99-99", "area=x", "size=7", "due=x", "under=无此组织", "at=xx", "type=zz"]
    )
    def test_a_silly_condition_is_told_and_not_applied(self, cast: Cast, query: str) -> None:
        answer = cast.cadre.client.get(f"/registry/organisations/?{query}")

        assert answer.status_code == 200
        assert cast.union.name in answer.content.decode()

    def test_rows_for_htmx_are_those_of_the_whole_page(self, cast: Cast) -> None:
        part = cast.cadre.client.get("/registry/organisations/?q=机械", headers={"HX-Request": "true"})
        whole = cast.cadre.client.get("/registry/organisations/?q=机械")

        assert part.content.decode().strip() in whole.content.decode()

    def test_is_exported_with_its_filters_and_without_formulas(self, cast: Cast) -> None:
        Organisation.everything.filter(pk=cast.union.pk).update(name="=cmd|工会")
        client = cast.cadre.client

        csv = b"".join(client.get("/registry/organisations/export.csv?type=primary").streaming_content).decode(
            "utf-8-sig"
        )
        workbook = client.get("/registry/organisations/export/?type=primary")

        assert csv.splitlines()[0].startswith("名称,编号,类型")
        assert len(csv.splitlines()) == 2
        assert csv.splitlines()[1].startswith("'=cmd|工会,")
        assert workbook.content[:2] == b"PK"


class TestPage:
    def test_tells_place_people_rules_and_story(self, cast: Cast) -> None:
        chair = make_member(cast.union, name="周明")
        Post.everything.create(person=chair, organisation=cast.union, kind=PostKind.CHAIR, starts_on=FOUNDED)
        cover(cast.union, make_employer(cast.town, "云川机械厂", headcount=60))

        page = text(cast.alice.client, link(cast.union))

        for told in ("云川机械厂工会", "周明", "有会员2人，不足25人", "覆盖云川机械厂", "成立", "职工人数"):
            assert told in page, told
        assert cast.town.name not in page.split("<h1>")[0].split("crumbs")[-1]

    def test_strangers_get_nothing_and_organisers_see_no_officers(self, cast: Cast) -> None:
        chair = make_member(cast.union, name="周明")
        Post.everything.create(person=chair, organisation=cast.union, kind=PostKind.CHAIR, starts_on=FOUNDED)

        assert cast.charlie.client.get(link(cast.union)).status_code == 404
        assert "周明" not in text(cast.organiser.client, link(cast.union))

    def test_of_a_past_day_is_that_of_the_day(self, cast: Cast) -> None:
        make_member(cast.union, on=date(2026, 1, 5))
        move(cast.union, cast.other_town, on=date(2026, 2, 1))

        before = text(cast.dana.client, link(cast.union), on="2026-01-04")
        after = text(cast.dana.client, link(cast.union), on="2026-02-01")

        assert (cast.town.name in before, cast.other_town.name in after) == (True, True)
        assert "<b>1</b> <span>人</span>" in before
        assert "<b>2</b> <span>人</span>" in after
        assert "划转到青石镇总工会" in before

    @pytest.mark.parametrize("item_count", [1, 3])
    def test_queries_do_not_grow_with_what_it_shows(
        self, cast: Cast, item_count: int, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for _ in range(item_count):
            make_body(cast.union, Kind.BRANCH)
            cover(cast.union, make_employer(cast.town))
            person = make_member(cast.union)
            Post.everything.create(person=person, organisation=cast.union, kind=PostKind.COMMITTEE, starts_on=FOUNDED)
        client = cast.cadre.client
        client.get(link(cast.union))

        with django_assert_num_queries(26):
            client.get(link(cast.union))

    def test_offers_what_the_reader_may_do(self, cast: Cast) -> None:
        assert "登记换届" in text(cast.alice.client, link(cast.union))
        assert link(cast.union, "dissolve/") not in text(cast.alice.client, link(cast.union))
        assert link(cast.union, "dissolve/") in text(cast.cadre.client, link(cast.union))
        assert link(cast.union, "edit/") not in text(cast.organiser.client, link(cast.union))

    def test_tree_fetches_what_stands_below_as_a_part_or_as_a_page(self, cast: Cast) -> None:
        part = cast.cadre.client.get(link(cast.town, "below/"), headers={"HX-Request": "true"}).content.decode()
        whole = text(cast.cadre.client, link(cast.town, "below/"))

        assert cast.union.name in part
        assert part.strip() in whole
        assert "<html" not in part

    def test_suggestions_lie_within_sight(self, cast: Cast) -> None:
        found = text(cast.cadre.client, "/registry/organisations/suggest/", parent="工会")

        assert f"{cast.union.name}（{cast.union.code}）" in found
        assert cast.other_union.name not in found


def hidden(page: str) -> dict[str, list[str]]:
    """What a page that asks for a yes would send."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page):
        found.setdefault(name, []).append(unescape(value))
    return found


class TestChanges:
    def post(self, client: Client, path: str, **data: object) -> str:
        answer = client.post(path, data, follow=True)
        assert answer.status_code == 200
        return unescape(answer.content.decode())

    def test_found_a_union_for_an_employer(self, cast: Cast) -> None:
        employer = make_employer(cast.town, "星海电子有限公司")
        client = cast.cadre.client
        form = text(client, "/registry/organisations/new/", employer=employer.pk)
        assert "星海电子有限公司工会" in form

        page = self.post(
            client,
            "/registry/organisations/new/",
            parent=f"{cast.town.name}（{cast.town.code}）",
            name="星海电子有限公司工会",
            type="primary",
            area=cast.town.area_id,
            on="2026-01-05",
            approval_number=APPROVED,
            employers=["星海电子有限公司", ""],
        )

        union = Organisation.everything.get(name="星海电子有限公司工会")
        assert "星海电子有限公司工会已成立。" in page
        assert union.parent == cast.town
        assert Coverage.everything.get(organisation=union).employer == employer

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"parent": "青石镇总工会"}, "没有“青石镇总工会”"),
            ({"approval_number": ""}, "请填写批准文号"),
            ({"on": "2999-01-01"}, "日期"),
            ({"type": "branch"}, "“分会”不能设在“镇街园区工会”之下"),
            ({"type": "joint"}, "不足2家"),
            ({"employers": ["无此单位"]}, "没有“无此单位”"),
        ],
    )
    def test_found_says_what_is_wrong_at_the_form(self, cast: Cast, wrong: dict[str, object], sentence: str) -> None:
        given = {
            "parent": cast.town.name,
            "name": "新工会",
            "type": "primary",
            "area": cast.town.area_id,
            "on": "2026-01-05",
            "approval_number": APPROVED,
        }

        page = self.post(cast.cadre.client, "/registry/organisations/new/", **{**given, **wrong})

        assert sentence in page
        assert not Organisation.everything.filter(name="新工会").exists()

    def test_edit_keeps_the_phone_and_shows_it_masked(self, cast: Cast) -> None:
        union = cast.union
        given = {"name": union.name, "type": "primary", "area": union.area_id}
        client = cast.alice.client
        self.post(client, link(union, "edit/"), **given, contact_phone="13800001234")

        page = text(client, link(union, "edit/"))
        self.post(client, link(union, "edit/"), **given, contact_name="林岚")

        union.refresh_from_db()
        assert ("138****1234" in page, "13800001234" in page) == (True, False)
        assert (union.contact_phone, union.contact_name) == ("13800001234", "林岚")

    def test_merge_shows_its_consequences_before_it_is_done(self, cast: Cast) -> None:
        successor = make_body(cast.town, name="接收工会")
        make_member(cast.union)
        given = {"successor": successor.name, "on": today(), "approval_number": APPROVED}
        client = cast.cadre.client

        asked = self.post(client, link(cast.union, "merge/"), **given)

        assert "2人转入接收工会：在籍会员2人" in asked
        assert not Succession.everything.exists()

        done = self.post(client, link(cast.union, "merge/"), **hidden(asked))

        assert "云川机械厂工会已合并。" in done
        assert Succession.everything.get().successor == successor

    def test_dissolve_says_where_memberships_go_and_refuses_at_the_form(self, cast: Cast) -> None:
        given = {"on": today(), "approval_number": APPROVED, "reason": "企业注销"}
        client = cast.cadre.client

        asked = self.post(client, link(cast.union, "dissolve/"), **given)
        refused = self.post(client, link(cast.town, "dissolve/"), **given, confirmed="yes")
        self.post(client, link(cast.union, "dissolve/"), **hidden(asked))

        assert f"1名会员的会籍保留在{cast.town.name}" in asked
        assert "下面还有组织" in refused
        cast.union.refresh_from_db()
        assert cast.union.is_dissolved

    def test_split_takes_departments_and_parts_along(self, cast: Cast) -> None:
        branch = make_body(cast.union, Kind.BRANCH, name="二车间分会")
        for department in ("一车间", "一车间", "二车间"):
            make_member(cast.union, department=department)
        given = {
            "name": "一车间工会",
            "type": "primary",
            "area": cast.union.area_id,
            "on": today(),
            "approval_number": APPROVED,
            "departments": ["一车间"],
            "parts": [branch.pk],
        }
        client = cast.cadre.client

        form = text(client, link(cast.union, "split/"))
        asked = self.post(client, link(cast.union, "split/"), **given)
        self.post(client, link(cast.union, "split/"), **hidden(asked))

        body = Organisation.everything.get(name="一车间工会")
        branch.refresh_from_db()
        assert "一车间（2人）" in form
        assert "涉及会员2人" in asked
        assert branch.parent == body
        assert text(client, link(body)).count("<b>2</b> <span>人</span>") == 1

    def test_move_term_guidance_and_coverage_by_their_forms(self, cast: Cast) -> None:
        industry = make_body(cast.district, Kind.INDUSTRY, name="机械工会")
        employer = make_employer(cast.town, "云川机械厂")
        client = cast.dana.client

        moved = {"parent": cast.other_town.code, "on": today()}
        asked = self.post(client, link(cast.union, "move/"), **moved)
        self.post(client, link(cast.union, "move/"), **hidden(asked))
        self.post(client, link(cast.union, "term/"), on="2025-03-01", years=3)
        self.post(client, link(cast.union, "term/correct/"), on="2025-03-02", years=5)
        self.post(client, link(cast.union, "guidance/"), parent=industry.name, on=today())
        self.post(client, link(cast.union, "cover/"), employers=["云川机械厂"], on="2026-01-05")

        cast.union.refresh_from_db()
        term = Term.everything.get(organisation=cast.union)
        coverage = Coverage.everything.get(organisation=cast.union, ends_on=FOREVER)
        assert cast.union.parent == cast.other_town
        assert (term.starts_on, term.due_on) == (date(2025, 3, 2), date(2030, 3, 2))
        assert cast.union.guidance.get().parent == industry
        assert coverage.employer == employer

        self.post(client, f"/registry/coverage/{coverage.pk}/end/", on="2026-02-01")
        self.post(client, link(cast.union, "term/end/"), on="2026-02-01", reason="辞职")

        coverage.refresh_from_db(), term.refresh_from_db()
        assert (coverage.ends_on, term.ended_on) == (date(2026, 2, 1), date(2026, 2, 1))

    def test_a_town_cadre_cannot_move_a_union_out_of_her_town(self, cast: Cast) -> None:
        page = self.post(cast.cadre.client, link(cast.union, "move/"), parent=cast.other_town.code, on=today())

        assert f"没有“{cast.other_town.code}”" in page
