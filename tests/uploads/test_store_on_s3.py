"""The same on S3: parts are objects of their own until the file is handed in."""

from __future__ import annotations

import boto3
import pytest
from moto import mock_aws

from compliance.tenancy.rooms import scope
from evidence.models import Version
from evidence.storage import is_whole, open_stored
from tests.uploads.test_bring_in_parts import TEXT, _small_parts, hand_in, requirement, whole  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture()
def bucket(settings, monkeypatch):
    for name, value in (("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test"), ("AWS_DEFAULT_REGION", "us-east-1")):
        monkeypatch.setenv(name, value)
    with mock_aws():
        store = boto3.resource("s3").create_bucket(Bucket="evidence")
        options = {"bucket_name": "evidence", "default_acl": None, "file_overwrite": False, "region_name": "us-east-1"}
        settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}}
        yield store


def test_a_file_in_parts_is_put_together_on_s3(acme, jonas, requirement, bucket, django_capture_on_commit_callbacks):  # noqa: F811
    told = whole(jonas, requirement)
    assert told["state"] == "held", told
    assert sum("/uploads/" in each.key for each in bucket.objects.all()) == 4
    with django_capture_on_commit_callbacks(execute=True):
        assert hand_in(jonas, requirement, told["id"]).status_code == 302
    with scope(acme):
        version = Version.objects.get()
        assert is_whole(version.sha256)
        with open_stored(version.sha256) as stored:
            assert stored.read() == TEXT
    assert [each.key for each in bucket.objects.all()] == [f"{acme.pk}/{version.sha256[:2]}/{version.sha256}"]
