from importlib.metadata import version

from hf_sluice.models import architecture_origin
from hf_sluice.models.architecture_origin import ArchitectureOrigin


def test_what_runs_here_is_known_and_nothing_else():
    origin = ArchitectureOrigin.here("abc+")

    assert origin.versions == {name: version(name) for name in ("hf_sluice", "torch", "transformers")}
    assert (origin.model, origin.revision, origin.commit) == (None, None, "abc+")


def test_code_that_came_with_a_model_is_no_version_of_the_package(monkeypatch):
    monkeypatch.setattr(architecture_origin, "__name__", "transformers_modules.user.repo.architecture_origin")
    assert list(ArchitectureOrigin.here().versions) == ["torch", "transformers"]


def test_what_is_not_installed_has_no_version(monkeypatch):
    monkeypatch.setattr(architecture_origin, "_LIBRARIES", ("torch", "no-such-library"))
    assert list(ArchitectureOrigin.here().versions) == ["hf_sluice", "torch"]
