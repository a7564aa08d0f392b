"""The flow of one template, for the docs: each line has its own, drawn on its page."""

from __future__ import annotations

from typing import Final

from shuniu.desk.blueprints import blueprints
from shuniu.desk.rules.graph import flow_of
from shuniu.desk.rules.setup import read_setup

ADVICE: Final = flow_of(read_setup(blueprints()["advice"].setup, "advice"), "desk.advice")
