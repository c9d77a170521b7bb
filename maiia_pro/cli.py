"""`maiia-pro`: the commands of the house."""

import argparse
import sys
from collections.abc import Callable
from typing import Any

from maiia_pro.launcher.at_hand import database_at_hand
from maiia_pro.launcher.postgres import DatabaseFailure
from maiia_pro.settings import get_settings


def _run(_options: argparse.Namespace) -> int:
    from maiia_pro.launcher.server import several_without_store
    from maiia_pro.launcher.supervise import Launcher

    if refused := several_without_store(get_settings()):
        print(refused, file=sys.stderr)
        return 1
    return Launcher(get_settings()).run()


def _serve(_options: argparse.Namespace) -> int:
    from maiia_pro.launcher.server import serve, several_without_store

    if refused := several_without_store(get_settings()):
        print(refused, file=sys.stderr)
        return 1
    serve()
    return 0


def _worker(_options: argparse.Namespace) -> int:
    from maiia_pro.jobs.worker import run_worker
    from maiia_pro.kernel.logs import configure_logs
    from maiia_pro.launcher.processes import end_with_launcher

    end_with_launcher()
    configure_logs()
    run_worker()
    return 0


def _migrate(_options: argparse.Namespace) -> int:
    from maiia_pro.launcher import prepare

    with database_at_hand():
        prepare.migrate(get_settings())
    print("La base de données est à jour.")
    return 0


def _seed(_options: argparse.Namespace) -> int:
    from maiia_pro.launcher import prepare

    with database_at_hand():
        prepare.seed()
    print("Le cabinet de démonstration est en place.")
    return 0


def _said(act: Callable[[], str]) -> int:
    """Print what became of an act on the database, or why it was refused."""
    from maiia_pro.kernel.errors import DomainError

    with database_at_hand():
        try:
            said = act()
        except DomainError as refusal:
            print(refusal.message, file=sys.stderr)
            return 1
    print(said)
    return 0


def _create_operator(options: argparse.Namespace) -> int:
    from maiia_pro.identity.accounts import create_operator
    from maiia_pro.kernel.actor import Actor

    def act() -> str:
        link = create_operator(Actor.system("Commande create-operator"), options.email)
        return f"Compte créé. Ouvrez ce lien, valable une seule fois, pour choisir le mot de passe :\n{link}"

    return _said(act)


def _create_client(options: argparse.Namespace) -> int:
    from maiia_pro.kernel.actor import Actor
    from maiia_pro.operations.programs import let_program_in

    def act() -> str:
        client_id, secret = let_program_in(Actor.system("Commande create-client"), options.name, options.practice, options.scopes)
        return f"Logiciel inscrit. Notez son secret, il n’est montré qu’ici :\nclient_id={client_id}\nclient_secret={secret}"

    return _said(act)


def _revoke_client(options: argparse.Namespace) -> int:
    from maiia_pro.kernel.actor import Actor
    from maiia_pro.operations.programs import turn_program_away

    return _said(lambda: f"{turn_program_away(Actor.system('Commande revoke-client'), options.client_id)} n’entre plus.")


def _audit_check(_options: argparse.Namespace) -> int:
    from maiia_pro.kernel.actor import Actor
    from maiia_pro.kernel.audit_watch import look_at_all

    with database_at_hand():
        faults = look_at_all(Actor.system("Commande audit-check"))
    for fault in faults:
        print(fault, file=sys.stderr)
    print("La chaîne du journal d’audit est intacte." if not faults else f"Le journal d’audit a été altéré : {len(faults)} anomalie(s).")
    return 1 if faults else 0


def _returned_mail(_options: argparse.Namespace) -> int:
    from maiia_pro.kernel.actor import Actor
    from maiia_pro.notifications.returned_mail import LONGEST, note_returned

    content = sys.stdin.buffer.read(LONGEST)
    known = "Cette adresse ne reçoit plus : la personne le verra sur ses pages."
    return _said(lambda: known if note_returned(Actor.system("Commande returned-mail"), content) else "Rien à retenir de ce message.")


COMMANDS: dict[str, tuple[Callable[[argparse.Namespace], int], str]] = {
    "run": (_run, "démarre tout et veille dessus"),
    "serve": (_serve, "répond aux navigateurs et aux programmes, sur une base déjà prête"),
    "worker": (_worker, "fait les tâches de fond"),
    "migrate": (_migrate, "met la base de données à jour"),
    "seed": (_seed, "crée le cabinet de démonstration"),
    "create-operator": (_create_operator, "crée un exploitant et affiche son lien d’activation"),
    "create-client": (_create_client, "inscrit un logiciel d’un cabinet et affiche son secret"),
    "revoke-client": (_revoke_client, "retire à un logiciel tous ses droits, aussitôt"),
    "returned-mail": (_returned_mail, "lit un avis de non-remise sur son entrée, et en avertit la personne"),
    "audit-check": (_audit_check, "scelle puis vérifie le journal d’audit"),
}


ARGUMENTS: dict[str, tuple[tuple[str, dict[str, Any]], ...]] = {
    "create-operator": (("email", {"help": "adresse e-mail de l’exploitant"}),),
    "create-client": (
        ("name", {"help": "nom du logiciel, tel que le journal des accès le montrera"}),
        ("practice", {"help": "nom ou identifiant du cabinet"}),
        ("scopes", {"nargs": "+", "help": "droits, par exemple callers.read"}),
    ),
    "revoke-client": (("client_id", {"help": "identifiant affiché à l’inscription"}),),
}


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    made = argparse.ArgumentParser(prog="maiia-pro", description="Logiciel de cabinet médical.")
    commands = made.add_subparsers(dest="command", required=True, metavar="commande")
    for name, (_, sentence) in COMMANDS.items():
        command = commands.add_parser(name, help=sentence, description=sentence)
        for argument, told in ARGUMENTS.get(name, ()):
            command.add_argument(argument, **told)
    return made


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line asks and return the exit code."""
    options = parser().parse_args(arguments)
    try:
        return COMMANDS[options.command][0](options)
    except DatabaseFailure as failure:
        print(failure, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
