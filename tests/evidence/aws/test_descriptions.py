"""The services' descriptions lose their prose and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.loaders import Loader

from evidence.collectors.aws.descriptions import Terse


def _emptied(found: Any) -> Any:
    if isinstance(found, dict):
        return {k: "" if k == "documentation" and isinstance(v, str) else _emptied(v) for k, v in found.items()}
    return [_emptied(each) for each in found] if isinstance(found, list) else found


@pytest.mark.parametrize("service", ["s3", "s3control", "acm", "iam", "sts"])
@pytest.mark.parametrize("kind", ["service-2", "paginators-1", "endpoint-rule-set-1"])
def test_all_but_the_prose_is_as_the_sdk_reads_it(service: str, kind: str) -> None:
    whole = Loader().load_service_model(service, kind)
    assert "documentation" in str(whole) or kind == "paginators-1"
    # A loader of its own: making a client of S3 changes the description that it was given, in memory.
    assert Loader(file_loader=Terse()).load_service_model(service, kind) == _emptied(whole)
