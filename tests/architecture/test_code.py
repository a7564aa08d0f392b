"""Rules for the code of the whole site. Each one names the mistake it stops; every exception says why it is one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

from shuniu.accounts.public import catalogue
from shuniu.kernel.scope import ScopedModel
from shuniu.kernel.verbs import verbs

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "shuniu"
FILES = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)

SHARED = {
    "accounts.ApiToken": "belongs to its user and is reached through the user only",
    "accounts.RecoveryCode": "belongs to its user and is reached through the user only",
    "accounts.SignIn": "belongs to its user and is reached through the user only",
    "accounts.User": "accounts belong to the site, not to a place in the tree; user.view opens them",
    "kernel.Delivery": "how a notice went out: the worker reads it, and the operator without its words",
    "kernel.NoticeChoice": "belongs to its account and is reached through the account only",
    "kernel.TrailEntry": "the trail of the whole site; trail.view opens it",
    "kernel.TrailHead": "one row that says how long the trail is",
    "desk.ReceiptTries": "counts of the whole site that say nothing of anybody; no page shows them",
    "registry.Replaced": "what an import changed; no page shows it, only undo reads it",
    "registry.Area": "the map: everybody signed in may know it",
}
"""Models whose rows lie at no place in the tree."""

NO_MOMENT = {
    "kernel/exchange/actions.py permitted": "asks, and writes nothing",
    "registry/actions/organisations.py founded": "puts a founding into words for another action",
    "registry/actions/transfers.py handover": "asks, and writes nothing",
}
"""Public functions in action modules that are no actions."""

DOORS = ("web", "management", "jobs.py", "bench.py", "api.py", "cli.py", "command.py", "command_line.py")
"""Folders and files that may read the clock."""
CLOCKS = {
    ("timezone", "now"), ("timezone", "localdate"), ("timezone", "localtime"), ("datetime", "now"), ("datetime", "today"),
    ("datetime", "utcnow"), ("date", "today"), ("time", "time"),
}  # fmt: skip
NO_CLOCK_AT_ALL = {
    "kernel/backup.py": "names its file by the moment its door gives",
}
"""Files that look like reading the clock and do not."""

MANAGERS_IN_WEB = {
    "kernel/web/sessions.py Session.objects": "the session has to be known before anybody is asking",
    "registry/web/forms_leads.py Area.objects": "areas are shared, and the choices were narrowed by a query before",
    "registry/web/forms_organising.py Area.objects": "areas are shared, and the choices were narrowed by a query before",
}
"""Managers that web code may reach."""

CASE_PART = "a part of a case, reached through a case that was found in sight and may be read"
OWN_ONLY = {
    "kernel.Notice": "what somebody was told is nobody else's business: only its reader reaches it",
    "kernel.ImportBatch": "a file on its way in holds what others may not see: only who uploaded it reaches it",
    "desk.CaseStep": CASE_PART,
    "desk.CaseClock": CASE_PART,
    "desk.ClockPause": CASE_PART,
    "desk.CaseFile": CASE_PART,
    "desk.Extension": CASE_PART,
    "desk.CaseWord": CASE_PART,
    "desk.LineSerial": "a counter: no page shows it",
}
"""Scoped models that no place of the tree opens."""

PURPOSES = {"account.recovery", "hub.papers"}
"""Purposes of keyed hashes and kinds of notices in modules that write the trail; they look like verbs."""

VERB = re.compile(r"[a-z_]+\.(?!(?:xlsx|csv|json|toml|html|md)$)[a-z_]+")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def is_door(path: Path) -> bool:
    return any(part in DOORS for part in path.relative_to(SOURCE).parts)


def in_web(path: Path) -> bool:
    return "web" in path.relative_to(SOURCE).parts or path.name == "api.py"


def dotted(node: ast.expr) -> str:
    """`a.b.c` as it is written; empty for anything else."""
    return ast.unparse(node) if isinstance(node, (ast.Name, ast.Attribute)) else ""


def calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call))


def texts(node: ast.AST) -> Iterator[str]:
    return (one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str))


def action_modules() -> list[Path]:
    return [path for path in FILES if path.name == "actions.py" or path.parent.name == "actions"]


def test_actions_name_their_actor_and_their_moment() -> None:
    """An action that guesses who acts or when cannot be told the truth about by the trail, or tested."""
    found = {
        f"{name_of(path)} {node.name}"
        for path in action_modules()
        for node in tree_of(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        if not {"actor", "now"} <= {argument.arg for argument in node.args.kwonlyargs}
    }

    assert found == NO_MOMENT.keys()


def test_only_the_doors_read_the_clock() -> None:
    """Deadlines and periods are tested by being told the time."""
    found = {
        f"{name_of(path)}:{call.lineno}"
        for path in FILES
        if not is_door(path)
        for call in calls(path)
        if isinstance(call.func, ast.Attribute) and (dotted(call.func.value), call.func.attr) in CLOCKS
        # told the moment, these only turn it to the site's zone
        if not (call.func.attr in {"localtime", "localdate"} and call.args)
    }

    assert found == set()


def test_web_code_reaches_no_manager() -> None:
    """A page that reads tables on its own goes round the scope. `.visible_to(actor)` is the way, `.none()` is harmless."""
    found = {
        f"{name_of(path)} {dotted(node.value).rpartition('.')[2]}.{node.attr}"
        for path in FILES
        if in_web(path)
        for node in _managers(path)
    }

    assert found == MANAGERS_IN_WEB.keys()


def _managers(path: Path) -> Iterator[ast.Attribute]:
    harmless = {
        id(node.value)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr in {"visible_to", "none"}
    }
    for node in ast.walk(tree_of(path)):
        named = isinstance(node, ast.Attribute) and node.attr in {"objects", "everything", "_default_manager"}
        if named and isinstance(node, ast.Attribute) and id(node) not in harmless and _is_class(node.value):
            yield node


def _is_class(node: ast.expr) -> bool:
    return dotted(node).rpartition(".")[2][:1].isupper()


def test_unscoped_queries_state_their_reason() -> None:
    """A reason that is a number, or a line too short to say anything, is none."""
    found = {
        f"{name_of(path)}:{call.lineno}"
        for path in FILES
        for call in calls(path)
        if isinstance(call.func, ast.Attribute) and call.func.attr == "unscoped" and not _has_reason(call)
    }

    assert found == set()


def _has_reason(call: ast.Call) -> bool:
    reasons = [word.value for word in call.keywords if word.arg == "reason"]
    return any(not isinstance(one, ast.Constant) or len(str(one.value)) > 6 for one in reasons)


def test_web_code_asks_for_nothing_unscoped() -> None:
    found = {
        f"{name_of(path)}:{call.lineno}"
        for path in FILES
        if in_web(path)
        for call in calls(path)
        if isinstance(call.func, ast.Attribute) and call.func.attr == "unscoped"
    }

    assert found == set()


def test_every_model_is_scoped_or_listed_as_shared() -> None:
    ours = {model._meta.label: model for model in apps.get_models() if model.__module__.startswith("shuniu.")}

    assert {label for label, model in ours.items() if not issubclass(model, ScopedModel)} == SHARED.keys()


def test_every_scoped_model_says_where_it_lies_and_who_sees_it() -> None:
    for model in apps.get_models():
        if issubclass(model, ScopedModel) and model._meta.label not in OWN_ONLY:
            assert model.scope_permission in catalogue().permissions, model
            _follow(model, model.scope_path)


def _follow(model: type, path: str) -> None:
    *steps, last = path.split("__")
    for step in steps:
        model = model._meta.get_field(step).related_model  # type: ignore[attr-defined]
    assert model._meta.get_field(last).name == "path"  # type: ignore[attr-defined]


def test_permissions_asked_for_in_the_code_exist() -> None:
    """A mistyped permission is held by nobody: the page is closed and no test of a refusal notices."""
    asked = {
        text
        for path in FILES
        for call in calls(path)
        if isinstance(call.func, ast.Attribute) and call.func.attr in {"may", "may_at", "reach"}
        for argument in call.args
        if isinstance(argument, ast.Constant)
        for text in texts(argument)
        if VERB.fullmatch(text)
    }

    assert asked - catalogue().permissions.keys() == set()


def test_nothing_hides_in_save_or_signals() -> None:
    """What a write does stands in its action."""
    found = set()
    for path in FILES:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ClassDef) and "models" in name_of(path):
                found |= {
                    f"{name_of(path)} {node.name}.{one.name}"
                    for one in node.body
                    if getattr(one, "name", "") in {"save", "delete"}
                }
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
                ("django.db.models.signals", "django.dispatch")
            ):
                found.add(f"{name_of(path)}:{node.lineno}")

    assert found == set()


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    said = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=1, stdout=said)
    except SystemExit:
        pytest.fail(said.getvalue())


def used_verbs() -> set[str]:
    """Texts shaped like a verb in every module that writes the trail."""
    writers = [path for path in FILES if _writes_the_trail(path)]
    shaped = {text for path in writers for text in texts(tree_of(path)) if VERB.fullmatch(text)}
    return shaped - catalogue().permissions.keys() - PURPOSES


def _writes_the_trail(path: Path) -> bool:
    return path != SOURCE / "kernel" / "trail.py" and any(
        dotted(call.func) in {"record", "trail.record"} for call in calls(path)
    )


def test_every_verb_of_the_trail_has_a_name() -> None:
    """Add it to VERBS in the room's verbs.py, with its Chinese in the catalogue."""
    assert sorted(used_verbs() - verbs().keys()) == []


def test_every_named_verb_is_used() -> None:
    said = {text for path in FILES if path.name != "verbs.py" for text in texts(tree_of(path))}

    assert sorted(verbs().keys() - said) == []


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    known = {name for path in FILES for name in re.findall(r"\bSHUNIU_[A-Z_]+\b", path.read_text(encoding="utf-8"))}
    page = (ROOT / "docs" / "operate" / "settings.md").read_text(encoding="utf-8")

    assert set(re.findall(r"\bSHUNIU_[A-Z_]+\b", page)) == known


def test_no_message_hides_in_an_f_string() -> None:
    """xgettext does not look into them: the catalogue never learns of the message, and English leaks into Chinese pages."""
    asked = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext", "npgettext", "pgettext_lazy"}
    found = {
        f"{name_of(path)}:{node.lineno}"
        for path in FILES
        for whole in ast.walk(tree_of(path))
        if isinstance(whole, ast.JoinedStr)
        for node in ast.walk(whole)
        if isinstance(node, ast.Call) and dotted(node.func) in asked
    }

    assert found == set()
