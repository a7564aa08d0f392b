"""A table of its own for tests of lists: people who do not exist, in unions that do not exist."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import connection, models

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
GIVEN = ("晓岚", "建国", "思远", "雨桐", "志强", "丽华", "文博", "嘉怡", "海涛", "静雯", "立新")
HOMES = ("城东街道总工会", "梅陇镇总工会", "华宁电子有限公司工会", "区中心医院工会", "“骑手之家”联合工会")


class Note(models.Model):
    name = models.CharField(max_length=40)
    pinyin = models.CharField(max_length=40)
    home = models.CharField(max_length=60)
    mobile = models.CharField(max_length=11)
    joined_on = models.DateField()
    points = models.IntegerField()
    state = models.CharField(max_length=10)

    class Meta:
        app_label = "gallery"
        db_table = "gallery_note"

    def __str__(self) -> str:
        return self.name


def create_table() -> None:
    number = "bigserial" if connection.vendor == "postgresql" else "integer"
    drop_table()
    with connection.cursor() as cursor:
        cursor.execute(
            f"create table gallery_note (id {number} primary key, name varchar(40), pinyin varchar(40), home varchar(60),"
            " mobile varchar(11), joined_on date, points integer, state varchar(10))"
        )


def drop_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists gallery_note")


def fill(count: int) -> None:
    Note.objects.bulk_create(
        Note(
            name=SURNAMES[index % 16] + GIVEN[index % 11],
            pinyin=f"{'zqslzwzwfccwjshy'[index % 16]}{index % 11:02d}",
            home=HOMES[index % 5],
            mobile=f"138{index:08d}",
            joined_on=date(2019, 1, 1) + timedelta(days=index * 7 % 2500),
            points=index * 37 % 4000,
            state=("active", "reserved", "left")[index % 7 // 3],
        )
        for index in range(count)
    )
