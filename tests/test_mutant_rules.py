"""The rules that `python -m tests.mutants` switches off stand where it says, and so do the tests that must notice."""

from pathlib import Path

import pytest

from tests.mutants.rules import MUTANTS, Mutant

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_rule_and_its_tests_are_there(mutant: Mutant) -> None:
    assert (ROOT / mutant.file).read_text(encoding="utf-8").count(mutant.text) == 1
    for test in mutant.tests:
        file, *names = test.partition("[")[0].split("::")
        source = (ROOT / file).read_text(encoding="utf-8")
        assert all(f"def {name}(" in source or f"class {name}" in source for name in names) or _made(source, names)


def _made(source: str, names: list[str]) -> bool:
    """Return whether a state machine's test case is what is named."""
    return all(f"{name} = " in source or f"{name}: " in source for name in names)
