"""What a subject is called at the command line."""

from __future__ import annotations

from uuid import UUID

from compliance.programmes.models import Programme
from controls.models import Control

from .subjects import NoSubject, Subject, criteria, of_control, of_criterion, of_programme


def named_control(ref: str) -> Subject:
    """A control by its reference. Raises NoSubject."""
    control = Control.objects.filter(ref__iexact=ref).first()
    if control is None:
        raise NoSubject(f"There is no control {ref}.")
    return of_control(control)


def named_criterion(ref: str, framework: str = "") -> Subject:
    """A criterion that some control meets, by its reference; `framework` is a key, where several have it. Raises NoSubject."""
    found = list(criteria().filter(ref__iexact=ref)[:20])
    if framework:
        found = [each for each in found if each.framework.key == framework]
    if not found:
        raise NoSubject(f"No control meets a criterion {ref}.")
    if len(found) > 1:
        keys = ", ".join(sorted(each.framework.key for each in found))
        raise NoSubject(f"Several frameworks have a criterion {ref}: name one with --framework ({keys}).")
    return of_criterion(found[0])


def named_programme(name: str) -> Subject:
    """A programme by its id or its name. Raises NoSubject."""
    found = list(Programme.objects.filter(pk=name) if _is_id(name) else Programme.objects.filter(name__iexact=name)[:2])
    if len(found) != 1:
        raise NoSubject(f"{'Several programmes are' if found else 'No programme is'} called {name}.")
    return of_programme(found[0])


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
