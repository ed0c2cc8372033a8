"""Settings: what holds, what overrides it, and one clear sentence for what is wrong."""

from decimal import Decimal
from pathlib import Path

import pytest

from agent.paths import place
from agent.settings import Settings, load_settings
from plugins.domain.errors import ConfigurationError


def test_the_shipped_file_says_what_the_code_defaults_to() -> None:
    assert load_settings({}, place("appsettings.json")) == Settings()


def test_the_environment_overrides_the_file_in_any_case() -> None:
    found = load_settings(
        {"Cloud__Sandbox__Speed": "0", "DEFAULTS__REGION": "", "Policy__Environments__dev__CostLimit": "700"},
        place("appsettings.json"),
    )
    assert (found.cloud.sandbox.speed, found.defaults.region) == (0, "")
    assert found.policy.environments["dev"].cost_limit == Decimal(700)
    assert found.policy.environments["prod"].cost_limit == Decimal(3000)


def test_other_variables_of_the_environment_are_left_alone() -> None:
    assert load_settings({"__CF_USER__": "1", "Other__Thing": "x", "PATH": "/bin"}, None) == Settings()


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"Cloud__Mod": "azure"}, "there is no setting Cloud__Mod. Did you mean Cloud__Mode?"),
        ({"Cloud__Mode": "aws"}, "Cloud__Mode is wrong: input should be 'sandbox' or 'azure'. Correct it."),
        (
            {"Policy__Environments__dev__CostLimt": "3"},
            "Did you mean Policy__Environments__dev__CostLimit?",
        ),
        (
            {"Defaults__HoursPerWeek": "400"},
            "Defaults__HoursPerWeek is wrong: input should be less than or equal to 168.",
        ),
    ],
)
def test_a_wrong_setting_is_named_with_what_is_right(environment: dict[str, str], sentence: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        load_settings(environment, place("appsettings.json"))
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "appsettings.json is no valid JSON at line 1, column 2."),
        ("[]", "appsettings.json must hold one JSON object."),
        ('{"Mode": {"ReadOnly": true, "ReadOnly": false}}', "appsettings.json gives ReadOnly twice in one section."),
        ('{"Defalts": {}}', "there is no setting Defalts. Did you mean Defaults?"),
        ('{"Cloud": {"ClientSecret": "x"}}', "appsettings.json holds Cloud__ClientSecret, which looks like a secret."),
    ],
)
def test_a_broken_file_is_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "appsettings.json"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigurationError) as refused:
        load_settings({}, path)
    assert sentence in str(refused.value)


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"appsettings\.json cannot be read"):
        load_settings({}, tmp_path / "appsettings.json")
