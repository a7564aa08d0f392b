"""What `shuniu serve` runs: gunicorn and the background worker side by side, each started again when it dies.

The listening socket belongs to the parent and outlives every child, so that a crash of the web server is a short wait
for those who ask meanwhile, not a refused connection.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

THREADS = 4
LOOK_EVERY = 0.2
"""Seconds between two looks at the children."""
BORN_DEAD = 3.0
"""A child that ends within so many seconds of its very first start cannot run here at all."""
START_EVERY = 3.0
"""Seconds between two starts of one child, so that one which keeps dying does not eat the machine."""
PR_SET_PDEATHSIG = 1


class ServerError(Exception):
    """The site cannot be served; the message says why."""


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to `host` and `port`, ready to be inherited.

    Raises:
        ServerError: the port is taken, or not ours to take.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise ServerError(f"Cannot listen at {host}:{port}: {os.strerror(error.errno or 0)}.") from error
    listener.listen(512)
    return listener


def static_fingerprint() -> str:
    """Changes whenever a static file is added, removed or changed."""
    found = sorted(
        f"{getattr(storage, 'prefix', None)} {path} {storage.size(path)} {storage.get_modified_time(path)}"
        for finder in get_finders()
        for path, storage in finder.list([])
    )
    return hashlib.sha256("\n".join(found).encode()).hexdigest()


def collect_static() -> bool:
    """Collect and compress the static files if any changed since they were collected; whether any did.

    They are collected from nothing: dates say little of packages, npm gives every file the same old one.
    """
    mark = Path(settings.STATIC_ROOT) / ".collected"
    fingerprint = static_fingerprint()
    if mark.exists() and mark.read_text() == fingerprint:
        return False
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    mark.write_text(fingerprint)
    return True


def web_command(listener: socket.socket, workers: int) -> list[str]:
    module, _, name = settings.WSGI_APPLICATION.rpartition(".")
    options = ["--bind", f"fd://{listener.fileno()}", "--worker-class", "gthread", "--workers", str(workers)]
    options += ["--threads", str(THREADS), "--no-control-socket", "--log-level", "error"]
    return [sys.executable, "-m", "gunicorn", *options, f"{module}:{name}"]


def worker_command() -> list[str]:
    return [sys.executable, "-m", "django", "worker", "--queue-name", "*", "--no-startup-delay", "--no-reload"]


def die_with_parent() -> None:
    """Have the kernel end this process when its parent is gone, however it went. Linux only; elsewhere nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass(slots=True)
class Child:
    """One process that ought to be running."""

    name: str
    command: list[str]
    inherits: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    starts: int = 0
    told_to_stop: bool = False

    def start(self) -> None:
        # A group of its own: Ctrl-C reaches the parent alone, which then stops each child once and gently.
        self.process = subprocess.Popen(  # noqa: S603 -- our own commands
            self.command, process_group=0, pass_fds=self.inherits, preexec_fn=die_with_parent
        )
        self.started_at = time.monotonic()
        self.starts += 1
        self.told_to_stop = False

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def age(self) -> float:
        return time.monotonic() - self.started_at

    @property
    def was_born_dead(self) -> bool:
        """Whether it gave up by itself right after its first start. A signal from outside does not count."""
        code = self.process.returncode if self.process else 0
        return self.starts == 1 and self.age < BORN_DEAD and code > 0

    def stop(self) -> None:
        """Ask it to end. Asked a second time, gunicorn and the worker drop what they are doing."""
        self.told_to_stop = True
        if self.process is not None and self.is_running:
            self.process.terminate()

    def wait(self) -> None:
        if self.process is not None:
            self.process.wait()


@dataclass(slots=True)
class Supervisor:
    """Keeps its children running until SIGTERM, SIGINT or SIGHUP, then stops them and waits for them."""

    children: list[Child]
    say: Callable[[str], None] = field(default=print)
    stopping: bool = False

    def run(self) -> None:
        """Run until told to stop.

        Raises:
            ServerError: a child ended right after its very first start.
        """
        for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(signum, self._on_signal)
        try:
            for child in self.children:
                child.start()
            while not self.stopping:
                time.sleep(LOOK_EVERY)
                self._look()
        finally:
            self._finish()

    def _look(self) -> None:
        for child in self.children:
            if child.is_running or self.stopping:
                continue
            if child.was_born_dead:
                raise ServerError(f"The {child.name} ended as soon as it was started; what it said stands above.")
            if child.age > START_EVERY:
                self.say(f"The {child.name} ended and is started again.")
                child.start()

    def _on_signal(self, signum: int, frame: FrameType | None) -> None:
        self.stopping = True
        for child in self.children:
            child.stop()

    def _finish(self) -> None:
        for child in self.children:
            if not child.told_to_stop:
                child.stop()
        for child in self.children:
            child.wait()


def serve(host: str, port: int, *, workers: int, with_worker: bool, say: Callable[[str], None]) -> None:
    """Serve the site at `host`:`port` until told to stop.

    Raises:
        ServerError: the port cannot be had, or a process cannot run.
    """
    with listen(host, port) as listener:
        if not settings.DEBUG and collect_static():
            say("Static files were collected.")
        children = [Child("web server", web_command(listener, workers), (listener.fileno(),))]
        if with_worker:
            children.append(Child("background worker", worker_command()))
        say(f"Open http://{f'[{host}]' if ':' in host else host}:{port}/ in a browser; Ctrl-C stops the site.")
        Supervisor(children, say).run()
