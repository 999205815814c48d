"""The diagram of a landscape, for a page, a document or a file; or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass

from compliance.web.documents.figures import Figure

from .drawing import Drawn, as_figure, drawn
from .graph import graph_of
from .keeping import layout_of
from .landscape import Landscape, folded
from .layout import NoLayoutError
from .legend import with_legend
from .paint import FONT
from .telling import summary


@dataclass(frozen=True)
class Picture:
    """A drawing with its words, or the reason why there is none. `folded` says that a box stands for several systems."""

    title: str
    description: str
    drawing: Drawn | None
    reason: str = ""
    folded: bool = False

    @property
    def figure(self) -> Figure | None:
        """For a page or a document, which set the legend themselves."""
        return as_figure(self.drawing, title=self.title, description=self.description) if self.drawing else None

    def as_file(self) -> bytes:
        """A file that needs nothing else: its legend within, and its own style sheet. Only of a drawing that there is."""
        assert self.drawing is not None
        figure = as_figure(with_legend(self.drawing), title=self.title, description=self.description)
        style = f"<style>text{{font-family:{FONT};font-variant-numeric:tabular-nums}}</style><title"
        svg = figure.on_page().replace("<title", style, 1)
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{svg}\n'.encode()


def picture_of(landscape: Landscape, *, of: str) -> Picture:
    """The diagram of a landscape; `of` names whose boundary it is. Without systems there is none, and no reason either."""
    title, description = f"Boundary diagram of {of}", summary(landscape)
    if not landscape.nodes:
        return Picture(title, description, None)
    shown = folded(landscape)
    graph = graph_of(shown)
    try:
        layout = layout_of(graph)
    except NoLayoutError as error:
        return Picture(title, description, None, str(error))
    return Picture(title, description, drawn(graph, layout), folded=shown is not landscape)
