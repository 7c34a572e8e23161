"""A function's process sees the function's environment, not that of the server that starts it.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
"""

import os
import subprocess

from ministack.core import lambda_runtime

# What a process needs to run at all.
KEPT = frozenset({"PATH", "TMPDIR", "LANG", "TZ"})


class FunctionProcesses:
    """The subprocess module for MiniStack's workers: starts processes without the server's own variables."""

    def __init__(self):
        self._servers_own = {name: value for name, value in os.environ.items() if name not in KEPT}

    def __getattr__(self, name: str) -> object:
        return getattr(subprocess, name)

    def Popen(self, *args, env: dict | None = None, **kwargs) -> subprocess.Popen:
        given = env or {}
        # A function's variable that happens to have a value of the server's reaches it in its first message.
        own = {name: value for name, value in given.items() if self._servers_own.get(name) != value}
        return subprocess.Popen(*args, env=own, **kwargs)


def install() -> None:
    lambda_runtime.subprocess = FunctionProcesses()
