"""A plugin for pytest: Hypothesis stops at the first example that fails; nobody reads the smallest one here."""

from hypothesis import Phase, settings


def pytest_configure() -> None:
    """Leave out the search for a smaller example, which may take minutes."""
    settings.register_profile("first failure", settings(), phases=(Phase.explicit, Phase.generate))
    settings.load_profile("first failure")
