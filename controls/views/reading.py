"""What a request asks the matrix for: by what it is measured, narrowed, sorted."""

from __future__ import annotations

from dataclasses import dataclass

from compliance.frameworks.models import Framework
from compliance.people.requests import PageRequest
from compliance.programmes.models import Programme
from compliance.programmes.selectors import open_programmes

from .. import selectors
from ..forms import MatrixFilter
from ..matrix import Matrix, criteria_of


@dataclass
class Reading:
    """The matrix that a request asks for, with the filters, and what it is measured by."""

    matrix: Matrix
    filter: MatrixFilter
    measure: Programme | Framework | None
    programmes: list[Programme]


def read(request: PageRequest) -> Reading:
    """The matrix of the address' filters; a measure that is not there falls back to the usual one."""
    programmes = list(open_programmes())
    frameworks = list(Framework.objects.defer("licence_note", "levels").order_by("short_title", "version"))
    measures: dict[str, Programme | Framework] = {str(each.pk): each for each in programmes}
    measures |= {str(each.pk): each for each in frameworks}
    usual = _usual(programmes, frameworks)
    measure = measures.get(request.GET.get("by", ""), usual)
    criteria = criteria_of(measure) if measure else []
    series = dict.fromkeys(each.series for each in criteria)
    others = [(key, str(each)) for key, each in measures.items() if each != usual]
    offered = [("", str(usual or "No framework is loaded")), *others]
    form = MatrixFilter(request.GET, measures=offered, series=series, owners=selectors.owners())
    return Reading(Matrix(criteria, form.asked, request.GET.get("sort", "")), form, measure, programmes)


def _usual(programmes: list[Programme], frameworks: list[Framework]) -> Programme | Framework | None:
    """The first programme under way; where there is none, the criteria of SOC 2."""
    soc2 = (each for each in frameworks if each.key.startswith("soc2"))
    return programmes[0] if programmes else next(soc2, frameworks[0] if frameworks else None)
