"""Finds the few files of front-end packages that pages use, and none of the thousands beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.checks import CheckMessage, Warning
from django.core.files.storage import FileSystemStorage, Storage

PREFIX = "vendor"


class PackageFile(NamedTuple):
    """One file of a package: served as `vendor/<folder>/<name>`, found at `node_modules/<directory>/<name>`."""

    folder: str
    directory: str
    name: str

    @property
    def served_as(self) -> str:
        return f"{PREFIX}/{self.folder}/{self.name}"


PACKAGE_FILES = (
    PackageFile("tabler", "@tabler/core/dist/css", "tabler.min.css"),
    PackageFile("tabler", "@tabler/core/dist/js", "tabler.min.js"),
    PackageFile("echarts", "echarts/dist", "echarts.min.js"),
    PackageFile("tom-select", "tom-select/dist/js", "tom-select.complete.min.js"),
    PackageFile("tom-select", "tom-select/dist/css", "tom-select.bootstrap5.min.css"),
)


class PackageFilesFinder(BaseFinder):
    """A staticfiles finder over `PACKAGE_FILES` and the source maps that lie beside them."""

    def __init__(self, *args: Any, node_modules: Path | None = None, **kwargs: Any) -> None:
        self.node_modules = node_modules or Path(settings.SHUNIU_NODE_MODULES)

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        missing = [file.served_as for file in PACKAGE_FILES if not self._path(file).is_file()]
        if not missing:
            return []
        told = f"These front-end files are missing: {', '.join(missing)}."
        return [Warning(told, hint="Run `make setup`.", id="shuniu.W001")]

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 -- Django's signature
        found = [str(self._path(file)) for file in self._present() if file.served_as == path]
        return found if find_all else next(iter(found), [])

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[tuple[str, Storage]]:
        ignored = list(ignore_patterns or ())
        for file in self._present():
            if not matches_patterns(file.name, ignored):
                storage = FileSystemStorage(location=self.node_modules / file.directory)
                storage.prefix = f"{PREFIX}/{file.folder}"  # type: ignore[attr-defined]
                yield file.name, storage

    def _path(self, file: PackageFile) -> Path:
        return self.node_modules / file.directory / file.name

    def _present(self) -> Iterator[PackageFile]:
        for file in PACKAGE_FILES:
            for one in (file, file._replace(name=file.name + ".map")):
                if self._path(one).is_file():
                    yield one
