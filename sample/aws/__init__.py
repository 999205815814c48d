"""The sample company's AWS: two accounts on moto, behind a gate of our own that moto lacks."""

from sample.aws.world import AwsWorld

__all__ = ["AwsWorld"]
