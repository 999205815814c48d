"""The sample company's GitHub: a small stateful organisation behind a WSGI app."""

from sample.github.world import TOKEN, GitHubWorld

__all__ = ["TOKEN", "GitHubWorld"]
