"""Several server processes are refused unless they can share their screens."""

import pytest

from maiia_pro import cli
from maiia_pro.settings import get_settings

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("command", ["run", "serve"])
def test_several_processes_without_redis_are_refused_with_what_to_do(command, monkeypatch, capsys):
    monkeypatch.setenv("WORKERS", "2")
    monkeypatch.delenv("REDIS_URL", raising=False)
    get_settings.cache_clear()
    try:
        assert cli.main([command]) == 1
    finally:
        monkeypatch.undo()
        get_settings.cache_clear()
    said = capsys.readouterr().err
    assert said.startswith("WORKERS=2 demande REDIS_URL\u00a0:")
    assert "Indiquez l’adresse d’un Redis, ou retirez WORKERS." in said
