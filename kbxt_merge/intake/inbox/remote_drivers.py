"""What reads from which kind of URL, and in what words its faults are told; the only home of fsspec."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from kbxt_merge.errors import InboxError
from kbxt_merge.model.inbox import CHAIN, RemoteInbox
from kbxt_merge.model.text import Words

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem


@dataclass(frozen=True, slots=True)
class Driver:
    """How a kind of URL is read: the package that fsspec needs, and what it is told.

    `is_object_store`: the server lists everything below a path at once, and what is read of a file is one state of it.
    `reads_ranges`: it gives a part of a file where asked.
    """

    package: str = ""
    options: Mapping[str, object] = field(default_factory=dict)
    is_object_store: bool = False
    reads_ranges: bool = True

    def files_below(self, files: AbstractFileSystem, root: str) -> dict[str, Mapping[str, Any]]:
        """What the driver knows of every file below, by path."""
        if self.is_object_store:
            found: dict[str, Mapping[str, Any]] = files.find(root, detail=True)
            return found
        # a folder that may not be listed is passed over by `find`, and its returns with it
        walk = files.walk(root, detail=True, on_error="raise")
        return {info["name"]: info for _, _, names in walk for info in names.values()}


_S3 = Driver("s3fs", {"use_listings_cache": False}, is_object_store=True)
# () stands for the known hosts of whoever runs it: without it any server would be believed
_SFTP = Driver(
    "sshfs",
    {"known_hosts": (), "keepalive_interval": 5, "sftp_client_kwargs": {"path_errors": "surrogateescape"}},
    reads_ranges=False,
)
_DRIVERS = {
    "s3": _S3,
    "s3a": _S3,
    "sftp": _SFTP,
    "ssh": _SFTP,
    **{scheme: Driver("gcsfs", {"use_listings_cache": False}, is_object_store=True) for scheme in ("gs", "gcs")},
    **{
        scheme: Driver("adlfs", {"use_listings_cache": False}, is_object_store=True)
        for scheme in ("az", "abfs", "abfss")
    },
}
_OURS = ("s3fs", "sshfs")
"""The packages that come with kbxt-merge[remote]."""

_MISSING = Words("{inbox} 不存在：请检查地址中的名称", "there is no {inbox}; check the names in the address")
_REFUSED = Words(
    "没有权限读取 {inbox}：请检查用户名、口令或密钥（S3 用环境变量 AWS_ACCESS_KEY_ID 和 AWS_SECRET_ACCESS_KEY）",
    "{inbox} may not be read; check the user and password or key (of S3: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY)",
)
_UNKNOWN_HOST = Words(
    "不认识 {inbox} 这台服务器：请先用 ssh 连接一次，核对指纹后记入 ~/.ssh/known_hosts",
    "the server of {inbox} is not known; connect once with ssh, and check its key, so that it is in ~/.ssh/known_hosts",
)
_SLOW = Words(
    "从 {inbox} 读取时等得太久：请检查网络，或调大设置 limits.seconds",
    "reading from {inbox} took too long; check the network, or raise the setting limits.seconds",
)
_UNREACHABLE = Words(
    "连不上 {inbox}：请检查地址和网络，稍后再试",
    "{inbox} can't be reached; check the address and the network, and try again",
)
_FAULTS: tuple[tuple[str, str, Words], ...] = (
    ("asyncssh", "HostKeyNotVerifiable", _UNKNOWN_HOST),
    ("asyncssh", "PermissionDenied", _REFUSED),
    ("asyncssh", "SFTPPermissionDenied", _REFUSED),
    ("botocore.exceptions", "NoCredentialsError", _REFUSED),
    ("botocore.exceptions", "PartialCredentialsError", _REFUSED),
    ("builtins", "FileNotFoundError", _MISSING),
    ("builtins", "PermissionError", _REFUSED),
    ("builtins", "TimeoutError", _SLOW),
    ("asyncssh", "Error", _UNREACHABLE),
    ("botocore.exceptions", "BotoCoreError", _UNREACHABLE),
    ("botocore.exceptions", "ClientError", _UNREACHABLE),
    ("aiohttp", "ClientError", _UNREACHABLE),
    ("builtins", "OSError", _UNREACHABLE),
)
"""What drivers raise over a server, by module and class, and what is said of it; the first that fits counts."""


def driver_of(inbox: RemoteInbox) -> Driver:
    """How URLs of this kind are read."""
    return _DRIVERS.get(inbox.scheme, Driver())


def filesystem(inbox: RemoteInbox) -> tuple[AbstractFileSystem, str]:
    """The inbox's file system, connected, and the path of the inbox in it; raises InboxError, or one of its faults."""
    _check_chain(inbox)
    driver = driver_of(inbox)
    try:
        import fsspec

        if driver.package:
            import_module(driver.package)
        kind = fsspec.get_filesystem_class(inbox.scheme)
    except ImportError as error:
        raise _without_driver(inbox, driver) from error
    except ValueError as error:
        raise InboxError(
            f"不认识 {inbox.scheme}:// 这种地址：可以用 s3://、sftp://，或本机文件夹的路径",
            f"addresses such as {inbox.scheme}:// are not known; use s3://, sftp:// or the path of a folder",
        ) from error
    named = {key: value for key, value in kind._get_kwargs_from_urls(inbox.url).items() if not key.startswith("url_")}
    login = {key: unquote(named[key]) for key in ("username", "password") if key in named}
    return kind(**{**named, **login, **driver.options}), kind._strip_protocol(inbox.url)


@contextmanager
def told_to_operator(inbox: RemoteInbox, but: tuple[type[Exception], ...] = ()) -> Iterator[None]:
    """Raise InboxError for what a driver raises over the server, save `but`; no password is in its sentence."""
    try:
        yield
    except but:
        raise
    except server_faults() as error:
        words = next(words for module, name, words in _FAULTS if isinstance(error, _class(module, name)))
        shown = str(inbox)
        raise InboxError(words.zh.format(inbox=shown), words.en.format(inbox=shown)) from error


def server_faults() -> tuple[type[Exception], ...]:
    """The classes of _FAULTS whose modules have been imported: no other can have been raised."""
    return tuple(each for module, name, _ in _FAULTS for each in _class(module, name))


def _class(module: str, name: str) -> tuple[type[Exception], ...]:
    return (getattr(sys.modules[module], name),) if module in sys.modules else ()


def _check_chain(inbox: RemoteInbox) -> None:
    if CHAIN in inbox.url:
        raise InboxError(
            f"不支持 {inbox} 这样连写的地址：只可以写 zip://文件夹::地址",
            f"addresses chained like {inbox} are not supported, but for zip://folder::address",
        )


def _without_driver(inbox: RemoteInbox, driver: Driver) -> InboxError:
    wanted = "'kbxt-merge[remote]'" if not driver.package or driver.package in _OURS else driver.package
    return InboxError(
        f"读取 {inbox.scheme}:// 地址还缺少程序：请运行 pip install {wanted}",
        f"a package is missing that reads {inbox.scheme}:// addresses; run pip install {wanted}",
    )
