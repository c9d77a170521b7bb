"""The front end is built when its sources change, and holds no address."""

import gzip
import re

import pytest

from maiia_pro.launcher import build
from maiia_pro.launcher.build import in_french, is_current, relative_to_page, rewrite, sources_hash
from maiia_pro.settings import Settings

pytestmark = pytest.mark.unit

BAKED = "var e={PING:`http://localhost:8000/ping`,EVENT:`ws://localhost:8000/_event`,TRANSPORT:`websocket`};export{e as t};"
BANNER = "e.append(`A new version of this app is available.`);t.textContent=`Reload`,t.id=`Reload`"


@pytest.fixture
def project(tmp_path):
    for folder in ("components", "state", "assets/external", "reflex.lock", "maiia_pro", ".web/build/client/assets"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "components" / "page.py").write_text("title = 'a'")
    (tmp_path / "rxconfig.py").write_text("config = 1")
    return tmp_path


def test_an_address_becomes_that_of_the_page():
    assert relative_to_page("a=`http://localhost:8000/ping`") == ('a=window.location.origin+"/ping"', 1)


def test_a_socket_is_encrypted_where_the_page_is():
    text, _ = relative_to_page('a="ws://0.0.0.0:3000/_event"')
    assert text == 'a=window.location.origin.replace(/^http/,"ws")+"/_event"'


def test_other_addresses_are_left_alone():
    script = "a='https://www.w3.org/2000/svg';b='http://localhost.example/x';c=`http://localhost:8000/${x}`"
    assert relative_to_page(script) == (script, 0)


def test_the_chunk_and_its_packed_copy_say_the_same(project):
    assets = project / ".web" / "build" / "client" / "assets"
    chunk = assets / "reflex-env-abc.js"
    chunk.write_text(BAKED)
    packed = assets / "reflex-env-abc.js.gz"
    packed.write_bytes(gzip.compress(BAKED.encode()))
    assert rewrite(project / build.CLIENT, "reflex-env*.js", relative_to_page) == 2
    assert "localhost" not in chunk.read_text()
    assert gzip.decompress(packed.read_bytes()).decode() == chunk.read_text()


def test_a_build_is_current_until_a_source_changes(project):
    settings = Settings()
    (project / build.CLIENT / "index.html").write_text("<html>")
    (project / build.STAMP).write_text(sources_hash(settings, project))
    assert is_current(settings, project)
    (project / "components" / "page.py").write_text("title = 'b'")
    assert not is_current(settings, project)


def built_with(project, change):
    """Build without Reflex: `change()` stands for what happens during the build."""

    class FakeTools:
        def run(self, *_arguments, **_named) -> tuple[int, str, str]:
            assets = project / build.CLIENT / "assets"
            (project / build.CLIENT / "index.html").write_text("<html>")
            (assets / "reflex-env-abc.js").write_text(BAKED)
            (assets / "context-abc.js").write_text(BANNER)
            change()
            return 0, "", ""

    assert build.ensure_built(Settings(), project / "build.log", FakeTools(), project)


def test_a_lock_completed_by_the_build_asks_for_no_other(project):
    built_with(project, lambda: (project / "reflex.lock" / "package-lock.json").write_text("{}"))
    assert is_current(Settings(), project)


def test_a_source_changed_during_the_build_asks_for_another(project):
    built_with(project, lambda: (project / "components" / "page.py").write_text("title = 'b'"))
    assert not is_current(Settings(), project)


def test_a_build_without_the_address_of_the_server_is_refused(project):
    with pytest.raises(build.BuildFailure, match="adresse"):
        built_with(project, lambda: (project / build.CLIENT / "assets" / "reflex-env-abc.js").write_text("nothing"))


@pytest.mark.parametrize("left_out", ["components/__pycache__/page.pyc", "assets/external/link.js", "maiia_pro/agenda.py", "tests.py"])
def test_what_pages_do_not_show_builds_nothing(project, left_out):
    before = sources_hash(Settings(), project)
    (project / left_out).parent.mkdir(exist_ok=True)
    (project / left_out).write_text("x")
    assert sources_hash(Settings(), project) == before


def test_a_renamed_file_is_a_change(project):
    before = sources_hash(Settings(), project)
    (project / "components" / "page.py").rename(project / "components" / "screen.py")
    assert sources_hash(Settings(), project) != before


def test_a_setting_shown_on_pages_is_a_source(project):
    assert sources_hash(Settings(operator_name="Clinique"), project) != sources_hash(Settings(), project)


def test_every_setting_that_a_page_shows_is_a_source():
    pages = "\n".join(file.read_text() for file in (build.PROJECT / "components").rglob("*.py"))
    assert set(re.findall(r"(?:get_settings\(\)|\bsettings)\.(\w+)", pages)) == set(build.SHOWN_SETTINGS)


def test_a_page_older_than_its_server_says_so_in_french():
    told = "e.append(`Une nouvelle version est en ligne. Finissez, puis rechargez la page.`);t.textContent=`Recharger`,t.id=`Reload`"
    assert in_french(BANNER) == (told, 2)


def test_a_build_that_tells_of_a_new_version_otherwise_is_refused(project):
    with pytest.raises(build.BuildFailure, match="nouvelle version"):
        built_with(project, lambda: (project / build.CLIENT / "assets" / "context-abc.js").write_text("nothing"))
