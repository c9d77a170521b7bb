"""What the public page of a practitioner says of them, read from a form and kept as it was said."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Final, Self, TypeVar
from uuid import UUID

from maiia_pro.kernel.errors import Invalid
from maiia_pro.kernel.text import FieldErrors, one_line, paragraph
from maiia_pro.practice.profile_terms import WHEELCHAIR_LABELS, Language, Payment, Sector, Wheelchair

LONGEST: Final = {
    "presentation": 1500, "diplomas": 800, "fee_note": 400, "directions": 400, "floor": 80, "lift": 80, "parking": 160, "transport": 160,
}  # fmt: skip
"""Of each text, in characters."""
OF_A_SITE: Final = ("directions", "floor", "lift", "parking", "transport")

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class SiteAccess:
    """How one comes to a site."""

    directions: str = ""
    floor: str = ""
    lift: str = ""
    """« Ascenseur jusqu’au 3e », or nothing."""
    wheelchair: Wheelchair = Wheelchair.NOT_SAID
    parking: str = ""
    transport: str = ""

    def lines(self) -> list[str]:
        """Say it in French, a line each."""
        titled = {"Étage": self.floor, "Ascenseur": self.lift, "Parking": self.parking, "Transports": self.transport}
        said = [WHEELCHAIR_LABELS[self.wheelchair], *[f"{title}\u00a0: {words}" for title, words in titled.items() if words]]
        return [line for line in [*said, self.directions] if line]


@dataclass(frozen=True, slots=True)
class Profile:
    """A page as it was written; `photo` and `logo` name pictures of the practitioner, or nothing."""

    presentation: str = ""
    diplomas: str = ""
    sector: Sector = Sector.NOT_SAID
    fee_note: str = ""
    payments: tuple[Payment, ...] = ()
    languages: tuple[Language, ...] = ()
    access: Mapping[UUID, SiteAccess] = field(default_factory=dict)
    photo: str = ""
    logo: str = ""

    @classmethod
    def parse(cls, form: Mapping[str, object], sites: tuple[UUID, ...]) -> Self:
        """Read a form: texts by their names, `paiement-…` and `langue-…` where ticked, `<text>-<site hex>`; raises `Invalid` by field."""
        errors = FieldErrors()

        def words(name: str, key: str) -> str:
            read = one_line if name in OF_A_SITE and name != "directions" else paragraph
            try:
                return read(form.get(key), longest=LONGEST[name])
            except Invalid as wrong:
                errors.add(key, wrong.message)
                return ""

        found = cls(
            presentation=words("presentation", "presentation"),
            diplomas=words("diplomas", "diplomas"),
            sector=_chosen(Sector, form.get("sector"), "sector", errors),
            fee_note=words("fee_note", "fee_note"),
            payments=tuple(one for one in Payment if form.get(f"paiement-{one}")),
            languages=tuple(one for one in Language if form.get(f"langue-{one}")),
            access={
                site: SiteAccess(
                    **{name: words(name, f"{name}-{site.hex}") for name in OF_A_SITE},
                    wheelchair=_chosen(Wheelchair, form.get(f"wheelchair-{site.hex}"), f"wheelchair-{site.hex}", errors),
                )
                for site in sites
            },
        )
        errors.check()
        return found

    @classmethod
    def load(cls, kept: Mapping[str, Any]) -> Self:
        """Read what `kept` gave."""
        return cls(
            **{name: kept.get(name, "") for name in ("presentation", "diplomas", "fee_note", "photo", "logo")},
            sector=Sector(kept.get("sector", "")),
            payments=tuple(Payment(one) for one in kept.get("payments", ())),
            languages=tuple(Language(one) for one in kept.get("languages", ())),
            access={
                UUID(site): SiteAccess(**(said | {"wheelchair": Wheelchair(said["wheelchair"])}))
                for site, said in kept.get("access", {}).items()
            },
        )

    def kept(self) -> dict[str, Any]:
        """Give it as JSON."""
        said = {name: getattr(self, name) for name in ("presentation", "diplomas", "sector", "fee_note", "photo", "logo")}
        access = {site.hex: asdict(one) for site, one in self.access.items()}
        return said | {"payments": list(self.payments), "languages": list(self.languages), "access": access}

    def access_lines(self, site_id: UUID) -> list[str]:
        """Say how one comes in at a site; nothing where it is not said."""
        return self.access.get(site_id, SiteAccess()).lines()

    @property
    def pictures(self) -> set[str]:
        """The pictures that it shows."""
        return {self.photo, self.logo} - {""}


def _chosen(kind: type[Choice], value: object, name: str, errors: FieldErrors) -> Choice:
    try:
        return kind(str(value or ""))
    except ValueError:
        errors.add(name, "Choisissez dans la liste.")
        return kind("")
