"""The rooms that an import page links to."""

from django.urls import include, path

urlpatterns = [
    path("", include("shuniu.portal.web.urls")),
    path("", include("shuniu.kernel.web.urls")),
    path("account/", include("shuniu.accounts.web.urls")),
    path("imports/", include("shuniu.kernel.exchange.web.urls")),
    path("rules/", include("shuniu.rulebook.web.urls")),
    path("registry/", include("shuniu.registry.web.urls")),
]
