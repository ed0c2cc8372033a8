"""Settings: appsettings.json, overridden by the environment (`Section__Key`), as one frozen typed value.

Keys in the file are PascalCase, in the environment any case; keys of maps (Policy__Environments__dev__CostLimit)
are taken as they are. Values in the environment are read as JSON where they are JSON, else as text. Secrets come
from the environment only: a file that holds one is refused.
"""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any, Literal, cast, get_args, get_origin

from pydantic import BaseModel, Field, SecretStr, ValidationError

from agent.azure_settings import AzureSettings
from agent.chat_settings import NotifySettings, SlackSettings
from agent.operation_settings import RecordsSettings, TelemetrySettings, UpkeepSettings
from agent.paths import place
from agent.teams_settings import TeamsSettings
from agent.wording import error_of, phrase
from plugins.domain.approval import ApprovalRule
from plugins.domain.errors import ConfigurationError
from plugins.domain.platform_settings import BringYourOwn, Defaults, Naming, PlatformSettings, Policy, Pricing, Section
from plugins.domain.request import Environment

_SECRETS = ("secret", "password", "token", "apikey", "api_key", "connectionstring")


class SandboxSettings(Section):
    """`speed`: 0 for no simulated latency, 1 for as slow as Azure."""

    speed: float = Field(default=0.02, ge=0, le=10)


class CloudSettings(Section):
    mode: Literal["sandbox", "azure"] = "sandbox"
    subscription_id: str | None = None
    sandbox: SandboxSettings = SandboxSettings()


class ModeSettings(Section):
    """With `read_only` everything is answered and priced, and nothing is planned, applied, stopped or extended: no
    Terraform runs, whatever was ordered before. Conversations and the audit are kept.
    """

    read_only: bool = False


class ApprovalSettings(Section):
    """`plan_hours` is how long a plan waits for its decision. All `rules` that match a plan hold
    (`plugins.domain.approval`); `four_eyes`, `four_eyes_destroy`, `four_eyes_above` (a month, in the currency of the
    settings) and `import_needs_approver` are short for further ones. The others are as in `agent.approvals`.
    `named` are approvers who are asked in person on a chat platform ("teams:OBJECT_ID", "slack:USER_ID"), as far as
    they may decide. Who was asked is reminded after the share `reminder_share` of the time; after `escalation_share`
    everybody else is asked who may decide.
    `elicitation` lets the person behind an assistant's client confirm there (`brickie mcp`); null means in the sandbox
    only.
    """

    plan_hours: float = Field(default=24, gt=0, le=24 * 30)
    four_eyes: tuple[Environment, ...] = ("prod",)
    four_eyes_destroy: tuple[Environment, ...] = ("prod",)
    four_eyes_above: Decimal | None = None
    import_needs_approver: bool = True
    rules: tuple[ApprovalRule, ...] = ()
    expire_unasked: tuple[Environment, ...] = ()
    typed_destroy: tuple[Environment, ...] = ("prod",)
    requester_role: str = "requester"
    approver_role: str = "approver"
    elicitation: bool | None = None
    named: tuple[str, ...] = ()
    reminder_share: float = Field(default=0.5, gt=0, lt=1)
    escalation_share: float = Field(default=0.8, gt=0, lt=1)


class IdentitySettings(Section):
    """`trusted_callers` are operating system users whose `--as`, `--role` and JSON `user` are believed in azure
    mode; `local_roles` are the roles of a terminal's person: in the sandbox all, else requester, unless they are set.
    `local_emails` are the addresses of operating system users, which the settings vouch for: by them they are told
    apart from people on other channels, where a plan takes somebody else.

    With `issuer` and `client_id` people sign in to the web page through that OpenID provider: `id_claim` tells them
    apart ("oid" for Entra ID), `roles_claim` holds what they may do (a path with dots reaches into objects), and
    `role_names` translates its values to roles of ours; a value that is not in it counts as it is. With
    `embedding_secret` a site of yours may sign its own users in: HS256 tokens with that secret, of
    `embedding_issuer`, for `embedding_audience`. Both secrets come from the environment only.
    """

    trusted_callers: tuple[str, ...] = ()
    local_roles: tuple[str, ...] | None = None
    local_emails: dict[str, str] = Field(default_factory=dict[str, str])
    issuer: str | None = None
    client_id: str | None = None
    client_secret: SecretStr | None = None
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    id_claim: str = "sub"
    roles_claim: str = "roles"
    role_names: dict[str, str] = Field(default_factory=dict[str, str])
    embedding_issuer: str | None = None
    embedding_audience: str = "brickie"
    embedding_secret: SecretStr | None = None

    @property
    def signs_in(self) -> bool:
        """True when people come through an OpenID provider."""
        return bool(self.issuer and self.client_id)


class WebSettings(Section):
    """`public_url` is where people reach the page ("https://brickie.contoso.com"). `embedding_sites` are origins
    that may show the widget; none but our own when empty. Limits hold for each person; `streams` are open pages.
    Without a sign-in, `by_invitation` lets one browser in by a token that the server prints, under a name of this
    machine only, and then any address may be listened on: a container has no loopback that its host could reach.
    `trusted_proxies` are addresses or networks whose X-Forwarded-For is believed when sign-ins are counted.
    `session_secret` signs the sessions: without it a file in BRICKIE_HOME does, which other processes do not share.
    `stop_seconds` is how long a stop waits for turns that are being answered.
    """

    host: str = "127.0.0.1"
    port: int = Field(default=8765, ge=0, le=65535)
    by_invitation: bool = False
    public_url: str | None = None
    embedding_sites: tuple[str, ...] = ()
    session_hours: float = Field(default=8, gt=0, le=24 * 7)
    session_secret: SecretStr | None = None
    messages_per_minute: int = Field(default=60, ge=1)
    reads_per_minute: int = Field(default=240, ge=1)
    trusted_proxies: tuple[str, ...] = ()
    streams: int = Field(default=20, ge=1)
    stop_seconds: float = Field(default=30, ge=0)


class TerraformLimits(Section):
    plan_minutes: float = Field(default=15, gt=0)
    apply_minutes: float = Field(default=180, gt=0)


class DatabaseSettings(Section):
    """`url`: postgresql://…, or nothing for the SQLite file below BRICKIE_HOME. One with a password belongs into the
    environment (Database__Url).
    """

    url: str | None = None


class EngineSettings(Section):
    """`executor` is this process's name among those that work on one database, when it must be a certain one. How many
    plans and applies run at once here, overall, and of the applies in one subscription; how soon an order is seen and a
    dead process's work taken over; how often, and after how many seconds first, what passes by itself is tried again.
    """

    executor: str | None = Field(default=None, pattern=r"^[\w.-]{1,64}$")
    plans: int = Field(default=2, ge=1, le=64)
    applies: int = Field(default=2, ge=1, le=64)
    plans_overall: int = Field(default=8, ge=1, le=512)
    applies_overall: int = Field(default=8, ge=1, le=512)
    applies_per_subscription: int = Field(default=4, ge=1, le=512)
    poll_seconds: float = Field(default=0.5, gt=0, le=10)
    takeover_seconds: float = Field(default=1.5, gt=0, le=60)
    retries: int = Field(default=3, ge=0, le=10)
    retry_seconds: float = Field(default=10, ge=0, le=600)


class StateStorage(Section):
    """Where Terraform keeps its state: `local` below BRICKIE_HOME, `azurerm` in a storage account, or `pg` in the
    PostgreSQL database that PG_CONN_STR in the environment names.
    """

    backend: Literal["local", "azurerm", "pg"] = "local"
    resource_group: str | None = None
    storage_account: str | None = None
    container: str | None = None
    prefix: str = ""


class ModelLimits(Section):
    """What one person or conversation may cause at the model; then the rules take their turns. `volume` counts
    input and output tokens together; `money_per_person_per_day` is in the currency of the two prices.
    """

    calls_per_conversation_per_hour: int = Field(default=120, gt=0)
    calls_per_person_per_hour: int = Field(default=300, gt=0)
    volume_per_conversation_per_day: int = Field(default=400_000, gt=0)
    volume_per_person_per_day: int = Field(default=1_000_000, gt=0)
    money_per_person_per_day: float | None = Field(default=None, gt=0)


class ModelSettings(Section):
    """A language model that understands and phrases; none is needed. Keys come from the environment only.

    `timeout_seconds` is for one call, `turn_seconds` for everything that a turn asks the model. `phrase` lets the
    model put answers to free questions in its own words. Prices are per million tokens, from your own contract.
    """

    base_url: str | None = None
    name: str | None = None
    timeout_seconds: float = Field(default=30, gt=0, le=120)
    turn_seconds: float = Field(default=45, gt=0, le=300)
    temperature: float | None = Field(default=0, ge=0, le=2)
    phrase: bool = True
    input_price_per_million: float | None = Field(default=None, ge=0)
    output_price_per_million: float | None = Field(default=None, ge=0)
    limits: ModelLimits = ModelLimits()


class Settings(Section):
    defaults: Defaults = Defaults()
    naming: Naming = Naming()
    policy: Policy = Policy()
    bring_your_own: BringYourOwn = BringYourOwn()
    pricing: Pricing = Pricing()
    cloud: CloudSettings = CloudSettings()
    azure: AzureSettings = AzureSettings()
    mode: ModeSettings = ModeSettings()
    approvals: ApprovalSettings = ApprovalSettings()
    notify: NotifySettings = NotifySettings()
    identity: IdentitySettings = IdentitySettings()
    web: WebSettings = WebSettings()
    teams: TeamsSettings = TeamsSettings()
    terraform: TerraformLimits = TerraformLimits()
    state: StateStorage = StateStorage()
    database: DatabaseSettings = DatabaseSettings()
    records: RecordsSettings = RecordsSettings()
    engine: EngineSettings = EngineSettings()
    upkeep: UpkeepSettings = UpkeepSettings()
    model: ModelSettings = ModelSettings()
    slack: SlackSettings = SlackSettings()
    telemetry: TelemetrySettings = TelemetrySettings()

    @property
    def local_roles(self) -> tuple[str, ...]:
        """What a terminal's person may do. On a real subscription nobody approves by being on the machine."""
        roles, approvals = self.identity.local_roles, self.approvals
        if roles is not None:
            return roles
        both = self.cloud.mode == "sandbox"
        return (approvals.requester_role, approvals.approver_role) if both else (approvals.requester_role,)

    @property
    def platform(self) -> PlatformSettings:
        """The sections that the verbs read."""
        return PlatformSettings(
            defaults=self.defaults,
            naming=self.naming,
            policy=self.policy,
            bring_your_own=self.bring_your_own,
            pricing=self.pricing,
        )


def read_settings(environment: Mapping[str, str]) -> Settings:
    """The settings of the file that stands beside the program, overridden by that environment."""
    return load_settings(environment, place("appsettings.json"))


def load_settings(environment: Mapping[str, str], path: Path | None) -> Settings:
    """The settings of that file, none for the defaults, overridden by that environment.

    Raises ConfigurationError, one sentence naming the key, what is wrong and what is right.
    """
    tree = _file(path) if path is not None else {}
    for name, value in sorted(environment.items()):
        keys = name.split("__")
        if len(keys) > 1 and _key(Settings, keys[0]) is not None:
            _put(tree, keys, _parsed(value), name)
    _check_keys(Settings, tree, ())
    try:
        return Settings.model_validate(tree)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        key = "__".join(str(part) for part in first["loc"])
        raise error_of(ConfigurationError, "settings.wrong", key=key, problem=first["msg"].lower()) from error


def _file(path: Path) -> dict[str, Any]:
    try:
        tree = json.loads(path.read_text("utf-8"), object_pairs_hook=partial(_once, path.name))
    except OSError as error:
        raise error_of(ConfigurationError, "settings.unreadable", file=path.name) from error
    except ConfigurationError:
        raise
    except ValueError as error:
        where = f" at line {error.lineno}, column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        raise error_of(ConfigurationError, "settings.no_json", file=path.name, where=where) from error
    if not isinstance(tree, dict):
        raise error_of(ConfigurationError, "settings.no_object", file=path.name)
    settings = cast("dict[str, Any]", tree)
    for key in _leaves(settings):
        if any(word in key.lower() for word in _SECRETS):
            raise error_of(ConfigurationError, "settings.secret", file=path.name, key=key)
    return settings


def _once(file: str, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A section in which each key stands once: of two, JSON would keep the last without a word."""
    section = dict(pairs)
    if len(section) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise error_of(ConfigurationError, "settings.twice", file=file, key=twice[:40])
    return section


def _leaves(tree: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[str]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _leaves(cast("dict[str, Any]", value), (*path, key))
        else:
            yield "__".join((*path, key))


def _parsed(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value


def _put(tree: dict[str, Any], keys: list[str], value: Any, name: str) -> None:
    """Puts a value at its place, with the keys in the model's own spelling."""
    model: Any = Settings
    branch = tree
    for key in keys[:-1]:
        spelled, model = _step(model, key)
        inner = branch.setdefault(spelled, {})
        if not isinstance(inner, dict):
            raise error_of(ConfigurationError, "settings.no_section", name=name)
        branch = cast("dict[str, Any]", inner)
    branch[_step(model, keys[-1])[0]] = value


def _step(model: Any, key: str) -> tuple[str, Any]:
    """The key as the model spells it, and what lies below it."""
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return key, _below(model)
    field = _key(model, key)
    if field is None:
        return key, None
    alias = model.model_fields[field].alias or field
    return alias, model.model_fields[field].annotation


def _below(model: Any) -> Any:
    return get_args(model)[1] if get_origin(model) is dict else None


def _key(model: type[BaseModel], key: str) -> str | None:
    folded = key.replace("_", "").casefold()
    return next((name for name in model.model_fields if name.replace("_", "") == folded), None)


def _check_keys(model: Any, tree: Mapping[str, Any], path: tuple[str, ...]) -> None:
    """Raises ConfigurationError for the first key that no setting has, with the nearest right one."""
    for key, value in tree.items():
        if isinstance(model, type) and issubclass(model, BaseModel):
            known = [field.alias or name for name, field in model.model_fields.items()]
            if key not in known:
                near = get_close_matches(key, known, n=1, cutoff=0.5)
                hint = (
                    phrase("settings.did_you_mean", name="__".join((*path, near[0])))
                    if near
                    else phrase("settings.there_are", names=", ".join(known))
                )
                raise error_of(ConfigurationError, "settings.unknown", name="__".join((*path, key)), hint=hint)
            inner = _step(model, key)[1]
        else:
            inner = _below(model)
        if isinstance(value, dict) and inner is not None:
            _check_keys(inner, cast("dict[str, Any]", value), (*path, key))
        elif isinstance(value, list) and get_origin(inner) is tuple:
            for element in cast("list[Any]", value):
                _check_keys(get_args(inner)[0], _spelled(get_args(inner)[0], element), (*path, key))


def _spelled(model: Any, element: Any) -> dict[str, Any]:
    """A section in a list with the keys in the model's own spelling, where it knows them; nothing for a plain value."""
    if not (isinstance(model, type) and issubclass(model, BaseModel) and isinstance(element, dict)):
        return {}
    return {_step(model, key)[0]: value for key, value in cast("dict[str, Any]", element).items()}
