"""Where each room is mounted."""

from django.urls import include, path

from shuniu.hub.api import router as hub
from shuniu.registry.api import api, elsewhere

api.add_router("", hub)
api.add_router("", elsewhere)

urlpatterns = [
    path("", include("shuniu.portal.web.urls")),
    path("", include("shuniu.kernel.web.urls")),
    path("account/", include("shuniu.accounts.web.urls")),
    path("notices/", include("shuniu.kernel.notices.web.urls")),
    path("imports/", include("shuniu.kernel.exchange.web.urls")),
    path("rules/", include("shuniu.rulebook.web.urls")),
    path("registry/", include("shuniu.registry.web.urls")),
    path("voice/", include("shuniu.voice.web.urls")),
    path("hub/", include("shuniu.hub.web.urls")),
    path("desk/", include("shuniu.desk.web.urls")),
    path("api/", api.urls),
]

handler400 = "shuniu.portal.web.errors.bad_request"
handler403 = "shuniu.portal.web.errors.forbidden"
handler404 = "shuniu.portal.web.errors.not_found"
handler500 = "shuniu.portal.web.errors.server_error"
