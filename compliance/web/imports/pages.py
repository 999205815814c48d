"""The pages of an import, for any room: bring a file, look at what it would do, apply or discard it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.web.refusals import show_refusal
from compliance.web.sent import sent_with_files

from .columns import Column
from .drafts import apply_draft, discard_draft, keep_draft, look, map_columns
from .models import ImportDraft, ImportState
from .planning import SHOWN, Intake, Plan, plan
from .tables import MOST_BYTES, MOST_ROWS


class FileForm(forms.Form):
    """A table to look through before it is applied."""

    file = forms.FileField(
        label="CSV or XLSX file", help_text="The first line names the columns. Commas, semicolons and tabs are read alike.",
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
    )  # fmt: skip


@dataclass(frozen=True)
class ImportPages:
    """The pages for one kind of rows. `intake` is made for each request; `home` is the url name of their list.

    `note` says in one sentence how rows are recognised and what an empty cell does.
    """

    noun: str
    one: str
    namespace: str
    home: str
    section: str
    permission: Permission
    intake: Callable[[Any], Intake]
    note: str

    def paths(self, root: str = "") -> list[URLPattern]:
        """`bring_<noun>`, `look_<noun>`, `apply_<noun>`, `discard_<noun>`, below `root`."""
        guard = requires(self.permission)
        return [
            path(f"{root}import/", guard(self._bring), name=f"bring_{self.noun}"),
            path(f"{root}import/<uuid:draft>/", guard(self._look), name=f"look_{self.noun}"),
            path(f"{root}import/<uuid:draft>/apply/", require_POST(guard(self._apply)), name=f"apply_{self.noun}"),
            path(f"{root}import/<uuid:draft>/discard/", require_POST(guard(self._discard)), name=f"discard_{self.noun}"),
        ]  # fmt: skip

    def _bring(self, request: Any, organization: str) -> HttpResponse:
        """First step: choose a file."""
        form = FileForm(*sent_with_files(request))
        if request.method == "POST" and form.is_valid():
            try:
                draft = self._kept(request, form.cleaned_data["file"])
            except ValidationError as error:
                show_refusal(form, error)
            else:
                return redirect(f"{self.namespace}:look_{self.noun}", organization, draft.pk)
        context = self._page(organization) | {"form": form, "columns": self.intake(request).columns}
        return render(request, "imports/bring.html", context, status=422 if form.errors else 200)

    def _kept(self, request: Any, file: Any) -> ImportDraft:
        content = file.read() if file.size <= MOST_BYTES else b"\0" * (MOST_BYTES + 1)
        made = plan(self.intake(request), content, {})
        if made.problem and not made.head:
            raise ValidationError({"file": made.problem})
        return keep_draft(noun=self.noun, name=file.name or "file", content=content, by=request.actor.label)

    def _look(self, request: Any, organization: str, draft: UUID) -> HttpResponse:
        """What the file would do; sent, which column holds which field."""
        found = self._draft(draft)
        if found.state != ImportState.DRAFT:
            return render(request, "imports/done.html", self._page(organization) | {"draft": found})
        intake = self.intake(request)
        if request.method == "POST":
            map_columns(found, columns_chosen(request.POST, look(found, intake).head, intake.columns))
            return redirect(f"{self.namespace}:look_{self.noun}", organization, found.pk)
        return self._preview(request, organization, found, look(found, intake))

    def _apply(self, request: Any, organization: str, draft: UUID) -> HttpResponse:
        """Second step: apply what was looked at. With a fault nothing is written."""
        found = self._draft(draft)
        try:
            made, applied = apply_draft(
                actor=request.actor, draft=found, intake=self.intake(request), seen=request.POST.get("seen", "")
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(f"{self.namespace}:look_{self.noun}", organization, found.pk)
        if not applied:
            return self._preview(request, organization, found, made, status=422)
        messages.success(
            request, f"{len(made.added)} added, {len(made.changed)} changed, {made.same} as they were.",
        )  # fmt: skip
        return redirect(self.home, organization)

    def _discard(self, request: Any, organization: str, draft: UUID) -> HttpResponse:
        """Put the file aside."""
        found = self._draft(draft)
        try:
            discard_draft(found)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, f"{found.file_name} was discarded. Nothing was written.")
        return redirect(self.home, organization)

    def _draft(self, draft: UUID) -> ImportDraft:
        return get_object_or_404(ImportDraft, pk=draft, noun=self.noun)

    def _preview(
        self, request: HttpRequest, organization: str, draft: ImportDraft, made: Plan, *, status: int = 200
    ) -> HttpResponse:
        context = self._page(organization, draft) | what_it_would_do(draft, made, self.intake(request).columns) | {"again": status == 422}
        return render(request, "imports/preview.html", context, status=status)

    def _page(self, organization: str, draft: ImportDraft | None = None) -> dict[str, Any]:
        def address(verb: str, *more: Any) -> str:
            return reverse(f"{self.namespace}:{verb}_{self.noun}", args=[organization, *more])

        of_draft = {f"{verb}_address": address(verb, draft.pk) for verb in ("look", "apply", "discard")} if draft else {}
        return {
            "noun": self.noun, "section": self.section, "note": self.note, "home_address": reverse(self.home, args=[organization]),
            "bring_address": address("bring"), "most_rows": MOST_ROWS, "most_mb": MOST_BYTES // 1024 // 1024, **of_draft,
        }  # fmt: skip


def what_it_would_do(draft: ImportDraft, made: Plan, columns: Sequence[Column]) -> dict[str, Any]:
    """What `imports/preview.html` shows of a draft, beside its addresses (`home_address`, `bring_address`, `look_address`,
    `apply_address`, `discard_address`), `section` and `note`."""
    offered = [column for column in columns if not column.told]
    labels = {column.name: column.label for column in offered}
    faults = [
        {"line": row.line, "label": row.label, "column": labels.get(name, ""), "cell": row.cells.get(name, ""), "what": what}
        for row in made.faulty[:SHOWN] for name, what in row.faults.items()
    ]  # fmt: skip
    return {
        "draft": draft, "plan": made, "faults": faults, "fields": offered, "shown": SHOWN,
        "heads": list(zip(made.head, [column.name if column else "" for column in made.columns], strict=False)),
        "unread": [head for head, column in zip(made.head, made.columns, strict=False) if column is None and head],
    }  # fmt: skip


def columns_chosen(post: QueryDict, heads: Sequence[str], columns: Sequence[Column]) -> dict[str, str]:
    """Which field each column of a file holds, as the form of the preview says."""
    names = {column.name for column in columns if not column.told}
    asked = {head: post.get(f"column-{place}", "") for place, head in enumerate(heads)}
    return {head: name for head, name in asked.items() if not name or name in names}
