"""The site's settings with a data directory of its own for each test process, and nothing that is slow on purpose."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

_DATA = tempfile.mkdtemp(prefix="shuniu-test-")
atexit.register(shutil.rmtree, _DATA, ignore_errors=True)
os.environ["SHUNIU_DATA"] = os.path.join(_DATA, "data")
os.environ["SHUNIU_KEYS"] = os.path.join(_DATA, "keys")
for name in ("SHUNIU_DEBUG", "SHUNIU_DEMO", "SHUNIU_HTTPS", "SHUNIU_HOSTS", "SHUNIU_CALENDAR_DIR"):
    os.environ.pop(name, None)

from shuniu.config.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
if DATABASES["default"]["ENGINE"].endswith("postgresql"):  # noqa: F405
    # Whatever encoding the server was set up with, ours is UTF-8.
    DATABASES["default"]["TEST"] = {"CHARSET": "UTF8", "TEMPLATE": "template0"}  # noqa: F405
    # What a test wrote need not survive the machine.
    DATABASES["default"]["OPTIONS"]["options"] = "-c synchronous_commit=off"  # noqa: F405
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405 -- WhiteNoise warns where it is missing
