import pytest
from django.conf import settings

from config.celery import app, broker_url
from config.schedule import SCHEDULE


@pytest.mark.parametrize(
    ("given", "broker"),
    [
        ("redis://redis:6379/0", "redis://redis:6379/0"),
        ("rediss://:secret@redis:6380/1", "rediss://:secret@redis:6380/1"),
        ("unix:///run/redis.sock?db=3", "redis+socket:///run/redis.sock?virtual_host=3"),
        ("unix:///run/redis.sock", "redis+socket:///run/redis.sock?virtual_host=0"),
    ],
)
def test_the_broker_is_the_redis_of_the_environment(given, broker):
    assert broker_url(given) == broker


def test_the_broker_of_this_run_answers():
    with app.connection_for_write(broker_url(settings.REDIS_URL)) as connection:
        connection.ensure_connection(max_retries=1, timeout=5)
        assert connection.connected


def test_every_periodic_task_exists():
    app.loader.import_default_modules()
    assert {entry["task"] for entry in SCHEDULE.values()} <= set(app.tasks)


def test_messages_are_json_and_are_acknowledged_when_the_work_is_done():
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_serializer == "json"
    assert app.conf.task_acks_late is True
    assert app.conf.worker_prefetch_multiplier == 1
