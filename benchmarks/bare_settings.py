"""The product's settings with two bare views instead of its pages: what the machine and the libraries allow."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.bare"
MIDDLEWARE = ["allauth.account.middleware.AccountMiddleware"]  # it refuses to start without
