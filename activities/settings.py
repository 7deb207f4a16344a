"""Where the bank's systems are and how to speak to them: from the environment, or from a TOML file.

Every setting is an environment variable with the prefix ``COMPLAINTS_``, such as ``COMPLAINTS_BANK_URL``. A TOML file
named by ``COMPLAINTS_SETTINGS_FILE`` gives the same settings without the prefix; the environment wins.
"""

from __future__ import annotations

import os
import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Self, TypeVar

from pydantic import AnyHttpUrl, Field, SecretStr, ValidationError, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

PREFIX = "COMPLAINTS_"
SETTINGS_FILE = f"{PREFIX}SETTINGS_FILE"


class SettingsError(ValueError):
    """The settings cannot be used; the message says in one sentence what to mend."""


class System(StrEnum):
    """The bank's systems that are reached over HTTP."""

    DIRECTORY = "directory"
    DEPARTMENTS = "departments"
    LETTERS = "letters"
    LEDGER = "ledger"


class BankSettings(BaseSettings):
    """Addresses, credentials and patience of the activities. Read with :func:`load_settings`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="forbid", frozen=True, use_attribute_docstrings=True, hide_input_in_errors=True
    )

    bank_url: AnyHttpUrl | None = None
    """Base address of every system that has no address of its own."""
    directory_url: AnyHttpUrl | None = None
    """Base address of the customer directory."""
    departments_url: AnyHttpUrl | None = None
    """Base address of the tool that departments and desks work in."""
    letters_url: AnyHttpUrl | None = None
    """Base address of the letter and message system."""
    ledger_url: AnyHttpUrl | None = None
    """Base address of the ledger."""
    bank_token: SecretStr | None = None
    """Bearer token for all of them; empty for the stand-in on loopback."""
    connect_timeout: float = Field(default=5.0, gt=0, le=60)
    """Seconds to wait for a connection."""
    read_timeout: float = Field(default=15.0, gt=0, le=300)
    """Seconds to wait for the whole answer; the start-to-close timeout of the activities must be longer."""
    archive_url: SecretStr = SecretStr("sqlite:///complaints-archive.db")
    """Database of closed complaints: ``sqlite:///FILE`` or ``postgresql://USER:PASSWORD@HOST/DATABASE``."""
    customer_key_secret: SecretStr = Field(min_length=32)
    """Secret of the keyed hash that stands for a customer; changing it parts a customer's old and new complaints."""
    rulepacks: Path = Path("rulepacks")
    """Directory of the rule packs."""

    @model_validator(mode="after")
    def _every_system_has_an_address(self) -> Self:
        for system in System:
            if self._configured(system) is None:
                raise ValueError(f"set {PREFIX}BANK_URL or {PREFIX}{system.upper()}_URL: the {system} has no address")
        return self

    def _configured(self, system: System) -> AnyHttpUrl | None:
        own: AnyHttpUrl | None = getattr(self, f"{system}_url")
        return own or self.bank_url

    def url(self, system: System) -> str:
        """Base address of a system, without a slash at its end."""
        return str(self._configured(system)).rstrip("/")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, then the file."""
        file = os.environ.get(SETTINGS_FILE)
        from_file = (TomlConfigSettingsSource(settings_cls, file),) if file else ()
        return init_settings, env_settings, *from_file


S = TypeVar("S", bound=BankSettings)


def load_settings() -> BankSettings:
    """Read the settings, or say in one sentence what is wrong with them."""
    return read_settings(BankSettings)


def read_settings(kind: type[S]) -> S:
    """The same for whoever needs a part of them only."""
    file = os.environ.get(SETTINGS_FILE)
    if file and not Path(file).is_file():
        raise SettingsError(f"{SETTINGS_FILE} names {file}, which is not a file.")
    try:
        return kind()
    except ValidationError as error:
        # Never the input: it may be a secret.
        raise SettingsError(_sentence(error.errors(include_input=False, include_url=False)[0])) from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file} is not TOML: {error}.") from None


def _sentence(error: ErrorDetails) -> str:
    if not error["loc"]:
        return f"{error['msg'].removeprefix('Value error, ')}."
    # A name found in a file stands there as it is; a field's own name is that of the variable.
    name = str(error["loc"][0])
    variable = name if name.startswith(PREFIX) else f"{PREFIX}{name.upper()}"
    match error["type"]:
        case "missing":
            return f"{variable} is not set; 'openssl rand -hex 32' makes one, to be kept."
        case "too_short":
            return f"{variable} cannot be used: it has fewer than {error['ctx']['min_length']} characters."
        case "extra_forbidden":
            return f"{os.environ.get(SETTINGS_FILE)} sets {name}, which is not a setting."
        case _:
            return f"{variable} cannot be used: {error['msg']}."
