"""The sample company's Okta: a small stateful fake whose history follows the people and the story."""

from sample.okta.trouble import Trouble
from sample.okta.world import OktaWorld

__all__ = ["OktaWorld", "Trouble"]
