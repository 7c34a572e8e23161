"""What a person with a shell would find of an instance: one directory each, below the local AWS's state directory.

instances/<instance id>/instance.json   what the instance is: image, region, address on loopback
instances/<instance id>/disk/           its disk, a copy of the image's folder, the program's working directory
instances/<instance id>/user-data       the user data as launched, decoded
instances/<instance id>/tags.json       the instance's tags at launch
instances/<instance id>/console.log     what its program wrote
instances/<instance id>/pid             the process id of its program
"""

import json
import os
import shutil
import socket
import tempfile
from pathlib import Path

HOST = "127.0.0.1"


def instances_directory() -> Path:
    """Where all instances' directories are: below LOCAL_AWS_STATE_DIR."""
    return Path(os.environ.get("LOCAL_AWS_STATE_DIR") or tempfile.gettempdir()).resolve() / "instances"


def directory_of(instance_id: str) -> Path:
    """The directory of one instance."""
    return instances_directory() / instance_id


def create_disk(instance_id: str, image_folder: Path, user_data: bytes, tags: dict[str, str], facts: dict) -> int:
    """Make an instance's directory from its image and give the loopback port that is the instance's own."""
    directory = directory_of(instance_id)
    directory.mkdir(parents=True)
    shutil.copytree(image_folder, directory / "disk", symlinks=True)
    (directory / "user-data").write_bytes(user_data)
    (directory / "tags.json").write_text(json.dumps(tags, indent=2) + "\n", encoding="utf-8")
    port = _free_port()
    described = {"instanceId": instance_id, "host": HOST, "port": port, **facts}
    (directory / "instance.json").write_text(json.dumps(described, indent=2) + "\n", encoding="utf-8")
    return port


def delete_disk(instance_id: str) -> None:
    """Delete what a terminated instance had on its disk; its console log and description stay for reading."""
    shutil.rmtree(directory_of(instance_id) / "disk", ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]
