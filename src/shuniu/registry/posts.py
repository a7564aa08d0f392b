"""How posts end: shared code below the actions, called inside the transaction of a use case that has checked the right."""

from __future__ import annotations

from datetime import date, timedelta

from shuniu.kernel.period import FOREVER
from shuniu.registry.models import Organisation, Person, Post, Territory

REASON = "posts of a person whom the caller may change"


def end_posts(person: Person, on: date, *, organisation: Organisation | None = None) -> int:
    """End the person's open posts, all or those in one organisation; how many there were."""
    rows = Post.objects.unscoped(reason=REASON).filter(person=person, ends_on=FOREVER)
    open_ones = list(rows.filter(organisation=organisation) if organisation else rows)
    for post in open_ones:
        end_post(post, on)
    return len(open_ones)


def end_post(post: Post, on: date) -> None:
    """End a post and the areas an organiser holds by it. What began that day or later holds for its first day."""
    post.ends_on = max(on, post.starts_on + timedelta(days=1))
    post.save(update_fields=["ends_on"])
    for territory in Territory.objects.unscoped(reason=REASON).filter(post=post, ends_on=FOREVER):
        territory.ends_on = max(on, territory.starts_on + timedelta(days=1))
        territory.save(update_fields=["ends_on"])
