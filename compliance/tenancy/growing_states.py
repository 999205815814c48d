"""What a migration adds is added to the models as they stand, instead of building all models anew after each step.

Django builds every model that is related to a changed one again, through their relations. All of ours are related, by way
of the organisation: some three hundred steps each built a hundred and fifty models. A new model changes none that stand,
and neither does an index or a constraint of one (docs/decisions/0051). A new field changes its own model; that the others
still know it as it was is told to Django, which builds them all once more before a step that runs Python asks for them.
All other steps go on as Django takes them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations.state import ModelState, ProjectState
from django.db.models import Field
from django.db.models.fields import NOT_PROVIDED


@contextmanager
def growing_states() -> Iterator[None]:
    """While this lasts, models, fields, indexes and constraints that migrations add are added in place."""
    own = {name: getattr(ProjectState, name) for name in _IN_PLACE}
    for name, grown in _IN_PLACE.items():
        setattr(ProjectState, name, grown)
    try:
        yield
    finally:
        for name, method in own.items():
            setattr(ProjectState, name, method)


def _is_built(state: ProjectState) -> bool:
    return "apps" in state.__dict__


def _add_model(self: Any, model_state: ModelState) -> None:
    key = model_state.app_label, model_state.name_lower
    self.models[key] = model_state
    if self._relations is not None:
        self.resolve_model_relations(key)
    if _is_built(self):
        self.apps.render_multiple([model_state])


def _append_option(self: ProjectState, app_label: str, model_name: str, option_name: str, obj: Any) -> None:
    """An index or a constraint more."""
    options = self.models[app_label, model_name].options
    options[option_name] = [*options[option_name], obj]
    if _is_built(self):
        setattr(self.apps.all_models[app_label][model_name]._meta, option_name, list(options[option_name]))


def _add_field(self: Any, app_label: str, model_name: str, name: str, field: Field, preserve_default: bool) -> None:
    if not preserve_default:  # it was for the rows that were there, and not for later ones
        field = field.clone()
        field.default = NOT_PROVIDED
    key = app_label, model_name
    self.models[key].fields[name] = field
    if self._relations is not None:
        self.resolve_model_field_relations(key, name, field)
    self.reload_model(*key, delay=True)


def _reload_model(self: Any, app_label: str, model_name: str, delay: bool = False) -> None:
    """Where the related models may wait, the model alone."""
    if not delay:
        _DJANGOS_RELOAD(self, app_label, model_name)
    elif _is_built(self):
        self.is_delayed = True
        self._reload({(app_label, model_name)})


_DJANGOS_RELOAD = ProjectState.reload_model
_IN_PLACE = {
    "add_model": _add_model, "add_field": _add_field, "_append_option": _append_option, "reload_model": _reload_model,
}  # fmt: skip
