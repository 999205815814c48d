"""Cursor pagination by id: UUIDv7 sorts by time, so a page is one index range and no count is made."""

from __future__ import annotations

from rest_framework.pagination import CursorPagination as Base


class CursorPagination(Base):
    """Newest first unless the view says otherwise. `page_size` up to 200."""

    ordering = "-id"
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
