"""The one kind of refusal that a page may show as it is."""

from __future__ import annotations


class ActionError(Exception):
    """An action refused. The message is a whole sentence in the reader's language."""


class FieldError(ActionError):
    """A value that cannot be kept. `field` is its name among the action's arguments, so that a form can point at it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
