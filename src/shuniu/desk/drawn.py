"""The state graphs of the templates of mediation and repairs, for the diagrams in the docs. Lines may change theirs."""

from __future__ import annotations

from shuniu.desk.blueprints import blueprints
from shuniu.desk.rules.graph import flow_of
from shuniu.desk.rules.setup import read_setup

MEDIATION, REPAIR = (
    flow_of(read_setup(blueprints()[key].setup, key), f"desk.{key}") for key in ("mediation", "repair")
)
