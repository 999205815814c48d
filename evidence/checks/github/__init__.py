"""What is judged of GitHub. Importing this package registers its checks."""

from evidence.checks.github import (  # noqa: F401
    access,
    alerts,
    branches,
    changes,
    organization,
    repositories,
)  # fmt: skip
