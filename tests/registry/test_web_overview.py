from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from shuniu.registry.enums import EmployerCategory, GroupTag
from shuniu.registry.enums import OrganisationType as Kind
from shuniu.registry.models import Area, Coverage, Employer, PersonTag, Term
from tests.factories import Cast
from tests.registry.making import FOUNDED, cover, make_area, make_body, make_employer, make_member

CODE = "91350100M000100Y43"


def text(client: Client, path: str, **data: object) -> str:
    answer = client.get(path, data)
    assert answer.status_code == 200, answer.status_code
    return unescape(answer.content.decode())


def post(client: Client, path: str, **data: object) -> str:
    answer = client.post(path, data, follow=True)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


class TestHome:
    def test_counts_what_the_reader_looks_after(self, cast: Cast) -> None:
        make_member(cast.other_union)

        town = text(cast.cadre.client, "/registry/")
        district = text(cast.dana.client, "/registry/")

        assert "东湖街道总工会及所属组织" in town
        assert "<b>1</b> <span>人</span>" in town
        assert "<b>2</b> <span>人</span>" in district

    def test_shows_any_body_within_sight_on_any_day(self, cast: Cast) -> None:
        page = text(cast.dana.client, "/registry/", org=cast.town.code, on="2014-06-01")

        assert "2014年6月1日，该组织不在组织树中。" in page
        assert "没有“青石镇总工会”" in text(cast.cadre.client, "/registry/", org="青石镇总工会")

    @pytest.mark.parametrize(
        "query", ["on=x", "on=0001-01-01", "on=9999-12-31", "since=2030-01-01", "since=zz&on=2020-02-30"]
    )
    def test_silly_days_are_passed_over(self, cast: Cast, query: str) -> None:
        assert cast.dana.client.get(f"/registry/?{query}").status_code == 200

    @pytest.mark.parametrize("item_count", [1, 3])
    def test_queries_do_not_grow_with_unions(
        self, cast: Cast, item_count: int, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for number in range(item_count):
            body = make_body(cast.town, area=make_area(f"区域{number}"))
            make_member(body)
            cover(body, make_employer(cast.town))
        client = cast.cadre.client
        client.get("/registry/")

        with django_assert_num_queries(27):
            client.get("/registry/")

    def test_figures_lead_to_the_rows_that_were_counted(self, cast: Cast) -> None:
        page = text(cast.cadre.client, "/registry/")

        url = f"/registry/organisations/?under={cast.town.code}&on={timezone.localdate()}&type=unions"
        assert url in page
        assert cast.union.name in text(cast.cadre.client, url)
        assert "/registry/members/" not in text(cast.organiser.client, "/registry/").split("<main")[1]

    def test_groups_come_as_a_part_and_as_a_page(self, cast: Cast) -> None:
        assert cast.bob.person
        PersonTag.everything.create(person=cast.bob.person, tag=GroupTag.COURIER)

        part = cast.cadre.client.get("/registry/groups/", headers={"HX-Request": "true"}).content.decode()
        whole = text(cast.cadre.client, "/registry/groups/")

        assert "快递员" in part
        assert part.strip() in whole

    def test_somebody_whose_place_is_empty_is_told_what_to_do(self, cast: Cast) -> None:
        assert cast.operator.client.get("/registry/").status_code == 403


class TestAreas:
    def test_the_district_keeps_the_map(self, cast: Cast) -> None:
        given = {"code": "A99", "name": "新城园区", "kind": "zone", "jurisdiction": "shanghai"}

        page = post(cast.dana.client, "/registry/areas/new/", **given)
        area = Area.objects.get(name="新城园区")
        again = post(cast.dana.client, "/registry/areas/new/", **{**given, "name": "另一园区"})
        ring = post(cast.dana.client, f"/registry/areas/{area.pk}/edit/", **given, parent=area.pk)

        assert ("新城园区" in page, "上海市" in page) == (True, True)
        assert "新城园区已使用该代码" in again
        assert "选择一个有效的选项" in ring

    def test_shows_each_area_with_its_figures(self, cast: Cast) -> None:
        cover(cast.union, make_employer(cast.town, headcount=30))
        make_employer(cast.town, headcount=30)

        page = text(cast.cadre.client, "/registry/areas/")

        assert "1 / 2" in page
        assert "50.0%" in page


class TestElections:
    def due(self, cast: Cast, days: int, name: str) -> None:
        body = make_body(cast.town, name=name)
        due_on = timezone.localdate() + timedelta(days=days)
        Term.everything.create(organisation=body, number=2, starts_on=FOUNDED, years=5, due_on=due_on)

    def test_lists_what_is_overdue_or_due_within_six_months(self, cast: Cast) -> None:
        for days, name in ((-3, "超期工会"), (20, "临近工会"), (400, "尚远工会")):
            self.due(cast, days, name)

        page = text(cast.cadre.client, "/registry/elections/")
        overdue = text(cast.cadre.client, "/registry/elections/", when="overdue")
        month = text(cast.cadre.client, "/registry/elections/", when="1")

        assert ("超期3天" in page, "剩余20天" in page, "尚远工会" in page) == (True, True, False)
        assert ("超期工会" in overdue, "临近工会" in overdue) == (True, False)
        assert ("超期工会" in month, "临近工会" in month) == (False, True)
        assert "尚远工会" in text(cast.cadre.client, "/registry/elections/", when="every", q="尚远")
        assert "临近工会" not in text(cast.stranger.client, "/registry/elections/")

    def test_stand_on_the_home_page_of_who_may_act(self, cast: Cast) -> None:
        self.due(cast, -3, "超期工会")

        assert "超期工会" in text(cast.cadre.client, "/")
        assert "超期工会" not in text(cast.stranger.client, "/")

    @pytest.mark.parametrize("item_count", [1, 3])
    def test_queries_do_not_grow_with_rows(
        self, cast: Cast, item_count: int, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for number in range(item_count):
            self.due(cast, 10, f"工会{number}")
        client = cast.cadre.client
        client.get("/registry/elections/")

        with django_assert_num_queries(4):
            client.get("/registry/elections/")


class TestEmployers:
    def given(self, cast: Cast, **changes: object) -> dict[str, object]:
        plain = {
            "name": "澄江机械有限公司",
            "category": "170",
            "industry": "C",
            "area": cast.town.area_id,
            "territory": cast.town.name,
            "headcount": 120,
            "women": 40,
        }
        return {**plain, **changes}

    def test_enter_correct_and_close(self, cast: Cast) -> None:
        client = cast.cadre.client
        entered = post(client, "/registry/employers/new/", **self.given(cast, credit_code=CODE))
        row = Employer.everything.get(name="澄江机械有限公司")

        post(client, f"/registry/employers/{row.pk}/edit/", **self.given(cast, credit_code=CODE, headcount=130))
        cover(cast.union, row)
        closed = post(client, f"/registry/employers/{row.pk}/close/", on="2026-02-01", reason="注销")

        row.refresh_from_db()
        assert "澄江机械有限公司已登记。" in entered
        assert row.headcount == 130
        assert f"{cast.union.name}已没有覆盖单位" in closed
        assert Coverage.everything.get(employer=row).ends_on == row.closed_on

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"women": 121}, "女职工人数多于职工总数120人"),
            ({"credit_code": "9135"}, "18位"),
            ({"headcount": -1}, "大于或"),
            ({"territory": "青石镇总工会"}, "没有“青石镇总工会”"),
            ({"category": "999"}, "选择一个有效的选项"),
        ],
    )
    def test_says_what_is_wrong_at_the_form(self, cast: Cast, changes: dict[str, object], sentence: str) -> None:
        page = post(cast.cadre.client, "/registry/employers/new/", **self.given(cast, **changes))

        assert sentence in page
        assert not Employer.everything.exists()

    def test_a_chair_corrects_her_own_employer_but_cannot_move_it(self, cast: Cast) -> None:
        row = make_employer(cast.town, "云川机械厂", headcount=10)
        cover(cast.union, row)
        client = cast.alice.client
        path = f"/registry/employers/{row.pk}/edit/"

        post(client, path, **self.given(cast, name="云川机械厂", headcount=55))
        moved = post(client, path, **self.given(cast, name="云川机械厂", territory=cast.other_town.name))

        row.refresh_from_db()
        assert (row.headcount, row.territory) == (55, cast.town)
        assert f"没有“{cast.other_town.name}”" in moved
        assert cast.charlie.client.post(path, self.given(cast)).status_code == 404

    def test_list_is_filtered_by_union_category_and_words(self, cast: Cast) -> None:
        covered = make_employer(cast.town, "有会厂", headcount=30, category=EmployerCategory.STATE)
        cover(cast.union, covered)
        make_employer(cast.town, "大厂", headcount=25), make_employer(cast.town, "小厂", headcount=24)
        make_employer(cast.town, "关门厂", closed_on=FOUNDED), make_employer(cast.other_town, "外镇厂")
        client = cast.cadre.client

        def shown(**query: str) -> set[str]:
            page = text(client, "/registry/employers/", **query)
            return {name for name in ("有会厂", "大厂", "小厂", "关门厂", "外镇厂") if f">{name}<" in page}

        assert shown() == {"有会厂", "大厂", "小厂"}
        assert shown(union="with") == {"有会厂"}
        assert shown(union="without") == {"大厂", "小厂"}
        assert shown(union="missing") == {"大厂"}
        assert shown(category="110") == {"有会厂"}
        assert shown(q="大") == {"大厂"}
        assert shown(state="closed") == {"关门厂"}
        assert shown(under=cast.town.code) == {"有会厂", "大厂", "小厂"}

    @pytest.mark.parametrize("item_count", [1, 3])
    def test_queries_do_not_grow_with_rows(
        self, cast: Cast, item_count: int, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for _ in range(item_count):
            make_employer(cast.town)
        client = cast.cadre.client
        client.get("/registry/employers/")

        with django_assert_num_queries(7):
            client.get("/registry/employers/")

    def test_page_shows_whose_union_it_is_and_offers_the_next_step(self, cast: Cast) -> None:
        free = make_employer(cast.town, "未建会厂", headcount=30)
        covered = make_employer(cast.town, "已建会厂")
        cover(cast.union, covered)
        client = cast.cadre.client

        assert f"/registry/leads/new/{free.pk}/" in text(client, f"/registry/employers/{free.pk}/")
        page = text(client, f"/registry/employers/{covered.pk}/")
        assert cast.union.name in page
        assert f"/registry/leads/new/{covered.pk}/" not in page

    def test_export_and_search_find_it(self, cast: Cast) -> None:
        make_employer(cast.town, "澄江机械有限公司", initials="cjjxyxgs", credit_code=CODE)
        make_body(cast.town, Kind.ASSOCIATION, name="澄江工会联合会")
        client = cast.cadre.client

        csv = b"".join(client.get("/registry/employers/export.csv?q=澄江").streaming_content).decode("utf-8-sig")
        found = text(client, "/search/", q="澄江")

        assert CODE in csv
        assert client.get("/registry/employers/export/").content[:2] == b"PK"
        assert ("澄江机械有限公司" in found, "澄江工会联合会" in found) == (True, True)
        assert "澄江" not in text(cast.stranger.client, "/search/", q="cjjx").split("<main")[1].replace("value", "")
