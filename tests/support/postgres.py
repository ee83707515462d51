"""A PostgreSQL of the tests' own: made in a temporary folder, on a socket alone, gone afterwards."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

_LONGEST_START = 60


class PostgresUnavailable(Exception):
    """There is no PostgreSQL to start here; its text says why."""


class PostgresServer:
    """A running server that hands out empty databases."""

    def __init__(self, folder: Path, user: str) -> None:
        self._folder = folder
        self._user = user
        self._made = 0

    def new_database(self) -> str:
        """Return the SQLAlchemy URL of a new, empty database."""
        self._made += 1
        name = f"test_{self._made}"
        with psycopg.connect(host=str(self._folder), user=self._user, dbname="postgres", autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return f"postgresql+psycopg://{self._user}@/{name}?host={quote(str(self._folder), safe='')}"


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """Start a server, and stop it by its data folder.

    Raises:
        PostgresUnavailable: Its programs are missing, or there is no ordinary user to run them.
    """
    programs = _programs()
    account = _ordinary_account()
    folder = Path(tempfile.mkdtemp(prefix="posapp-postgres-", dir="/tmp"))
    folder.chmod(0o755)
    if os.geteuid() == 0:
        os.chown(folder, account.pw_uid, account.pw_gid)
    data = folder / "data"

    def run(*command: str) -> None:
        subprocess.run(
            command,
            user=account.pw_uid if os.geteuid() == 0 else None,
            group=account.pw_gid if os.geteuid() == 0 else None,
            extra_groups=[] if os.geteuid() == 0 else None,
            cwd=folder,
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            timeout=_LONGEST_START,
        )

    control = str(programs / "pg_ctl")
    try:
        run(str(programs / "initdb"), "-D", str(data), "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off -c full_page_writes=off -c max_connections=200"
        run(control, "-D", str(data), "-l", str(folder / "log"), "-o", options, "-w", "start")
        try:
            yield PostgresServer(folder, account.pw_name)
        finally:
            run(control, "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    candidates = [Path(found).parent for found in [shutil.which("initdb")] if found]
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for candidate in candidates:
        if (candidate / "initdb").exists() and (candidate / "pg_ctl").exists():
            return candidate
    raise PostgresUnavailable("no initdb on PATH or under /usr/lib/postgresql")


def _ordinary_account() -> pwd.struct_passwd:
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        raise PostgresUnavailable("root may not run PostgreSQL and there is no user postgres") from None
