"""Ids of the rules that tenders are held against."""

from __future__ import annotations

from typing import Final

AGREEMENT_DAYS: Final = "tender.agreement_days"
ANSWER_WORKDAYS: Final = "tender.answer_workdays"
BOND_PERCENT: Final = "tender.bond_percent"
EXPERTS: Final = "tender.experts"
LOW_OF_CEILING: Final = "tender.low_of_ceiling"
LOW_OF_MEAN: Final = "tender.low_of_mean"
OBJECTION_WORKDAYS: Final = "tender.objection_workdays"
OPENING_COMMITTEE: Final = "tender.opening_committee"
RECUSAL_YEARS: Final = "tender.recusal_years"
SMALL_DISCOUNT: Final = "tender.small_discount"
USERS_CONSULTED: Final = "tender.users_consulted"
