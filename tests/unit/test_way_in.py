"""Where somebody arrives who has to sign in first."""

import re
from pathlib import Path

from maiia_pro.kernel.actor import ActorKind
from maiia_pro.routes import ROUTES

PATH = Path(__file__).parents[2] / "components/account/sign_in_path.jsx"


def test_whoever_comes_from_a_page_of_people_at_work_is_asked_for_a_password_and_patients_for_a_code() -> None:
    work = re.search(r"const WORK = /(.+)/;", PATH.read_text())
    assert work is not None
    asked = {one.path for one in ROUTES if re.match(work[1].replace(r"\/", "/"), one.path)}
    assert asked == {one.path for one in ROUTES if not one.who & {ActorKind.ANONYMOUS, ActorKind.PATIENT}}
