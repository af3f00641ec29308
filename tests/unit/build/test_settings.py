"""Settings for build backends."""

import pytest

from mauve.build.settings import ConfigSettings, InvalidConfigSetting, collect_config_settings, parse_config_setting


def test_repeated_keys_become_lists():
    """A value may be empty, and may contain `=`."""
    assert collect_config_settings(["a=1", "b=", "a=2=3"]) == {"a": ("1", "2=3"), "b": ""}


def test_a_setting_needs_a_value():
    """The text is part of the command line's interface."""
    with pytest.raises(InvalidConfigSetting) as caught:
        parse_config_setting("c")
    assert str(caught.value) == "Invalid config setting: c (expected `KEY=VALUE`)"


def test_settings_of_a_package_are_added_to_the_shared_ones():
    """Other packages do not see them."""
    settings = ConfigSettings({"a": "1"}, {"x": {"a": "2", "b": "3"}})
    assert settings.for_package("x") == {"a": ("1", "2"), "b": "3"}
    assert settings.for_package("y") == {"a": "1"}
    assert settings.for_package(None) == {"a": "1"}
