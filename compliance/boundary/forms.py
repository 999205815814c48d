"""What the diagram is narrowed to."""

from __future__ import annotations

from typing import Any

from django import forms

from compliance.programmes.models import Programme
from compliance.programmes.selectors import programmes
from compliance.registers.models import Service
from compliance.web.filters import Filter

from .landscape import group_word
from .selectors import environments_in_use, services_offered


class BoundaryFilter(Filter):
    """A programme, a service, an environment."""

    programme = forms.ChoiceField(label="Programme", required=False)
    service = forms.ChoiceField(label="Service", required=False)
    environment = forms.ChoiceField(label="Environment", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._programmes: dict[str, Programme] = {str(each.pk): each for each in programmes()[:100]}
        self._services: dict[str, Service] = {str(each.pk): each for each in services_offered()[:200]}
        self.offer("programme", [("", "Any programme"), *((key, each.name) for key, each in self._programmes.items())])
        self.offer("service", [("", "All services"), *((key, str(each)) for key, each in self._services.items())])
        named = [(name, group_word(name)) for name in environments_in_use()]
        self.offer("environment", [("", "Any environment"), *named])

    @property
    def of_programme(self) -> Programme | None:
        return self._programmes.get(self.asked.get("programme", ""))

    @property
    def of_service(self) -> Service | None:
        return self._services.get(self.asked.get("service", ""))
