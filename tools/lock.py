"""Refuse a lock that names an address: whoever installs Shuniu uses their own registry.

lock.py          tidy the npm lock, then look through all locks
lock.py check    only look
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKS = [*sorted((ROOT / "requirements").glob("*.txt")), ROOT / "package-lock.json"]


def without_funding(lock: str) -> str:
    """The npm lock without the addresses where its authors ask for money; npm reads none of them."""
    read = json.loads(lock)
    for package in read["packages"].values():
        package.pop("funding", None)
    return json.dumps(read, indent=2, ensure_ascii=False) + "\n"


def addresses(text: str) -> list[int]:
    """The numbers of the lines that hold an address."""
    return [number for number, line in enumerate(text.splitlines(), 1) if "://" in line]


def main(arguments: list[str]) -> int:
    npm = ROOT / "package-lock.json"
    if arguments != ["check"]:
        npm.write_text(without_funding(npm.read_text()))
    found = [f"{path.relative_to(ROOT)}:{number}" for path in LOCKS for number in addresses(path.read_text())]
    if found:
        print(f"These lines of a lock name an address: {', '.join(found)}.", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
