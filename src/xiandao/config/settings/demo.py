"""Settings of `make run`: one machine, demonstration people, plain HTTP on loopback."""

from xiandao.config.secret import local_secret
from xiandao.config.settings.base import *  # noqa: F403 — settings modules extend one another by star import

DEMO_MODE = True
SECRET_KEY = local_secret(DATA)  # noqa: F405
