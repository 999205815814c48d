"""Layouts kept in the cache, since a page must not wait for Graphviz.

The key is the digest of the text that Graphviz would be given. That text holds sizes and our own numbers, never a word of
a register, so what is kept is geometry alone: it belongs to no organisation, can be worked out again at any time, and
serves all processes. A stored file would have to be cleaned up after every change of a register; an entry here lapses.
"""

from __future__ import annotations

from hashlib import sha256

from django.core.cache import cache

from .graph import Graph, dot_of
from .layout import Layout, NoLayoutError, check_size, laid_out

#: Seconds: a month, and for a graph that could not be laid out a minute, so that nobody waits for the same failure twice.
_KEPT, _FAILED = 30 * 24 * 3600, 60
_SHAPE = 1  # of what is kept; raised where Layout or the reading of Graphviz's answer changes


def layout_of(graph: Graph) -> Layout:
    """The layout of a graph, kept or new. Raises NoLayoutError."""
    check_size(graph)
    key = f"boundary:{_SHAPE}:{sha256(dot_of(graph).encode()).hexdigest()}"
    kept = cache.get(key)
    if isinstance(kept, Layout):
        return kept
    if isinstance(kept, str):
        raise NoLayoutError(kept)
    try:
        found = laid_out(graph)
    except NoLayoutError as error:
        cache.set(key, str(error), _FAILED)
        raise
    cache.set(key, found, _KEPT)
    return found
