"""A stand-in for a node of a site: the web server's answers that a load balancer and an operator look at.

`/status.php` is Nextcloud's own: https://docs.nextcloud.com/server/latest/admin_manual/operations/ (installed,
maintenance, needsDbUpgrade, version, versionstring, edition, productname). The health path is the node's own endpoint,
which asks `/status.php` with the right Host and so answers where Nextcloud itself refuses the load balancer's address.
"""

import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HEALTH_PATHS = ("/health", "/healthz")
OVERRULED_BY = Path("health.json")
STATUS = {
    "installed": True,
    "maintenance": False,
    "needsDbUpgrade": False,
    "version": "34.0.2.1",
    "versionstring": "34.0.2",
    "edition": "",
    "productname": "Nextcloud",
    "extendedSupport": False,
}


def status() -> dict:
    """What status.php says; `status.json` on the disk changes single members of it."""
    path = Path("status.json")
    return {**STATUS, **json.loads(path.read_text(encoding="utf-8"))} if path.exists() else STATUS


def health() -> tuple[int, dict]:
    """200 when Nextcloud is installed and needs no upgrade, else 503; what the disk's health.json says goes before."""
    wanted = json.loads(OVERRULED_BY.read_text(encoding="utf-8")) if OVERRULED_BY.exists() else {}
    time.sleep(wanted.get("delaySeconds", 0))
    said = status()
    serves = said["installed"] and not said["needsDbUpgrade"]
    code = wanted.get("status", 200 if serves else 503)
    return code, {"healthy": code == 200, "instance": os.environ["INSTANCE_ID"], "userDataBytes": USER_DATA_BYTES}


class Node(BaseHTTPRequestHandler):
    """The node's web server."""

    server_version = "nginx"
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path in HEALTH_PATHS:
            self._answer(*health())
        elif path == "/status.php":
            self._answer(200, status())
        else:
            self._answer(404, {"message": f"nothing at {path}"})

    do_HEAD = do_GET

    def _answer(self, code: int, body: dict) -> None:
        text = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)


USER_DATA_BYTES = Path(os.environ["USER_DATA_FILE"]).stat().st_size

if __name__ == "__main__":
    print(f"{os.environ['INSTANCE_ID']}: {USER_DATA_BYTES} bytes of user data, port {os.environ['PORT']}", flush=True)
    try:
        ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Node).serve_forever()
    except OSError as error:
        sys.exit(f"the web server cannot listen: {error}")
