"""The Okta checks. Importing this package registers them."""

from evidence.checks.okta import (  # noqa: F401
    administrators,
    applications,
    leavers,
    passwords,
    perimeter,
    second_factors,
    sign_on,
    tokens,
    users,
)
