"""An SFTP server on a free port of this machine: `python sftp_server.py USER PASSWORD` prints the port and its key."""

from __future__ import annotations

import asyncio
import sys

import asyncssh


class Door(asyncssh.SSHServer):
    """Lets in one user with one password."""

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return [username, password] == sys.argv[1:]


async def serve() -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    server = await asyncssh.create_server(Door, "127.0.0.1", 0, server_host_keys=[key], sftp_factory=True)
    print(server.sockets[0].getsockname()[1], key.export_public_key().decode().strip(), flush=True)
    await server.wait_closed()


if __name__ == "__main__":
    asyncio.run(serve())
