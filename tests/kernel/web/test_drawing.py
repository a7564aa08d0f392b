"""Widgets drawn by hand are the widgets that Django's templates draw."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

from shuniu.kernel.web.drawing import Renderer

NASTY = "\"><b>'&王"
CHOICES = [("", "—"), ("a", NASTY), ("组", [("b", "乙"), (NASTY, "丙")])]


def flat(html: str) -> str:
    return re.sub(r">\s+<", "><", html.strip())


@pytest.mark.parametrize(
    ("widget", "value"),
    [
        (forms.Select(choices=CHOICES, attrs={"class": "form-select", "required": True, "disabled": False}), "b"),
        (forms.Select(choices=CHOICES), NASTY),
        (forms.Select(choices=[(1, "一"), (2, "二")]), 2),
        (forms.Select(choices=[]), None),
        (forms.TextInput(attrs={"maxlength": 40, "data-x": NASTY}), NASTY),
        (forms.TextInput(), None),
        (forms.TextInput(attrs={"type": "search"}), ""),
        (forms.HiddenInput(), 7),
        (forms.NumberInput(attrs={"min": 0}), 0),
        (forms.EmailInput(), "a@b.example"),
        (forms.PasswordInput(), "secret"),
        (forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), date(2026, 3, 5)),
    ],
)
def test_a_widget_drawn_by_hand_is_the_one_of_the_template(widget: forms.Widget, value: Any) -> None:
    attrs = {"id": f"id_{NASTY}"}

    drawn = widget.render("name", value, attrs, renderer=Renderer())

    assert flat(drawn) == flat(widget.render("name", value, attrs, renderer=DjangoTemplates()))


def test_other_widgets_are_left_to_their_templates() -> None:
    drawn = forms.Textarea().render("note", "<b>", renderer=Renderer())

    assert drawn == forms.Textarea().render("note", "<b>", renderer=DjangoTemplates())
