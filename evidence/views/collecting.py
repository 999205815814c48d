"""What helps with collecting: the template that is filled in, made out for one requirement."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, Http404

from compliance.access.guards import requires
from compliance.access.permissions import Permission
from compliance.people.requests import PageRequest

from .. import guidance
from .finding import requirement_or_404


@requires(Permission.EVIDENCE_VIEW)
def template(request: PageRequest, organization: str, requirement: UUID) -> FileResponse:
    """The template: a document as Markdown, a sheet as XLSX, or as CSV with `?as=csv`."""
    found = requirement_or_404(requirement)
    wanted = guidance.template_of(found)
    if wanted is None:
        raise Http404("This requirement has no template.")
    made = guidance.make_out(found, wanted, as_=request.GET.get("as", ""))
    return FileResponse(made.content, as_attachment=True, filename=made.name, content_type=made.media_type)
