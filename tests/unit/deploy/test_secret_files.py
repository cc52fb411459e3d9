"""The secret files of docker-compose.yml: made once, kept, and only the owner's on the host."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from installation import secret_files


def contents(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text() for file in folder.iterdir()}


def test_a_second_time_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    written = secret_files.write(folder)
    first = contents(folder)
    assert sorted(first) == sorted(written)
    assert secret_files.write(folder) == []
    assert contents(folder) == first


def test_no_two_passwords_are_the_same_and_each_is_long(tmp_path: Path) -> None:
    secret_files.write(tmp_path)
    made = [
        text for name, text in contents(tmp_path).items() if re.search(r"-password|-secret|keyfile", name)
    ]
    made.remove("")  # the mail server's, which only its owner knows
    assert len(set(made)) == len(made) == 12
    assert min(map(len, made)) >= 43


def test_only_the_owner_reaches_them_and_any_user_of_a_container_reads_them(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    folder.mkdir(mode=0o755)
    (folder / "smtp-password").write_text("from elsewhere")
    (folder / "smtp-password").chmod(0o600)
    secret_files.write(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o644}
    assert (folder / "smtp-password").read_text() == "from elsewhere"


def test_a_password_whose_file_is_deleted_is_made_anew_and_addresses_follow(tmp_path: Path) -> None:
    secret_files.write(tmp_path)
    before = contents(tmp_path)
    (tmp_path / "bus-directory-password").unlink()
    assert sorted(secret_files.write(tmp_path)) == ["bus-directory-password", "directory-amqp-uri"]
    after = contents(tmp_path)
    assert after["bus-directory-password"] != before["bus-directory-password"]
    assert urlsplit(after["directory-amqp-uri"]).password == after["bus-directory-password"]


def test_nothing_ends_in_a_line_break_that_a_reader_would_take_for_part_of_it(tmp_path: Path) -> None:
    secret_files.write(tmp_path)
    (tmp_path / "bus-operator.conf").unlink()  # lines, for a program that reads lines
    assert [name for name, text in contents(tmp_path).items() if text != text.strip()] == []
