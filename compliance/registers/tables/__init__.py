"""The registers as tables that go out and come in again: what a row says, and what is wrong with it."""
