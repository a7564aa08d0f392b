from __future__ import annotations

import pytest
from django import forms
from django.template import engines

from shuniu.kernel.web.icons import UnknownIconError
from tests.kernel.web.making import ask


def drawn(text, **context):
    return engines["django"].from_string(text).render(context, ask("/members/?q=王&page=2"))


def test_an_icon_is_inline_and_silent():
    html = drawn('{% icon "search" 16 %}')

    assert html.startswith('<svg width="16" height="16"')
    assert 'aria-hidden="true"' in html


def test_an_icon_that_does_not_exist_is_noticed():
    with pytest.raises(UnknownIconError):
        drawn('{% icon "no-such-icon" %}')


def test_a_share_does_not_travel_without_its_numbers_and_base():
    html = drawn('{% stat "建会率" 352 of=388 unit="家" base="应建会单位" %}')

    assert "<b>90.7%</b>" in html
    assert "352 / 388 家" in html
    assert "应建会单位" in html


def test_a_share_of_nothing_is_a_dash():
    assert "<b>—</b>" in drawn('{% stat "建会率" 0 of=0 %}')


def test_progress_says_how_far_in_numbers():
    html = drawn('{% progress 3 5 "筹备" %}')

    assert "3 / 5 · 60%" in html
    assert '<progress max="5" value="3" aria-label="筹备">' in html


class Form(forms.Form):
    name = forms.CharField(label="姓名", help_text="与身份证一致")
    kind = forms.ChoiceField(label="类型", choices=[("a", "甲")], widget=forms.RadioSelect, required=False)


def test_a_field_ties_its_label_help_and_errors_to_it():
    html = drawn("{% field form.name %}", form=Form({"name": ""}))

    assert '<label class="form-label" for="id_name">' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_a_group_of_choices_is_a_fieldset_with_a_legend_and_may_be_optional():
    html = drawn("{% field form.kind %}", form=Form())

    assert "<fieldset" in html
    assert "<legend" in html
    assert "选填" in html


def test_a_chart_brings_its_data_as_json_and_as_a_table():
    options = {"xAxis": {"data": ["</script><b>"]}, "series": [{"type": "bar", "name": "会员", "data": [1286]}]}

    html = drawn('{% chart "towns" options "会员" %}', options=options)

    assert '<script id="chart-towns" type="application/json">' in html
    assert html.count("</script>") == 1
    assert '<td class="cell-number">1,286</td>' in html


def test_a_masked_value_is_revealed_elsewhere():
    assert '<a class="reveal" href="/why/">' in drawn('{% masked "138****1234" "/why/" %}')
    assert "reveal" not in drawn('{% masked "138****1234" %}')
    assert "reveal" not in drawn('{% masked "" "/why/" %}')


def test_the_query_string_can_be_changed_in_part():
    assert drawn('{% query_string page=3 q="" %}') == "?page=3"
    assert drawn("{% query_string size=9 %}") == "?q=%E7%8E%8B&amp;page=2&amp;size=9"
