"""Releases of tenders by the Open Contracting Data Standard, 1.1: one for each step, each a whole statement.

A release says the present state of the sections it touches. Releases are merged by the ids in them, so ids never change:
the buyer and each provider by credit code or number, lines by their key, awards by theirs.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from shuniu.hub.enums import BidState, CriterionKind, ReleaseTag, TenderMethod, TenderState, TenderSubject
from shuniu.hub.models import Provider, Tender, TenderAward, TenderBid, TenderNote, TenderRelease
from shuniu.registry.public import Organisation

VERSION = "1.1"
CURRENCY = "CNY"
Body = dict[str, Any]
METHODS = {
    TenderMethod.OPEN: "open",
    TenderMethod.INVITED: "selective",
    TenderMethod.CONSULTATION: "open",
    TenderMethod.QUOTATION: "open",
    TenderMethod.SINGLE: "direct",
}
"""Our methods among those of the standard; the name of ours goes along in `procurementMethodDetails`."""
STATUSES = {
    TenderState.DRAFT: "planning",
    TenderState.APPROVED: "planned",
    TenderState.PUBLISHED: "active",
    TenderState.CANCELLED: "cancelled",
    TenderState.FAILED: "unsuccessful",
}
COMPLETE = "complete"
OPENED = frozenset({BidState.VALID, BidState.INVALID, BidState.DAMAGED})


def write_release(tender: Tender, tag: ReleaseTag, now: datetime, *, award: TenderAward | None = None) -> TenderRelease:
    """Publish a step. Called inside the transaction that takes it."""
    rows = TenderRelease.objects.unscoped(reason="numbers the releases of a tender that is being changed")
    number = rows.filter(tender=tender).count() + 1
    body = {
        "ocid": tender.ocid,
        "id": f"{tender.ocid}-{number:03d}",
        "date": stamp(now),
        "tag": [tag.value],
        "initiationType": "tender",
        "language": "zh",
        "parties": _parties(tender, award),
        "buyer": _reference(tender.organisation),
        "planning": _planning(tender),
        "tender": _tender(tender),
    }
    if award is not None:
        body["awards"] = [_award(award)]
    release: TenderRelease = TenderRelease.everything.create(tender=tender, number=number, at=now, tag=tag, body=body)
    return release


def stamp(moment: datetime) -> str:
    """A moment as the standard wants it (RFC 3339)."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def value(fen: int) -> Body:
    """An amount: yuan, as a whole number where it is one."""
    return {"amount": fen // 100 if fen % 100 == 0 else fen / 100, "currency": CURRENCY}


def party_id(body: Organisation | Provider) -> str:
    code = body.credit_code
    return f"CN-{code}" if code else f"shuniu-{body._meta.model_name}-{body.pk}"


def _reference(body: Organisation | Provider) -> Body:
    return {"id": party_id(body), "name": body.name}


def _party(body: Organisation | Provider, *roles: str) -> Body:
    told = {**_reference(body), "roles": list(roles)}
    return {**told, "identifier": {"id": body.credit_code, "legalName": body.name}} if body.credit_code else told


def _opened(tender: Tender) -> list[TenderBid]:
    rows = TenderBid.objects.unscoped(reason="names of bidders are public once bids are opened")
    return list(rows.filter(tender=tender, state__in=OPENED).select_related("provider").order_by("pk"))


def _parties(tender: Tender, award: TenderAward | None) -> list[Body]:
    parties = [_party(tender.organisation, "buyer", "procuringEntity")]
    winner = award.bid.provider_id if award else None
    for bid in _opened(tender):
        roles = ("tenderer", "supplier") if bid.provider_id == winner else ("tenderer",)
        parties.append(_party(bid.provider, *roles))
    return parties


def _planning(tender: Tender) -> Body:
    planned: Body = {"rationale": tender.need, "budget": {"amount": value(tender.budget), "project": tender.duty.name}}
    if tender.consulted_result:
        planned["documents"] = [
            {
                "id": "consultation",
                "documentType": "needsAssessment",
                "title": "需求征求意见情况",
                "description": tender.consulted_result,
            }
        ]
    return planned


def _tender(tender: Tender) -> Body:
    method = TenderMethod(tender.method)
    told: Body = {
        "id": tender.number,
        "title": tender.title,
        "description": tender.need,
        "status": STATUSES.get(TenderState(tender.state), COMPLETE),
        "procuringEntity": _reference(tender.organisation),
        "items": [_item(line) for line in tender.lines.all()],
        "value": value(tender.budget),
        "procurementMethod": METHODS[method],
        "procurementMethodDetails": str(method.label),
        "mainProcurementCategory": "goods" if tender.subject == TenderSubject.GOODS else "services",
        "awardCriteria": "ratedCriteria" if _rated(tender) else "priceOnly",
        "submissionMethod": ["electronicSubmission"],
    }
    if tender.method_reason:
        told["procurementMethodRationale"] = tender.method_reason
    if details := _criteria(tender):
        told["awardCriteriaDetails"] = details
    if tender.published_at and tender.due_at:
        told["tenderPeriod"] = {"startDate": stamp(tender.published_at), "endDate": stamp(tender.due_at)}
    return {**told, **_bidders(tender), **_amendments(tender)}


def _rated(tender: Tender) -> bool:
    return any(one.kind == CriterionKind.QUALITY for one in tender.criteria.all())


def _criteria(tender: Tender) -> str:
    return "；".join(f"{one.name} {one.points}分" for one in tender.criteria.all())


def _item(line: Any) -> Body:
    return {"id": str(line.pk), "description": line.name, "quantity": line.quantity, "unit": {"name": line.unit}}


def _bidders(tender: Tender) -> Body:
    """Who has bid: nothing of it before the opening."""
    if tender.opened_at is None:
        return {}
    bids = _opened(tender)
    return {"numberOfTenderers": len(bids), "tenderers": [_reference(bid.provider) for bid in bids]}


def _amendments(tender: Tender) -> Body:
    notes: list[TenderNote] = list(tender.notes.all())
    if not notes and not tender.end_reason:
        return {}
    told = [{"id": str(note.number), "date": stamp(note.at), "description": note.text} for note in notes]
    if tender.end_reason and tender.ended_at:
        told.append({"id": "end", "date": stamp(tender.ended_at), "rationale": tender.end_reason})
    return {"amendments": told}


def _award(award: TenderAward) -> Body:
    status = "cancelled" if award.taken_back_at else "active" if award.final_at else "pending"
    told: Body = {
        "id": str(award.pk),
        "title": award.tender.title,
        "status": status,
        "value": value(award.amount),
        "suppliers": [_reference(award.bid.provider)],
    }
    if award.announced_at:
        told["date"] = stamp(award.announced_at)
    return told


def package(bodies: list[Body], *, uri: str, publisher: str, now: datetime) -> Body:
    """A release package around releases."""
    return {**_wrapping(uri, publisher, now), "releases": bodies}


def record_package(bodies: list[Body], compiled: Body, *, uri: str, publisher: str, now: datetime) -> Body:
    """A record package with one record: all releases of a tender, and what they come to."""
    record = {"ocid": compiled["ocid"], "releases": bodies, "compiledRelease": compiled}
    return {**_wrapping(uri, publisher, now), "records": [record]}


def _wrapping(uri: str, publisher: str, now: datetime) -> Body:
    return {"uri": uri, "version": VERSION, "publishedDate": stamp(now), "publisher": {"name": publisher}}


def compiled(bodies: list[Body]) -> Body:
    """What releases come to. Each of ours states its sections whole, so the last statement of each section holds, but
    parties and awards, which are gathered by their ids.
    """
    last = bodies[-1]
    merged = {key: part for body in bodies for key, part in body.items()}
    merged |= {"id": f"{last['ocid']}-{last['date']}", "date": last["date"], "tag": ["compiled"]}
    for section in ("parties", "awards"):
        rows = {one["id"]: one for body in bodies for one in body.get(section, ())}
        if rows:
            merged[section] = list(rows.values())
    return merged
