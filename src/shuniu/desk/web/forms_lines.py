"""Forms in which a line is set up, part by part. None shows raw data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from shuniu.accounts.public import User, find_user
from shuniu.desk.casework import effects
from shuniu.desk.enums import Asks, Event, FieldKind, LineRole, Secrecy, Tone, Who
from shuniu.desk.rules.graph import GUARDS
from shuniu.desk.rules.setup import CHOICES, KEY, Setup
from shuniu.kernel.clock import ClockUnit
from shuniu.kernel.scope import Actor
from shuniu.kernel.text import normal
from shuniu.registry.public import Organisation, OrganisationField
from shuniu.rulebook.public import official

KEY_HELP = _("Small letters, digits and _; never shown to those who file.")
UNITS = {
    ClockUnit.CALENDAR: pgettext_lazy("clock", "Calendar days"),
    ClockUnit.WORKDAY: pgettext_lazy("clock", "Working days"),
    ClockUnit.WORK_MINUTE: pgettext_lazy("clock", "Minutes of office hours"),
    ClockUnit.MINUTE: pgettext_lazy("clock", "Minutes round the clock"),
}


def several(label: Any, choices: Any, *, required: bool = False, help_text: Any = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=required, help_text=help_text, widget=forms.CheckboxSelectMultiple
    )


class LineForm(forms.Form):
    """What a line is called and who may read its cases."""

    name = forms.CharField(label=_("Name"), max_length=60)
    about = forms.CharField(label=_("What it is for"), max_length=200, required=False)
    secrecy = forms.ChoiceField(
        label=_("Who may read"), choices=Secrecy.choices, help_text=_("Cases that there are stay as they were opened.")
    )
    takes_anonymous = forms.BooleanField(label=_("Takes anonymous letters"), required=False)
    is_open = forms.BooleanField(label=_("Takes new cases"), required=False)


class NewLineForm(forms.Form):
    """A new line, from a template."""

    organisation = OrganisationField(label=_("Union body"))
    name = forms.CharField(label=_("Name"), max_length=60)
    about = forms.CharField(label=_("What it is for"), max_length=200, required=False)
    key = forms.SlugField(
        label=_("Short name in addresses"), max_length=40, help_text=_("Letters, digits and hyphens.")
    )
    letters = forms.RegexField(
        r"^[A-Za-z]{2,6}$",
        label=_("Letters that its numbers begin with"),
        help_text=_("Two to six letters, such as FL."),
    )

    def __init__(self, data: Mapping[str, Any] | None, *, actor: Actor, **options: Any) -> None:
        super().__init__(data, label_suffix="", **options)
        place = actor.reach("line.edit").condition("path")
        self.fields["organisation"].rows = Organisation.objects.visible_to(actor).filter(place)  # type: ignore[attr-defined]


class PartForm(forms.Form):
    """One entry of a part of a setup. Subclasses say how it becomes a form and data again."""

    name: ClassVar[str] = "key"
    key = forms.RegexField(KEY, label=pgettext_lazy("setup", "Short name"), help_text=KEY_HELP)
    label_zh = forms.CharField(label=_("Chinese"), max_length=60)
    label_en = forms.CharField(label=_("English"), max_length=80, required=False)

    def __init__(self, data: Mapping[str, Any] | None, *, setup: Setup, item: Mapping[str, Any]) -> None:
        super().__init__(data, label_suffix="", initial=self.opened(item))
        self.setup, self.item = setup, item
        self.offer()

    def offer(self) -> None:
        """Fill in the choices that depend on the rest of the setup."""

    def opened(self, item: Mapping[str, Any]) -> dict[str, Any]:
        """The entry as the form shows it."""
        label = item.get("label", {})
        return {
            **item,
            "key": item.get(self.name, ""),
            "label_zh": label.get("zh", ""),
            "label_en": label.get("en", ""),
        }

    def closed(self) -> dict[str, Any]:
        """The entry as it is kept; after `is_valid`."""
        data = self.cleaned_data
        return {self.name: data["key"], "label": words(data["label_zh"], data["label_en"])}

    def _states(self) -> list[tuple[str, str]]:
        return [(stage.key, str(stage.label)) for stage in self.setup.states]


def words(zh: str, en: str) -> dict[str, str]:
    return {"zh": normal(zh), "en": normal(en)} if en.strip() else {"zh": normal(zh)}


class QuestionForm(PartForm):
    """A question of the intake or of the rating form."""

    kind = forms.ChoiceField(label=_("Answered with"), choices=FieldKind.choices)
    required = forms.BooleanField(label=_("Must be answered"), required=False)
    help_zh = forms.CharField(label=_("Help in Chinese"), max_length=120, required=False)
    help_en = forms.CharField(label=_("Help in English"), max_length=160, required=False)
    choices = forms.CharField(
        label=_("Choices"), required=False, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One a line: short name, Chinese, English, with commas between."),
    )  # fmt: skip

    def opened(self, item: Mapping[str, Any]) -> dict[str, Any]:
        lines = [
            f"{c['key']}, {c['label']['zh']}, {c['label'].get('en', '')}".rstrip(", ") for c in item.get("choices", [])
        ]
        help_ = item.get("help", {})
        shown = {"help_zh": help_.get("zh", ""), "help_en": help_.get("en", ""), "choices": "\n".join(lines)}
        return super().opened(item) | shown

    def clean_choices(self) -> list[dict[str, Any]]:
        found = []
        for line in self.cleaned_data["choices"].splitlines():
            parts = [normal(part) for part in line.replace("，", ",").split(",")]
            if not any(parts):
                continue
            if len(parts) < 2 or not KEY.fullmatch(parts[0]) or not parts[1]:
                raise forms.ValidationError(
                    gettext("“{line}” is no choice: short name, Chinese.").format(line=line[:40])
                )
            found.append({"key": parts[0], "label": words(parts[1], parts[2] if len(parts) > 2 else "")})
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        has, wants = bool(data.get("choices")), data.get("kind") in CHOICES
        if has != wants and "choices" in data:
            self.add_error(
                "choices", gettext("Choices belong to questions that are answered by choosing, and only to them.")
            )
        return data

    def closed(self) -> dict[str, Any]:
        data = self.cleaned_data
        item = super().closed() | {"kind": data["kind"], "required": data["required"]}
        if data["help_zh"]:
            item["help"] = words(data["help_zh"], data["help_en"])
        return item | ({"choices": data["choices"]} if data["choices"] else {})


class StateForm(PartForm):
    tone = forms.ChoiceField(label=_("Colour"), choices=Tone.choices)
    share = forms.IntegerField(label=_("How far along, in percent"), min_value=0, max_value=100)
    final = forms.BooleanField(label=_("The case is closed"), required=False)
    paused = forms.BooleanField(label=_("Clocks stand still"), required=False)
    initial_state = forms.BooleanField(label=_("New cases begin here"), required=False)

    def opened(self, item: Mapping[str, Any]) -> dict[str, Any]:
        return {"share": 0} | super().opened(item)

    def offer(self) -> None:
        self.fields["initial_state"].initial = bool(self.item) and self.setup.initial == self.item.get("key")

    def closed(self) -> dict[str, Any]:
        data = self.cleaned_data
        return super().closed() | {key: data[key] for key in ("tone", "share", "final", "paused")}


class TransitionForm(PartForm):
    name = "name"
    source = several(pgettext_lazy("transition", "From"), (), required=True)
    target = forms.ChoiceField(label=_("To"))
    who = several(_("May be taken by"), Who.choices, required=True)
    asks = forms.ChoiceField(label=_("Asks for"), choices=Asks.choices)
    guards = several(_("Only if"), ())
    effects = several(_("Also does"), ())
    danger = forms.BooleanField(label=_("Cannot be taken back"), required=False)

    def offer(self) -> None:
        self.fields["source"].choices = self._states()  # type: ignore[attr-defined]
        self.fields["target"].choices = self._states()  # type: ignore[attr-defined]
        self.fields["guards"].choices = [(key, part.label) for key, part in GUARDS.items()]  # type: ignore[attr-defined]
        known = effects()
        self.fields["effects"].choices = [(key, part.label) for key, part in known.items()]  # type: ignore[attr-defined]
        if not known:
            del self.fields["effects"]

    def opened(self, item: Mapping[str, Any]) -> dict[str, Any]:
        start = {
            "source": item.get("from", []),
            "target": item.get("to", ""),
            "asks": item.get("asks", Asks.NOTHING.value),
        }
        return super().opened(item) | start

    def closed(self) -> dict[str, Any]:
        data = self.cleaned_data
        kept = {key: data.get(key, []) for key in ("who", "asks", "guards", "effects", "danger")}
        return super().closed() | {"from": data["source"], "to": data["target"]} | kept


class ClockForm(PartForm):
    unit = forms.ChoiceField(label=_("Counts"), choices=UNITS.items())
    rule = forms.ChoiceField(label=_("Limit"), help_text=_("A rule of the rulebook; a unit may set its own there."))
    starts = several(_("Starts in"), (), required=True)
    stops = several(_("Stops in"), ())
    answered = forms.BooleanField(label=_("Stops when the filer is answered"), required=False)
    by = forms.ChoiceField(
        label=_("Differs by the question"),
        required=False,
        help_text=_("Keep the form to choose a limit for each answer."),
    )

    def offer(self) -> None:
        rules = [(topic.id, f"{topic.title}") for topic in official().topics.values() if topic.group in GROUPS]
        states, asked = self._states(), [field for field in self.setup.fields if field.choices]
        self.fields["rule"].choices = rules  # type: ignore[attr-defined]
        self.fields["starts"].choices = self.fields["stops"].choices = states  # type: ignore[attr-defined]
        self.fields["by"].choices = [("", _("No question")), *((f.key, str(f.label)) for f in asked)]  # type: ignore[attr-defined]
        chosen = next((field for field in asked if field.key == self.item.get("by")), None)
        for choice in chosen.choices if chosen else ():
            self.fields[f"rule_{choice.key}"] = forms.ChoiceField(
                label=str(choice.label), required=False, choices=[("", _("The limit above")), *rules],
                initial=self.item.get("rules", {}).get(choice.key, ""),
            )  # fmt: skip

    def closed(self) -> dict[str, Any]:
        data = self.cleaned_data
        item = super().closed() | {key: data[key] for key in ("unit", "rule", "starts", "stops", "answered")}
        if data["by"]:
            given = {
                key.removeprefix("rule_"): value for key, value in data.items() if key.startswith("rule_") and value
            }
            item |= {"by": data["by"], "rules": given if data["by"] == self.item.get("by") else {}}
        return item


GROUPS = {"cases", "disputes", "repairs"}
"""Groups of the rulebook whose rules may limit cases."""


class TellForm(PartForm):
    """Who is told of an event; has no name of its own."""

    key = label_zh = label_en = None  # type: ignore[assignment]  # Django's way of leaving out inherited fields
    on = forms.ChoiceField(label=_("When"), choices=Event.choices)
    whom = several(_("Tell"), Who.choices, required=True)

    def opened(self, item: Mapping[str, Any]) -> dict[str, Any]:
        return dict(item)

    def closed(self) -> dict[str, Any]:
        return {"on": self.cleaned_data["on"], "whom": self.cleaned_data["whom"]}


PART_FORMS: dict[str, type[PartForm]] = {
    "fields": QuestionForm,
    "states": StateForm,
    "moves": TransitionForm,
    "clocks": ClockForm,
    "tells": TellForm,
    "rating": QuestionForm,
}


class StaffForm(forms.Form):
    """An account that is to work for a line, by its user name."""

    username = forms.CharField(label=_("User name of the account"), max_length=40)
    role = forms.ChoiceField(label=_("What for"), choices=LineRole.choices, widget=forms.RadioSelect)

    def clean_username(self) -> User:
        user = find_user(self.cleaned_data["username"].strip())
        if user is None or not user.is_active:
            raise forms.ValidationError(gettext("There is no active account of that name."))
        return user


class AnswerTextForm(forms.Form):
    title = forms.CharField(label=pgettext_lazy("answer", "Title"), max_length=40)
    text = forms.CharField(
        label=_("Text"), required=False, widget=forms.Textarea(attrs={"rows": 6}), max_length=2000,
        help_text=_("An empty text removes it."),
    )  # fmt: skip
