"""The one kind of refusal that a page may show as it is."""

from __future__ import annotations


class ActionError(Exception):
    """An action refused. The message is a whole sentence in the reader's language."""
