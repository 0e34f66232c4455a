"""Servers for inboxes at URLs, each in a process of its own: an S3 server (moto's) and an SFTP server."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from multiprocessing import forkserver
from pathlib import Path

import boto3
import pytest

USER, PASSWORD = "clerk", "p@ss:w/rd"
PASSWORD_IN_URL = "p%40ss%3Aw%2Frd"
BUCKET = "returned"


@dataclass(frozen=True)
class Store:
    """A bucket on an S3 server."""

    url: str

    def put(self, key: str, data: bytes) -> float:
        """Store an object, and say when, in seconds since 1970, as the server has it."""
        with closing(boto3.client("s3")) as client:
            client.put_object(Bucket=BUCKET, Key=key, Body=data)
            stored: float = client.head_object(Bucket=BUCKET, Key=key)["LastModified"].timestamp()
        return stored

    def take_over(self, folder: Path, prefix: str) -> str:
        """Store a folder's files, give those on disk the times that they have there, and say at which URL they are."""
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                stored = self.put(f"{prefix}/{path.relative_to(folder).as_posix()}", path.read_bytes())
                os.utime(path, (stored, stored))
        return f"{self.url}/{prefix}"


@contextmanager
def s3_server(environ: pytest.MonkeyPatch) -> Iterator[Store]:
    """An S3 server with an empty bucket; whoever is started meanwhile finds it through the environment."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with _running(command) as process:
        _await(port, process)
        for name, value in {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "very-secret",
            "AWS_DEFAULT_REGION": "us-east-1",
        }.items():
            environ.setenv(name, value)
        forkserver._forkserver._stop()  # type: ignore[attr-defined]  # one of earlier tests does not know of it
        with closing(boto3.client("s3")) as client:
            client.create_bucket(Bucket=BUCKET)
        yield Store(f"s3://{BUCKET}")


@contextmanager
def sftp_server(home: Path, environ: pytest.MonkeyPatch) -> Iterator[str]:
    """An SFTP server for USER with PASSWORD, known to whoever lives in `home`: its host and port."""
    with _running([sys.executable, str(Path(__file__).with_name("sftp_server.py")), USER, PASSWORD]) as process:
        assert process.stdout is not None
        port, key = process.stdout.readline().split(maxsplit=1)
        (home / ".ssh").mkdir(parents=True)
        (home / ".ssh" / "known_hosts").write_text(f"[127.0.0.1]:{port} {key}", encoding="ascii")
        environ.setenv("HOME", str(home))
        yield f"127.0.0.1:{port}"


@contextmanager
def _running(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def _await(port: int, process: subprocess.Popen[str]) -> None:
    for _ in range(600):
        assert process.poll() is None, "the server ended"
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(port)
