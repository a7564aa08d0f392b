from __future__ import annotations

import json

from tools import lock


def test_locks_of_this_repository_name_no_address() -> None:
    found = {path.name: lock.addresses(path.read_text()) for path in lock.LOCKS}

    assert found == {name: [] for name in ("base.txt", "node.txt", "schemas.txt", "test.txt", "package-lock.json")}


def test_every_locked_python_package_has_a_hash() -> None:
    for path in lock.LOCKS[:-1]:
        packages = path.read_text().replace("\\\n", " ").splitlines()

        packages = [line for line in packages if not line.startswith("#")]
        assert [package for package in packages if "--hash=sha256:" not in package] == []


def test_addresses_are_found_with_their_lines() -> None:
    assert lock.addresses("a==1\n--index-url https://example.org/simple\nb==2\nc @ file:///c.whl\n") == [2, 4]


def test_the_npm_lock_loses_its_funding_addresses_and_nothing_else() -> None:
    package = {"version": "1.0.0", "integrity": "sha512-x", "license": "MIT"}
    before = {
        "lockfileVersion": 3,
        "packages": {"node_modules/a": {**package, "funding": {"url": "https://example.org"}}},
    }

    after = json.loads(lock.without_funding(json.dumps(before)))

    assert after == {"lockfileVersion": 3, "packages": {"node_modules/a": package}}
