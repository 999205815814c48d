import re

import pytest
import yaml

from config.embedded.locations import CLONE

COMPOSE = CLONE / "docker-compose.yml"
SECRET = re.compile(r"SECRET|PASSWORD|KEY", re.IGNORECASE)
#: May be empty: a mail server without sign-in, a machine with a role of its own.
OPTIONAL = {"EMAIL_HOST_PASSWORD", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}


@pytest.fixture(scope="module")
def composed():
    return yaml.safe_load(COMPOSE.read_text())


def test_no_secret_has_a_default():
    for name, default in re.findall(r"\$\{(\w+)([^}]*)\}", COMPOSE.read_text()):
        if SECRET.search(name):
            assert default.startswith(":?") or (name in OPTIONAL and default == ":-"), name


def test_every_secret_comes_from_the_environment(composed):
    for service in composed["services"].values():
        for name, value in service.get("environment", {}).items():
            if SECRET.search(name):
                assert str(value).startswith("${") or "${" in str(value), name


def test_only_the_migration_has_the_owners_password(composed):
    holders = {name for name, service in composed["services"].items() if "OWNER_PASSWORD" in str(service)}
    assert holders == {"migrate", "postgres"}


def test_what_runs_on_has_a_health_check(composed):
    of_image = "HEALTHCHECK" in (CLONE / "Dockerfile").read_text()
    for name, service in composed["services"].items():
        once = service.get("restart", "no") == "no"
        assert once or service.get("healthcheck") or (of_image and service.get("build")), name


def test_what_serves_waits_for_the_migration(composed):
    for name in ("web", "worker", "beat"):
        waits = composed["services"][name]["depends_on"]
        assert waits["migrate"] == {"condition": "service_completed_successfully"}


def test_the_image_is_of_hashed_packages_and_not_of_root():
    image = (CLONE / "Dockerfile").read_text()
    assert "--require-hashes" in image
    assert re.search(r"^USER fieldwork$", image, re.MULTILINE)
    assert "requirements-dev" not in image
    assert "requirements-sample" not in image


def test_what_the_image_copies_is_let_into_the_build():
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (CLONE / "Dockerfile").read_text(), re.MULTILINE)
    let_in = set(re.findall(r"^!(\S+)$", (CLONE / ".dockerignore").read_text(), re.MULTILINE))
    assert {name for names in copied for name in names.split()} == let_in


def test_every_app_is_in_the_image():
    apps = {path.parent.name for path in CLONE.glob("*/apps.py")} | {"config", "compliance"}
    assert apps - {"sample"} <= set(re.findall(r"^COPY (\w+) ", (CLONE / "Dockerfile").read_text(), re.MULTILINE))


def test_the_manual_names_every_variable():
    read = re.compile(r"""(?:env\.\w+\(|environ\.get\(|environ\[|environ\.setdefault\()\s*["']([A-Z][A-Z0-9_]+)["']""")
    sources = [
        "settings.py",
        "gunicorn.py",
        "celery.py",
        *(f"embedded/{n}.py" for n in ("account", "binaries", "locations")),
    ]
    names = {name for source in sources for name in read.findall((CLONE / "config" / source).read_text())}
    ours = names - {"DJANGO_SETTINGS_MODULE", "XDG_DATA_HOME", "PATH", "CELERY_TASK_ALWAYS_EAGER"}
    manual = (CLONE / "docs/operations.md").read_text()
    assert sorted(name for name in ours if f"`{name}`" not in manual) == []
