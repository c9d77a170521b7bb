"""What a log must not hold is masked, whoever writes it."""

import json
import logging
import sys

import pytest

from maiia_pro.kernel.logs import MASK, formatter, redact

pytestmark = pytest.mark.unit

TAB = "3050d8cf-e065-49ce-a0a8-94d6c1061b91"
SECRETS = [
    (f"Attempting to send delta to disconnected client '{TAB}'", TAB),
    ("Error transforming event argument 'page' with value 'douleur' and type hint '<class 'int'>'", "douleur"),
    (f"Dropping stale state.look invocation for token {TAB}, sent before", TAB),
    (f"Lock for token {TAB}_state was held too long", TAB),
    ("Cookie: maiia_session=5f2c9e; other=1", "5f2c9e"),
    ("{'cookie': 'maiia_session=5f2c9e', 'host': 'x'}", "5f2c9e"),
    ('headers {"Cookie": "a=\\"5f2c9e\\""}', "5f2c9e"),
    ("__Host-maiia_session=5f2c9e", "5f2c9e"),
    ("Authorization: Bearer abcdef0123456789", "abcdef0123456789"),
    ("authorization='Basic YWJjOmRlZg=='", "YWJjOmRlZg"),
    ("GET /activation?jeton=5f2c9e HTTP/1.1", "5f2c9e"),
    ("ws://host/_event/?token=5f2c9e&EIO=4", "5f2c9e"),
    ("postgresql://maiia_app:5f2c9e@/maiia", "5f2c9e"),
    ("password=5f2c9e", "5f2c9e"),
    ("{'new_password': '5f 2c9e'}", "5f 2c9e"),
    ("client_secret: 5f2c9e", "5f2c9e"),
    ("sent to josiane.keller@exemple.fr", "josiane.keller"),
    ("violates unique\nDETAIL:  Key (name)=(Keller) already exists.", "Keller"),
    ("[SQL: INSERT]\n[parameters: {'name': 'Keller'}]", "Keller"),
]


@pytest.mark.parametrize(("text", "secret"), SECRETS)
def test_a_secret_in_a_sentence_is_masked(text, secret):
    assert secret not in redact(text)


@pytest.mark.parametrize("name", ["cookie", "Set-Cookie", "access_token", "password", "client_secret", "Authorization", "api_key", "email"])
def test_a_secret_under_its_name_is_masked_at_any_depth(name):
    assert redact({"headers": [{name: "5f2c9e"}]}) == {"headers": [{name: MASK}]}


@pytest.mark.parametrize("text", ["request served in 12 ms", "/medecin/claire-vasseur", "SlotTaken", "at 10:30 : ok", "practice 01a2"])
def test_an_ordinary_sentence_is_left_alone(text):
    assert redact(text) == text


@pytest.mark.timeout(5)
@pytest.mark.parametrize("piece", ["x", "a.", "/x", "a@", "cookie", "'cookie", "passw", "x://", "[parameters: ", "Event(name='x', "])
def test_a_very_long_text_is_cut_and_costs_little(piece):
    assert len(redact(piece * 100_000)) < 10_000


@pytest.mark.parametrize(
    "quoting", ["{{'password': '{}'}}", "Expected field 'x' to receive type 'str', but got {}", "Event(name='x', payload={})", "cookie={}"]
)
def test_of_a_very_long_secret_the_end_is_masked_too(quoting):
    assert "5f2c9e" not in redact("x " * 3_000 + quoting.format("a" * 20_000 + "5f2c9e"))


def test_the_end_of_a_long_trace_is_kept():
    assert redact("x" * 100_000 + "ZeroDivisionError").endswith("ZeroDivisionError")


def record_of_reflex() -> logging.LogRecord:
    """The trace that Reflex writes of an unknown event, with everything the browser sent."""
    try:
        raise KeyError({"name": "nothing", "router_data": {"headers": {"cookie": "maiia_session=5f2c9e"}}})
    except KeyError:
        return logging.LogRecord("reflex.app", logging.ERROR, __file__, 1, "unknown event for %s", ("a@exemple.fr",), sys.exc_info())


def test_the_trace_of_another_library_is_masked_and_one_line():
    line = formatter().format(record_of_reflex())
    assert "5f2c9e" not in line
    assert "exemple.fr" not in line
    assert "\n" not in line
    assert json.loads(line)["logger"] == "reflex.app"


def test_an_extra_field_is_kept_and_masked():
    record = logging.LogRecord("maiia_pro", logging.INFO, __file__, 1, "request", (), None)
    record.__dict__ |= {"status": 200, "cookie": "5f2c9e"}
    said = json.loads(formatter().format(record))
    assert (said["status"], said["cookie"]) == (200, MASK)


def test_a_value_that_does_not_fit_its_var_is_masked():
    said = "Expected field 'PatientPicker.typed' to receive type '<class 'str'>', but got ['douleur\nthoracique'] of type '<class 'list'>'."
    assert redact(said) == f"Expected field 'PatientPicker.typed' to receive type '<class 'str'>', but got {MASK}"
