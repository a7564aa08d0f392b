"""The one decorator of every page: who may open it and how. Tests, docs and `shuniu urls` read what it leaves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase, HttpResponseNotAllowed
from django.utils.cache import patch_cache_control

from shuniu.kernel.web.requests import PageRequest

P = ParamSpec("P")
View = Callable[Concatenate[PageRequest, P], HttpResponseBase]


class PageView(Protocol[P]):
    """A decorated view. `page_permissions`: any one of them opens it; empty: everybody signed in, or the public."""

    page_permissions: frozenset[str]
    page_methods: tuple[str, ...]
    page_public: bool
    login_required: bool

    def __call__(self, request: PageRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase: ...


def page(
    *permissions: str, public: bool = False, methods: Sequence[str] = ("GET", "HEAD")
) -> Callable[[View[P]], PageView[P]]:
    """Open a view to holders of any of `permissions`, or to the whole world.

    Another method than those listed: 405. Not signed in: to sign-in and back. Signed in without the right: 403.
    What a signed-in person sees is never kept by a cache.
    """
    if public and permissions:
        raise ValueError("A public page asks for no permission.")
    allowed = tuple(dict.fromkeys([*methods, *(["HEAD"] if "GET" in methods else [])]))

    def decorate(view: View[P]) -> PageView[P]:
        @wraps(view)
        def guarded(request: PageRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method not in allowed:
                return HttpResponseNotAllowed(allowed)
            if not public and not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if permissions and not request.actor.may(*permissions):
                raise PermissionDenied
            response = view(request, *args, **kwargs)
            if request.user.is_authenticated:
                patch_cache_control(response, no_store=True, private=True)
            return response

        marked = cast("PageView[P]", guarded)
        marked.page_permissions = frozenset(permissions)
        marked.page_methods = allowed
        marked.page_public = public
        marked.login_required = not public  # read by Django's LoginRequiredMiddleware
        return marked

    return decorate
