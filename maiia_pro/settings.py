"""The only reader of the environment; frozen, so that nothing changes under a running server."""

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict


def _blank_is_none(value: object) -> object:
    """Treat `VAR=` like an absent variable."""
    return None if value == "" else value


OptionalText = Annotated[str | None, BeforeValidator(_blank_is_none)]


class Settings(BaseSettings):
    """Everything an operator may set, by the environment variable of the same name in capitals."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    host: str = "127.0.0.1"
    port: int = Field(default=3000, ge=1, le=65535)
    public_url: OptionalText = None
    """Address seen by browsers, without a trailing slash; default `http://127.0.0.1:PORT`."""
    data_dir: Path = Path(".data")
    demo: bool = True
    developer: bool = False
    """Opens the developers' pages (component gallery)."""

    database_url: OptionalText = None
    """SQL address for the application's role; set by the launcher for the embedded server."""
    migration_database_url: OptionalText = None
    """SQL address for the role that owns the tables."""
    database_pool: int = Field(default=16, ge=2, le=200)

    redis_url: OptionalText = None
    """Needed once there is more than one server process."""
    workers: int = Field(default=1, ge=1)
    trusted_proxies: int = Field(default=0, ge=0, le=5)
    """How many reverse proxies stand in front, each adding itself to `X-Forwarded-For`."""

    smtp_url: OptionalText = None
    """`smtp://user:password@host:port`, `smtps://…` for TLS from the start."""
    mail_from: str = "Maiia Pro <ne-pas-repondre@maiia.invalid>"

    sms_url: OptionalText = None
    """Address of Brevo's API, version 3; without it patients sign in by e-mail only (the demonstration has a simulation)."""
    sms_key: OptionalText = None
    sms_sender: str = "MaiiaPro"
    """Whom messages come from: at most 11 letters and digits."""
    sms_per_day: int = Field(default=1000, ge=2)
    """Most SMS in a day, which bounds what they cost; those that strangers may cause by asking for codes are a third."""

    psc_issuer: OptionalText = None
    """Pro Santé Connect as it names itself (`issuer`); with the two below, professionals may sign in by it."""
    psc_client_id: OptionalText = None
    psc_client_secret: OptionalText = None

    operator_name: str = "Maiia Pro"
    operator_address: str = "Adresse à renseigner par l’exploitant"
    support_email: str = "support@maiia.invalid"
    support_phone: str = "01 00 00 00 00"
    host_name: str = "Hébergeur à renseigner par l’exploitant"
    """Name of the certified health data host (CSP art. L. 1111-8), shown on the legal page."""

    details_checked_days: int = Field(default=182, ge=1)
    """After how many days people of practices are asked to check what their account says of them."""

    second_factor: Literal["required", "relaxed"] | None = None
    """Whether people of practices and operators must have a second factor; default: `required`, in a demonstration `relaxed`."""
    secret_key: OptionalText = None
    """Encrypts what must be read again, such as the password of the evening list; default: a file of the data folder, made once."""
    metrics_token: OptionalText = None
    """Lets `Authorization: Bearer …` read `/metrics`; without it, only programs of this machine may, and none where a proxy is declared."""

    calendar_private_hosts: bool = False
    """Lets practitioners link calendars of private networks, and of this machine over http."""

    webhook_private_hosts: bool = False
    """Lets practices have events sent into private networks, and to this machine over http."""

    log_level: str = "INFO"

    @property
    def base_url(self) -> str:
        """Address that links in e-mails and redirects start with."""
        return (self.public_url or f"http://127.0.0.1:{self.port}").rstrip("/")

    @property
    def phone_door(self) -> bool:
        """Whether a patient may come in by a telephone number."""
        return self.demo or self.sms_url is not None

    @property
    def second_factor_required(self) -> bool:
        """Whether people of practices and operators must prove themselves by a second factor."""
        return (self.second_factor or ("relaxed" if self.demo else "required")) == "required"

    @property
    def psc_simulated(self) -> bool:
        """Whether Pro Santé Connect is a simulation on this machine, which only its own browsers reach."""
        return self.demo and not self.psc_issuer and urlsplit(self.base_url).hostname in {"127.0.0.1", "localhost"}

    @property
    def psc_door(self) -> str:
        """How professionals may come in by Pro Santé Connect: `real`, `simulated`, or not at all."""
        if self.psc_issuer and self.psc_client_id and self.psc_client_secret:
            return "simulated" if self.demo and self.psc_issuer.startswith("http://") else "real"
        return "simulated" if self.psc_simulated else ""

    @property
    def simulated_mail(self) -> bool:
        """Whether e-mails go no further than this machine."""
        return self.demo and not self.smtp_url

    @property
    def secure_cookies(self) -> bool:
        """Whether the public address is https, so that cookies carry `Secure`."""
        return urlsplit(self.base_url).scheme == "https"

    @property
    def allowed_origins(self) -> tuple[str, ...]:
        """Origins whose pages may open our sockets: the public one; without one, loopback by either name on this port."""
        if self.public_url is None:
            return (f"http://127.0.0.1:{self.port}", f"http://localhost:{self.port}")
        own = urlsplit(self.base_url)
        return (f"{own.scheme}://{own.netloc}",)


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """Read the environment once."""
    return Settings()
