"""What must be true of the database before the server starts: the schema of this version, and the demonstration's practice."""

import json
import sys
from typing import Any

from maiia_pro.launcher import migrations
from maiia_pro.launcher.processes import end_with_launcher
from maiia_pro.settings import Settings, get_settings


def migrate(settings: Settings) -> None:
    """Apply missing migrations as the owner of the tables."""
    url = settings.migration_database_url or settings.database_url
    if not url:
        message = "Aucune base de données n’est indiquée : définissez MIGRATION_DATABASE_URL ou lancez « make run »."
        raise SystemExit(message)
    migrations.upgrade(url)


def seed() -> None:
    """Fill in the demonstration's practice, once."""
    from maiia_pro.demo.seed import seed_demo

    seed_demo()


def logins() -> dict[str, Any]:
    """Give the demonstration's accounts and API client: `{"accounts": […], "api_client": {…}}`."""
    from maiia_pro.demo.seed import demo_logins

    return dict(demo_logins())


def has_operator() -> bool:
    """Whether somebody can run the platform."""
    from sqlalchemy import text

    from maiia_pro.kernel.db import reading

    with reading() as session:
        return session.connection().execute(text("SELECT 1 FROM account WHERE role = 'operator' LIMIT 1")).first() is not None


def main() -> None:
    """Prepare, and print what the launcher tells the console as one line of JSON."""
    end_with_launcher()
    settings = get_settings()
    migrate(settings)
    if settings.demo:
        seed()
        told: dict[str, Any] = logins()
    else:
        told = {"has_operator": has_operator()}
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
