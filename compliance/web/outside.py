"""Calls of other systems that a request waits for: they are made outside any transaction (decisions, 16).

A view finds and guards inside the room, and answers with `Outside`: what to call, and how to answer once it is known.
The room is left before the call, and entered anew for the answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from django.http import HttpResponse

R = TypeVar("R")


class Outside(HttpResponse, Generic[R]):
    """Not sent to anybody: the middleware puts what `answer` makes of the call's result in its place.

    `call` must touch no row; `answer` runs in a transaction of its own and reads anew what it needs.
    """

    def __init__(self, call: Callable[[], R], answer: Callable[[R], HttpResponse]) -> None:
        super().__init__()
        self.call, self.answer = call, answer
