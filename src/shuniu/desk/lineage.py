"""The setup that a line or a case goes by, read once a process: a published version never changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from shuniu.desk.models import Case, LineVersion, ServiceLine
from shuniu.desk.rules.graph import CaseView, flow_of
from shuniu.desk.rules.setup import Setup, read_setup
from shuniu.kernel.errors import ActionError
from shuniu.kernel.flow import Flow

_setups: dict[str, Setup] = {}


def digest(setup: Mapping[str, Any]) -> str:
    """What names the content of a setup."""
    return hashlib.sha256(json.dumps(setup, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def setup_of(version: LineVersion) -> Setup:
    """The setup of a version. Where `version` was loaded without it, it is read at most once a process."""
    found = _setups.get(version.digest)
    if found is None:
        found = _setups[version.digest] = read_setup(version.setup, str(version))
    return found


def setup_of_line(line: ServiceLine) -> Setup:
    """The setup that new cases of a line go by.

    Raises:
        ActionError: the line has never been published.
    """
    if line.current is None:
        raise ActionError(_("“{line}” takes no new cases at present.").format(line=line))
    return setup_of(line.current)


def flow_of_version(version: LineVersion) -> Flow[CaseView]:
    setup_of(version)
    return _flow(version.digest)


def state_of(case: Case) -> tuple[str, str, int]:
    """The case's state as read, its tone, and how far along it is in percent."""
    stage = setup_of(case.version).state(case.state)
    return str(stage.label), stage.tone.value, stage.share


@lru_cache(maxsize=256)
def _flow(key: str) -> Flow[CaseView]:
    return flow_of(_setups[key])
