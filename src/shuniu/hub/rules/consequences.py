"""What follows from a score: payment in full or less, putting right, no renewal. The numbers are the rulebook's."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from shuniu.rulebook.public import Rule, Verdict, check

FULL = 100


class Consequence(StrEnum):
    """What a score leads to, from the best to the worst; `NOT_RATED` says nothing against anybody."""

    FULL = "full"
    LESS = "less"
    RECTIFY = "rectify"
    NO_RENEWAL = "no_renewal"
    NOT_RATED = "not_rated"


BARS = (
    (Consequence.FULL, "score.full_pay", ""),
    (Consequence.LESS, "score.good", "score.good_pay"),
    (Consequence.RECTIFY, "score.fair", "score.fair_pay"),
)
"""The bars a score is held against, the highest first, and the share paid where it reaches this one."""
FAILED_PAY = "score.failed_pay"
LEAST_SHARE = "score.least_share"
RULES = (*(bar for _, bar, _ in BARS), *(pay for _, _, pay in BARS if pay), FAILED_PAY, LEAST_SHARE)


@dataclass(frozen=True, slots=True)
class Followed:
    """The consequence of a score, the share to be paid in whole per cent, and the verdict that says so."""

    consequence: Consequence
    percent: int
    verdict: Verdict
    pay: Verdict | None = None

    @property
    def rectify(self) -> bool:
        return self.consequence in (Consequence.RECTIFY, Consequence.NO_RENEWAL)


def follow(total: int | None, assessed: int, points: int, rules: dict[str, Rule]) -> Followed:
    """What a score of `total` hundredths leads to, by the rules of `RULES` that hold at the agreement's place.

    A score that rests on too small a part of the points is no score: nobody is paid less for what was not measured.
    """
    share = check(rules[LEAST_SHARE], assessed, base=points or 1)
    if total is None or not share.ok:
        return Followed(Consequence.NOT_RATED, FULL, share)
    whole = total // 100
    for consequence, bar, pay in BARS:
        verdict = check(rules[bar], whole)
        if verdict.ok:
            return _followed(consequence, verdict, rules.get(pay))
    return _followed(Consequence.NO_RENEWAL, verdict, rules[FAILED_PAY])


def _followed(consequence: Consequence, verdict: Verdict, pay: Rule | None) -> Followed:
    if pay is None:
        return Followed(consequence, FULL, verdict)
    return Followed(consequence, min(FULL, pay.number), verdict, check(pay))
