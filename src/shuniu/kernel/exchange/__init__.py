"""Spreadsheets in and out: one description of columns serves template, upload, matching, check, errors and export."""

from __future__ import annotations

from shuniu.kernel.exchange.importer import Importer, importers, register

__all__ = ["Importer", "importers", "register"]
