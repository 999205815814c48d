"""What an organisation has of a framework, as OSCAL documents."""

from __future__ import annotations

from typing import Any

from compliance.frameworks.exporting import moment, requirements_in_order
from compliance.frameworks.models import Framework
from compliance.frameworks.oscal.profile import profile
from compliance.programmes.selectors import open_programmes, requirements_in_scope
from compliance.tenancy.models import Organization

from ..models import Implementation, Mapping
from .oscal import component_definition


def profile_of(framework: Framework, organization: Organization) -> dict[str, Any]:
    """What the organisation's programme against a framework is measured by; every assessed requirement without one."""
    requirements = requirements_in_order(framework)
    programme = open_programmes().filter(framework_id=framework.pk).first()
    chosen = list(requirements_in_scope(programme)) if programme else [row for row in requirements if row.assessable]
    title = f"{framework.title}: scope of {organization.name}"
    return profile(framework, requirements, chosen, title=title, moment=moment(), of=organization.pk)


def components_of(framework: Framework, organization: Organization) -> dict[str, Any]:
    """The organisation's controls in use that are mapped to a framework."""
    mappings = Mapping.objects.filter(requirement__framework=framework).select_related("control")
    mappings = mappings.exclude(control__implementation=Implementation.RETIRED)
    found = list(mappings.order_by("control__ref", "requirement__position"))
    return component_definition(
        framework, requirements_in_order(framework), found, owner=organization.name, moment=moment()
    )
