"""Somebody who may write anything to the database and does not know the server's key: what they try on the audit trail."""

import hashlib
import hmac
import json
import random
from collections.abc import Callable

from sqlalchemy import text
from sqlmodel import Session

from maiia_pro.kernel import audit, audit_chain
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.audit_chain import GENESIS
from maiia_pro.kernel.ids import uuid7

ENTRIES = 36
PRACTICES = [uuid7(), uuid7(), audit.PLATFORM]
CHANGES = {
    "id": "gen_random_uuid()",
    "sequence": "sequence + 100000",
    "practice_id": "gen_random_uuid()",
    "at": "at + interval '1 microsecond'",
    "action": "'patient:read'",
    "actor_kind": "'system'",
    "actor_id": "gen_random_uuid()",
    "actor_name": "actor_name || ' '",
    "on_behalf_of": "case when on_behalf_of is null then gen_random_uuid() end",
    "subject_type": "'practice'",
    "subject_id": "null",
    "session_id": "gen_random_uuid()",
    "network": "'203.0.113.9'",
    "browser": "'Firefox, Mac'",
    "details": "details || '{\"version\": 99}'",
    "mark": "md5(mark)",
}
SEALS = {"entry_id": "gen_random_uuid()", "position": "position + 100000", "digest": "md5(digest) || md5(digest)"}


class Intruder:
    """Somebody with every right on the database, inside a transaction that is undone afterwards."""

    def __init__(self, session: Session, dice: random.Random) -> None:
        self.session, self.dice = session, dice

    def run(self, statement: str, **values: object) -> None:
        self.session.connection().execute(text(statement), values)

    def rows(self, what: str) -> list:
        return list(self.session.connection().execute(text(what)).mappings())

    def place(self) -> int:
        return self.dice.randint(1, ENTRIES)

    def two(self) -> tuple[int, int]:
        first, second = self.dice.sample(range(1, ENTRIES + 1), 2)
        return first, second

    def at(self, place: int) -> str:
        return f"(select entry_id from audit_seal where position = {place})"

    # --- what they do -----------------------------------------------------------------------------------------------

    def change_a_column(self) -> str:
        column = self.dice.choice(sorted(CHANGES))
        if column == "sequence":
            self.run("alter table audit_entry alter column sequence drop identity")
        self.run(f"update audit_entry set {column} = {CHANGES[column]} where id = {self.at(self.place())}")
        return f"entry.{column}"

    def change_a_seal(self) -> str:
        column = self.dice.choice(sorted(SEALS))
        self.run(f"update audit_seal set {column} = {SEALS[column]} where position = {self.place()}")
        return f"seal.{column}"

    def remove_an_entry(self) -> str:
        self.run(f"delete from audit_entry where id = {self.at(self.place())}")
        return "entry removed"

    def remove_an_entry_and_its_seal(self) -> str:
        self.remove_both(f"= {self.place()}")
        return "entry and seal removed"

    def remove_and_close_the_gap(self) -> str:
        place = self.dice.randint(1, ENTRIES - 1)
        self.remove_both(f"= {place}")
        self.run("update audit_seal set position = -position where position > :place", place=place)
        self.run("update audit_seal set position = -position - 1 where position < 0")
        return "gap closed"

    def remove_a_seal(self) -> str:
        self.run(f"delete from audit_seal where position = {self.place()}")
        return "seal removed"

    def remove_both(self, places: str) -> None:
        self.run(f"delete from audit_entry where id in (select entry_id from audit_seal where position {places})")
        self.run(f"delete from audit_seal where position {places}")

    def cut_the_end(self) -> str:
        self.remove_both(f"> {self.dice.randint(0, ENTRIES - 1)}")
        return "end cut"

    def cut_the_end_and_let_it_go_on(self) -> str:
        self.remove_both(f"> {self.dice.randint(ENTRIES // 2, ENTRIES - 1)}")
        for _ in range(ENTRIES):
            self.insert(mark=True)
        audit_chain.seal(self.session)
        return "end cut, then sealed on"

    def swap_contents(self) -> str:
        first, second = self.two()
        self.run(f"""
            with pair as (
                select id, at, actor_name, subject_id, details, mark from audit_entry where id in ({self.at(first)}, {self.at(second)})
            )
            update audit_entry e set at = p.at, actor_name = p.actor_name, subject_id = p.subject_id, details = p.details, mark = p.mark
            from pair p where p.id <> e.id and e.id in (select id from pair)
        """)
        return "contents swapped"

    def swap_places(self) -> str:
        first, second = self.two()
        self.run(f"update audit_seal set position = 0 where position = {first}")
        self.run(f"update audit_seal set position = {first} where position = {second}")
        self.run(f"update audit_seal set position = {second} where position = 0")
        return "places swapped"

    def swap_sealed_entries(self) -> str:
        first, second = self.two()
        found = {row["position"]: row["entry_id"] for row in self.rows("select position, entry_id from audit_seal")}
        for place, entry in ((first, uuid7()), (second, found[first]), (first, found[second])):
            self.run("update audit_seal set entry_id = :entry where position = :place", entry=entry, place=place)
        return "sealed entries swapped"

    def insert(self, *, mark: bool = False, mine: bytes = b"") -> None:
        """Insert an act that nobody did; with the software's own mark only where it is the software that goes on."""
        values = audit.entry_values(Actor.system("Intrus"), AuditAction.PATIENT_READ, subject_type="patient", subject_id=uuid7())
        values["mark"] = values["mark"] if mark else hashlib.sha256(mine + repr(values).encode()).hexdigest()[:32]
        audit_chain.exchange_many(self.session, audit.ADD, [values])

    def add_a_forged_act(self) -> str:
        self.insert()
        audit_chain.seal(self.session)
        return "act added, then sealed"

    def add_a_forged_act_in_the_past(self) -> str:
        self.insert()
        self.run("update audit_horizon set settled = 100000, seen = 100000, awaited = '{}'")
        return "act added below the horizon"

    def add_a_copy(self) -> str:
        columns = (
            "practice_id, at, action, actor_kind, actor_id, actor_name, on_behalf_of, subject_type, subject_id, session_id, details, mark"
        )
        copied = self.at(self.place())
        self.run(f"insert into audit_entry (id, {columns}) select gen_random_uuid(), {columns} from audit_entry where id = {copied}")
        audit_chain.seal(self.session)
        return "act copied, then sealed"

    def add_with_a_seal(self) -> str:
        self.insert()
        self.run("""
            insert into audit_seal (entry_id, position, digest)
            select e.id, (select max(position) + 1 from audit_seal), md5(e.mark) || md5(e.id::text)
            from audit_entry e order by sequence desc limit 1
        """)
        return "act added with a seal"

    def work_it_out_anew(self) -> str:
        """Change an act, then mark it and seal everything from there on with a key of their own."""
        place, own = self.place(), self.dice.randbytes(32)
        self.run(f"update audit_entry set actor_name = 'Autre', network = '' where id = {self.at(place)}")
        self.seal_from(place, lambda body: hmac.digest(own, body, "sha256").hex())
        return "recomputed with another key"

    def work_it_out_without_any_key(self) -> str:
        place = self.place()
        self.run(f"update audit_entry set subject_id = null where id = {self.at(place)}")
        self.seal_from(place, lambda body: hashlib.sha256(body).hexdigest())
        return "recomputed without a key"

    def keep_the_mark_of_another(self) -> str:
        first, second = self.two()
        self.run(f"update audit_entry set mark = (select mark from audit_entry where id = {self.at(second)}) where id = {self.at(first)}")
        return "mark of another"

    def remove_a_practice(self) -> str:
        which = self.dice.choice(PRACTICES)
        self.run("delete from audit_seal where entry_id in (select id from audit_entry where practice_id = :id)", id=which)
        self.run("delete from audit_entry where practice_id = :id", id=which)
        rest = [row["position"] for row in self.rows("select position from audit_seal order by position")]
        for place, old in enumerate(rest, 1):
            self.run("update audit_seal set position = :place where position = :old", place=place, old=old)
        self.seal_from(1, lambda body: hashlib.sha256(body).hexdigest())
        return "practice removed, sealed anew"

    def seal_from(self, place: int, digest: Callable[[bytes], str]) -> None:
        """Mark and seal as `audit` does, but for the key."""
        links = self.rows(
            f"select s.position, e.* from audit_seal s join audit_entry e on e.id = s.entry_id where position >= {place} order by 1"
        )
        before = self.rows(f"select digest from audit_seal where position = {place - 1}")
        previous = before[0]["digest"] if before else GENESIS
        for link in links:
            content = json.dumps([*(str(link[name]) for name in audit._MARKED), str(link["at"]), link["details"]]).encode()
            mark = digest(content)[:32] if link["position"] == place else link["mark"]
            previous = digest(f"{link['position']} {previous} {link['id']} {link['sequence']} {mark}".encode())
            self.run("update audit_entry set mark = :mark where id = :id", mark=mark, id=link["id"])
            self.run("update audit_seal set digest = :digest where position = :place", digest=previous, place=link["position"])


ACTS = [
    Intruder.change_a_column, Intruder.change_a_column, Intruder.change_a_column, Intruder.change_a_seal, Intruder.remove_an_entry,
    Intruder.remove_an_entry_and_its_seal, Intruder.remove_and_close_the_gap, Intruder.remove_a_seal, Intruder.cut_the_end,
    Intruder.cut_the_end_and_let_it_go_on, Intruder.swap_contents, Intruder.swap_places, Intruder.swap_sealed_entries,
    Intruder.add_a_forged_act, Intruder.add_a_forged_act_in_the_past, Intruder.add_a_copy, Intruder.add_with_a_seal,
    Intruder.work_it_out_anew, Intruder.work_it_out_without_any_key, Intruder.keep_the_mark_of_another, Intruder.remove_a_practice,
]  # fmt: skip
