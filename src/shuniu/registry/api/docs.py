"""The page that explains the interface, drawn from its own description and without any script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase


class ReadableDocs(DocsBase):
    """What may be asked, with which parameters, and what is answered."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        described = api.get_openapi_schema()
        context = {
            "operations": list(operations(described)),
            "shapes": list(shapes(described)),
            "openapi_url": self.get_openapi_url(api, kwargs),
            "host": request.build_absolute_uri("/"),
        }
        return render(request, "registry/api_docs.html", context)


def operations(described: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Each operation with its parameters and the name of what it answers."""
    known = described["components"]["schemas"]
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield {
                "method": method.upper(),
                "path": path,
                "summary": _(operation["summary"]),
                "parameters": [
                    *(_parameter(one, known) for one in operation.get("parameters", ())),
                    *_body(operation, known),
                ],
                "answer": _kind(_answer(operation), known),
            }


def shapes(described: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Each shape of an answer with its fields."""
    known = described["components"]["schemas"]
    for name, shape in known.items():
        if "properties" in shape:
            fields = [_field(key, one, known) for key, one in shape["properties"].items()]
            yield {"name": name, "fields": fields}


def _answer(operation: Mapping[str, Any]) -> Mapping[str, Any]:
    code = next(code for code in (200, 201) if code in operation["responses"])
    found: list[Mapping[str, Any]] = [one["schema"] for one in operation["responses"][code]["content"].values()]
    return found[0]


def _body(operation: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What a request that writes sends, as one more parameter."""
    for one in operation.get("requestBody", {}).get("content", {}).values():
        yield {
            "name": "JSON",
            "kind": _kind(one["schema"], known),
            "text": _("the body of the request"),
            "required": True,
        }


def _parameter(one: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    told = {"description": one.get("description"), **one["schema"]}
    return {"required": one.get("required", False), **_field(one["name"], told, known)}


def _field(name: str, one: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    text = one.get("description")
    return {"name": name, "kind": _kind(one, known), "text": _(text) if text else ""}


def _kind(schema: Mapping[str, Any], known: Mapping[str, Any]) -> str:
    """What a value is, as people write it: `string`, `date | null`, `[MemberOut]`, or the values it can have."""
    if "$ref" in schema:
        name = str(schema["$ref"].rsplit("/", 1)[-1])
        values = known.get(name, {}).get("enum")
        return " | ".join(map(str, values)) if values else name
    if several := schema.get("anyOf") or schema.get("allOf"):
        return " | ".join(_kind(one, known) for one in several)
    if schema.get("type") == "array":
        return f"[{_kind(schema.get('items', {}), known)}]"
    return str(schema.get("format") or schema.get("type", ""))
