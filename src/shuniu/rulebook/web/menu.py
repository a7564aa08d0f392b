"""What this room adds to the navigation and to the search."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shuniu.kernel.scope import Actor
from shuniu.kernel.web import nav, search
from shuniu.rulebook.rules.book import official
from shuniu.rulebook.rules.rule import Topic


def register() -> None:
    """Called once, when the site starts."""
    nav.register(
        nav.NavItem(_("Rules"), "rulebook:rules", "scale", ("rule.view",), order=700, section="tools", key="r")
    )
    search.register(
        search.SearchProvider(
            "rules",
            _("Rules"),
            ("rule.view",),
            _find,
            icon="scale",
            order=700,
            all_url=lambda query: reverse("rulebook:rules") + "?" + urlencode({"q": query}),
        )
    )


def _find(actor: Actor, query: str, limit: int) -> list[search.Hit]:
    topics = [topic for topic in official().topics.values() if topic.mentions(query)]
    return [_hit(topic) for topic in topics[:limit]]


def _hit(topic: Topic) -> search.Hit:
    return search.Hit(str(topic.title), reverse("rulebook:rule", args=[topic.id]), str(official().groups[topic.group]))
