"""Serve the local AWS on loopback until the parent goes away: `python -m aws` with the environment of local-aws.ts.

Standard output carries one JSON line when the server is ready: its port. Everything else is logged to standard error.
"""

import asyncio
import json
import os
import shutil
import signal
import socket
import sys
import time
from pathlib import Path

HOST = "127.0.0.1"


def bind() -> socket.socket:
    """The server's listening socket, bound before MiniStack reads its own port from the environment."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, int(os.environ.get("LOCAL_AWS_PORT", "0"))))
    listener.listen(256)
    listener.setblocking(False)
    os.environ["GATEWAY_PORT"] = str(listener.getsockname()[1])
    return listener


async def end_requested() -> None:
    """Wait for the parent's end (it holds the other end of standard input, even when it is killed) or a signal."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, ended.set)
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    parent_gone = asyncio.ensure_future(reader.read())
    await asyncio.wait({parent_gone, asyncio.ensure_future(ended.wait())}, return_when=asyncio.FIRST_COMPLETED)


async def serve(listener: socket.socket) -> None:
    from hypercorn.asyncio import serve as hypercorn_serve
    from hypercorn.config import Config

    from aws.app import app
    from aws.runtime import background

    config = Config()
    config.bind = [f"fd://{listener.fileno()}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 1
    config.accesslog = None
    config.errorlog = "-"

    async def announcing(scope: dict, receive, send) -> None:
        async def announced(message: dict) -> None:
            await send(message)
            if message["type"] == "lifespan.startup.complete":
                print(json.dumps({"port": listener.getsockname()[1]}), flush=True)

        await app(scope, receive, announced if scope["type"] == "lifespan" else send)

    await hypercorn_serve(announcing, config, shutdown_trigger=end_requested)
    background.stop()


def end_everything() -> None:
    """End every process of this process group (functions, instances), then remove every file, then this process."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if os.getpgrp() != os.getpid():
        return  # started by hand, in a group that is not ours to end
    os.killpg(0, signal.SIGTERM)
    time.sleep(0.1)
    shutil.rmtree(Path(os.environ["LOCAL_AWS_STATE_DIR"]), ignore_errors=True)
    sys.stdout.flush()
    sys.stderr.flush()
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    listening = bind()
    try:
        asyncio.run(serve(listening))
    finally:
        end_everything()
