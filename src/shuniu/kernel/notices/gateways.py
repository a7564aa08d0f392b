"""The gateways that come with the site: e-mail, and a folder with one file for each message."""

from __future__ import annotations

import smtplib
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuniu.kernel.notices.kinds import EMAIL, GatewayError, Message, UnclearError

if TYPE_CHECKING:
    from django.utils.functional import Promise

TIMEOUT = 10
"""Seconds to wait for the mail server."""
FINAL = range(500, 600)
"""Answers of a mail server that trying again does not change."""


class Email:
    """Mail by SMTP, as Django's settings say."""

    key: str = EMAIL
    label: str | Promise = gettext_lazy("E-mail")

    def send(self, message: Message) -> None:
        connection = get_connection(timeout=TIMEOUT)
        try:
            connection.open()
        except (OSError, smtplib.SMTPException) as error:
            raise GatewayError(_code(error)) from error
        try:
            EmailMessage(subject(message), body(message), to=[message.to], connection=connection).send()
        except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
            raise GatewayError(_code(error), for_good=_answer(error) in FINAL) from error
        except (OSError, smtplib.SMTPException) as error:
            raise UnclearError(_code(error)) from error
        finally:
            connection.close()


class Outbox:
    """A file for each message, in a folder: for the demo, and for whoever first wants to see what would be sent."""

    def __init__(self, key: str, label: str | Promise, folder: Path) -> None:
        self.key = key
        self.label = label
        self.folder = folder

    def send(self, message: Message) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        written = f"To: {message.to}\nSubject: {subject(message)}\n\n{body(message)}"
        (self.folder / f"{message.number:08d}-{self.key}.txt").write_text(written, encoding="utf-8")


def subject(message: Message) -> str:
    return _("[Shuniu] {title}").format(title=message.title)


def body(message: Message) -> str:
    """What a mail says. Whoever does not want it learns where to say so."""
    ending = _("You receive this because of your choice under “My account”, “What I am told”.")
    return "\n\n".join(part for part in (message.title, message.text, message.url, f"-- \n{ending}") if part)


def of_this_site() -> Email | Outbox | None:
    """The way mail leaves this site, by `SHUNIU_MAIL`; None where none was set."""
    match settings.SHUNIU_MAIL_WAY:
        case "smtp":
            return Email()
        case "file":
            return Outbox(EMAIL, Email.label, settings.SHUNIU_DATA / "outbox")
        case _:
            return None


def _answer(error: smtplib.SMTPException) -> int:
    """The code of the server's answer; of several refused addresses, the first."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next(iter(error.recipients.values()), (0, b""))[0]
    return int(getattr(error, "smtp_code", 0) or 0)


def _code(error: Exception) -> str:
    """What the operator is told: the kind of error and the server's code, no text of the server, which names people."""
    answer = _answer(error) if isinstance(error, smtplib.SMTPException) else 0
    return f"{type(error).__name__} {answer}" if answer else type(error).__name__
