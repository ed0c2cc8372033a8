"""Which Brickie this is."""

from agent.wording import phrase


def installed_version() -> str:
    """As the package was installed; where it was not, that is said."""
    from importlib.metadata import PackageNotFoundError, version  # longer than all of an argument parser

    try:
        return version("brickie")
    except PackageNotFoundError:
        return phrase("cli.not_installed")
