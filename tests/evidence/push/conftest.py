"""Callers of the API, as tests/api has them."""

from tests.api.conftest import caller, calls_with, their_caller  # noqa: F401
