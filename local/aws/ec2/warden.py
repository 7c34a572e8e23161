"""Runs an instance's program and ends it with the instance: `python warden.py <pid file> <program>`.

The local AWS holds the other end of standard input. A line on it is a shutdown of the operating system: every process
of this process group gets SIGTERM and soon after SIGKILL. Its end without a line is a power cut (the local AWS has
ended, however it did): SIGKILL at once. A program that ends by itself leaves the instance running.
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/how-ec2-instance-termination-works.html
"""

import os
import select
import signal
import sys
import time

SHUTDOWN_GRACE_SECONDS = 2.0


def run(pid_file: str, program: str) -> None:
    """Start the program and stay until standard input says something or closes; does not return."""
    woken, wake = os.pipe()
    for end in (woken, wake):
        os.set_blocking(end, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake)
    # The whole group gets SIGTERM: the warden itself stays to see it through.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    child = _start(program)
    with open(pid_file, "w", encoding="utf-8") as written:
        written.write(f"{child}\n")
    alive = True
    while True:
        readable, _, _ = select.select([0, woken], [], [])
        if woken in readable:
            os.read(woken, 512)
            alive = alive and not _ended(child)
        if 0 in readable:
            break
    if os.read(0, 512):
        _shut_down(child, alive)
    os.killpg(os.getpgrp(), signal.SIGKILL)


def _start(program: str) -> int:
    child = os.fork()
    if child:
        return child
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.set_wakeup_fd(-1)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.execv(program, [program])
    except OSError as error:
        print(f"{program} cannot be run: {error}", file=sys.stderr, flush=True)
        os._exit(127)


def _ended(child: int) -> bool:
    pid, status = os.waitpid(child, os.WNOHANG)
    if pid:
        print(f"the program ended with exit code {os.waitstatus_to_exitcode(status)}", file=sys.stderr, flush=True)
    return bool(pid)


def _shut_down(child: int, alive: bool) -> None:
    os.killpg(os.getpgrp(), signal.SIGTERM)
    deadline = time.monotonic() + SHUTDOWN_GRACE_SECONDS
    while alive and time.monotonic() < deadline:
        alive = not _ended(child)
        time.sleep(0.02)


if __name__ == "__main__":
    run(*sys.argv[1:])
