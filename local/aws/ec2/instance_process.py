"""The process that an instance is: its image's program, run by a warden that ends it with the instance."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

from aws.ec2.instance_disk import directory_of

PROGRAM = "boot"
_WARDEN = Path(__file__).with_name("warden.py")

_wardens: dict[str, subprocess.Popen] = {}


def boot(instance_id: str, port: int, facts: dict[str, str]) -> None:
    """Start the program of an instance, in its disk's directory, with its facts in the environment.

    A program that is missing or cannot be run leaves a running instance that answers nothing, as on EC2.
    """
    directory = directory_of(instance_id)
    environment = {
        # An image finds the Python that runs the local AWS, whatever the machine has first.
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
        "HOME": str(directory / "disk"),
        "LANG": "C.UTF-8",
        "PORT": str(port),
        "INSTANCE_ID": instance_id,
        "USER_DATA_FILE": str(directory / "user-data"),
        "TAGS_FILE": str(directory / "tags.json"),
        **facts,
    }
    with open(directory / "console.log", "ab") as console:
        _wardens[instance_id] = subprocess.Popen(
            [sys.executable, "-I", "-S", str(_WARDEN), str(directory / "pid"), str(directory / "disk" / PROGRAM)],
            cwd=directory / "disk",
            env=environment,
            stdin=subprocess.PIPE,
            stdout=console,
            stderr=console,
            start_new_session=True,
        )


def shut_down(instance_id: str) -> None:
    """Ask for the end of an instance's processes; `has_ended` says when they are gone."""
    warden = _wardens.get(instance_id)
    if warden is None:
        return
    # It is gone already when somebody has killed it by hand.
    with contextlib.suppress(BrokenPipeError, ValueError):
        warden.stdin.write(b"shutdown\n")
        warden.stdin.close()


def has_ended(instance_id: str) -> bool:
    """Whether no process of the instance is left."""
    warden = _wardens.get(instance_id)
    if warden is None:
        return True
    if warden.poll() is None:
        return False
    # A warden that was killed by hand has left its group behind; one that ended by itself has killed all of it.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(warden.pid, signal.SIGKILL)
    del _wardens[instance_id]
    return True
