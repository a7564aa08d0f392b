"""A site of the portal alone, and of views that fail in every way."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.urls import include, path

from shuniu.kernel.web.page import page

FAILURES = {
    "bad": SuspiciousOperation("forged"),
    "forbidden": PermissionDenied(),
    "refused": PermissionDenied("该工会已撤销，不能再修改。"),
    "broken": ZeroDivisionError("secret detail"),
    "away": OperationalError("could not connect to server at 10.0.0.9"),
    "full": OperationalError("database or disk is full"),
    "gone": InterfaceError("connection already closed"),
}


@page(public=True)
def fail(request, how):
    raise FAILURES[how]


@page(public=True, methods=["POST"])
def send(request):
    return HttpResponse("sent")


handler400 = "shuniu.portal.web.errors.bad_request"
handler403 = "shuniu.portal.web.errors.forbidden"
handler404 = "shuniu.portal.web.errors.not_found"
handler500 = "shuniu.portal.web.errors.server_error"

urlpatterns = [
    path("", include("shuniu.portal.web.urls")),
    path("", include("shuniu.kernel.web.urls")),
    path("desk/", include("shuniu.desk.web.urls")),
    path("notices/", include("shuniu.kernel.notices.web.urls")),
    path("in/", include(([path("", send, name="sign_in"), path("out/", send, name="sign_out")], "accounts"))),
    path("fail/<how>/", fail),
    path("send/", send),
]
