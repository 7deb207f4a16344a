"""Guarantees of the settings:

* The environment and a TOML file give the same settings, and the environment wins.
* Whatever is missing or wrong is told in one sentence that names the variable, and never shows a secret.
* No secret is shown by printing the settings.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from activities.settings import SettingsError, System, load_settings

SECRET = "0123456789abcdef0123456789abcdef"
GOOD = {"COMPLAINTS_BANK_URL": "http://127.0.0.1:8090", "COMPLAINTS_CUSTOMER_KEY_SECRET": SECRET}


@pytest.fixture(autouse=True)
def nothing_else_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BANK_URL", "BANK_TOKEN", "LEDGER_URL", "ARCHIVE_URL", "CUSTOMER_KEY_SECRET", "SETTINGS_FILE"):
        monkeypatch.delenv(f"COMPLAINTS_{name}", raising=False)


def set_all(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def settings_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str) -> Path:
    path = tmp_path / "complaints.toml"
    path.write_text(text, encoding="utf-8")
    monkeypatch.setenv("COMPLAINTS_SETTINGS_FILE", str(path))
    return path


def test_one_address_serves_every_system_without_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, GOOD | {"COMPLAINTS_LEDGER_URL": "https://ledger.bank.example/v1/"})
    settings = load_settings()
    assert settings.url(System.LEDGER) == "https://ledger.bank.example/v1"
    assert settings.url(System.LETTERS) == settings.url(System.DIRECTORY) == "http://127.0.0.1:8090"


def test_every_system_may_have_its_own_address(monkeypatch: pytest.MonkeyPatch) -> None:
    own = {f"COMPLAINTS_{system.upper()}_URL": f"https://{system}.bank.example" for system in System}
    set_all(monkeypatch, own | {"COMPLAINTS_CUSTOMER_KEY_SECRET": SECRET})
    settings = load_settings()
    assert [settings.url(system) for system in System] == list(own.values())


def test_a_file_gives_the_settings_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings_file(
        monkeypatch,
        tmp_path,
        f'bank_url = "https://from-the-file.example"\ncustomer_key_secret = "{SECRET}"\nread_timeout = 30\n',
    )
    monkeypatch.setenv("COMPLAINTS_BANK_URL", "https://from-the-environment.example")
    settings = load_settings()
    assert settings.url(System.LETTERS) == "https://from-the-environment.example"
    assert settings.read_timeout == 30


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "postgresql://complaints:hunter2@db/complaints"
    set_all(monkeypatch, GOOD | {"COMPLAINTS_BANK_TOKEN": "token-123", "COMPLAINTS_ARCHIVE_URL": url})
    shown = repr(load_settings())
    assert [secret for secret in (SECRET, "token-123", "hunter2") if secret in shown] == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"COMPLAINTS_BANK_URL": None},
            "set COMPLAINTS_BANK_URL or COMPLAINTS_DIRECTORY_URL: the directory has no address.",
        ),
        (
            {"COMPLAINTS_CUSTOMER_KEY_SECRET": None},
            "COMPLAINTS_CUSTOMER_KEY_SECRET is not set; 'openssl rand -hex 32' makes one, to be kept.",
        ),
        (
            {"COMPLAINTS_CUSTOMER_KEY_SECRET": "short-secret"},
            "COMPLAINTS_CUSTOMER_KEY_SECRET cannot be used: it has fewer than 32 characters.",
        ),
        (
            {"COMPLAINTS_READ_TIMEOUT": "0"},
            "COMPLAINTS_READ_TIMEOUT cannot be used: Input should be greater than 0.",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_sentence(
    change: dict[str, str | None], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_all(monkeypatch, {name: value for name, value in (GOOD | change).items() if value is not None})
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value) == sentence


def test_a_bad_secret_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, GOOD | {"COMPLAINTS_CUSTOMER_KEY_SECRET": "short-secret", "COMPLAINTS_BANK_URL": "no url"})
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert "short-secret" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_file_that_is_not_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    set_all(monkeypatch, GOOD | {"COMPLAINTS_SETTINGS_FILE": str(tmp_path / "none.toml")})
    with pytest.raises(SettingsError, match=r"COMPLAINTS_SETTINGS_FILE names .*none\.toml, which is not a file\."):
        load_settings()


def test_a_file_that_is_not_toml(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings_file(monkeypatch, tmp_path, "bank_url: yaml")
    with pytest.raises(SettingsError, match=r"complaints\.toml is not TOML: .*line 1"):
        load_settings()


def test_a_misspelt_setting_in_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    set_all(monkeypatch, GOOD)
    settings_file(monkeypatch, tmp_path, 'bank_tokn = "token-123"\n')
    with pytest.raises(SettingsError, match=r"complaints\.toml sets bank_tokn, which is not a setting\.$"):
        load_settings()
