"""Photos and logos of public pages: checked, made small, written anew without metadata, and shown as long as the page is."""

import hashlib
from dataclasses import replace
from enum import StrEnum
from io import BytesIO
from typing import Final
from uuid import UUID

from PIL import Image, ImageOps, UnidentifiedImageError
from sqlmodel import Session, col, select

from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Invalid, NotFound
from maiia_pro.practice.own_agenda import own_row
from maiia_pro.practice.profile_tables import ProfilePage, ProfilePicture
from maiia_pro.practice.profiles import Profile
from maiia_pro.practice.publishing import draft_of, keep_draft
from maiia_pro.practice.tables import Practitioner

LARGEST: Final = 5_000_000
MOST_PIXELS: Final = 40_000_000
SIDE: Final = 480
"""Of what is kept, in pixels: shown at 160 at most, on screens of three points a pixel."""
FORMATS: Final = ("JPEG", "PNG", "WEBP")
WRONG: Final = "Choisissez une photo JPEG, PNG ou WebP. Ce fichier n’en est pas une, ou il est abîmé."
TOO_MANY_PIXELS: Final = "Cette image est trop grande. Choisissez-en une de 40 millions de points au plus."
TOO_SMALL: Final = "Cette image est trop petite. Choisissez-en une d’au moins 120 points de côté."
SMALLEST: Final = 120
TOO_NARROW: Final = "Cette image est trop étroite. Choisissez-en une au plus vingt fois plus longue que large."
NARROWEST: Final = 20


class Picture(StrEnum):
    """Which picture of a page."""

    PHOTO = "photo"
    LOGO = "logo"


def tidied(content: bytes, kind: Picture) -> bytes:
    """Write a picture anew as WebP: upright, small, a photo cut square, without a word of its file's metadata; raises `Invalid`."""
    seen = read_image(content, SIDE, smallest=SMALLEST if kind is Picture.PHOTO else 1)
    made = ImageOps.fit(seen, (SIDE, SIDE)) if kind is Picture.PHOTO else ImageOps.contain(seen, (SIDE, SIDE))
    return written_anew(made, "WEBP", quality=82, method=4)


def read_image(content: bytes, side: int, *, smallest: int = 1) -> Image.Image:
    """Read a picture upright, its shorter side no more than four times `side`; raises `Invalid` for what is none, or out of measure."""
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as opened:
            width, height = opened.size
            if width * height > MOST_PIXELS:
                raise Invalid(TOO_MANY_PIXELS)
            if min(width, height) < smallest:
                raise Invalid(TOO_SMALL)
            if max(width, height) > NARROWEST * min(width, height):  # made small, nothing of it would be left
                raise Invalid(TOO_NARROW)
            opened.draft("RGB", (2 * side, 2 * side))  # a JPEG is read no larger than needed
            ImageOps.exif_transpose(opened, in_place=True)
            mode = "RGBA" if opened.has_transparency_data else "RGB"
            seen = opened if opened.mode == mode else opened.convert(mode)
            # by whole steps: resizing needs another copy of all its points, this does not
            return seen.reduce(step) if (step := min(seen.size) // (2 * side)) > 1 else seen.copy()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        raise Invalid(WRONG) from None


def written_anew(image: Image.Image, kind: str, **how: int) -> bytes:
    """Write the points of a picture into a file of their own, with nothing of the one they came in."""
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    written = BytesIO()
    bare.save(written, kind, **how)
    return written.getvalue()


def set_picture(actor: Actor, kind: Picture, content: bytes) -> str:
    """Put a picture into one's own draft; gives its name. Raises `Invalid` where it is none."""
    require(actor, Permission.PROFILE_OWN)
    if len(content) > LARGEST:
        raise Invalid("Cette image est trop lourde : 5 Mo au plus.")
    small = tidied(content, kind)
    with transaction() as session:
        practitioner = own_row(session, actor, lock=True)
        page = draft_of(session, practitioner)
        digest = hashlib.sha256(practitioner.id.bytes + small).hexdigest()[:40]
        if session.get(ProfilePicture, digest) is None:
            session.add(ProfilePicture(digest=digest, practitioner_id=practitioner.id, content=small))
            session.flush()
        _show(session, page, kind, digest)
        return digest


def remove_picture(actor: Actor, kind: Picture) -> None:
    """Take a picture out of one's own draft."""
    require(actor, Permission.PROFILE_OWN)
    with transaction() as session:
        _show(session, draft_of(session, own_row(session, actor, lock=True)), kind, "")


def _show(session: Session, page: ProfilePage, kind: Picture, digest: str) -> None:
    draft = Profile.load(page.draft)
    keep_draft(session, page, replace(draft, logo=digest) if kind is Picture.LOGO else replace(draft, photo=digest))


def picture(actor: Actor, digest: str) -> bytes:
    """Read a picture that a public page shows now, or one of one's own; raises `NotFound` for every other."""
    require(actor, Permission.DIRECTORY_SEARCH)
    if "\x00" in digest:  # which PostgreSQL reads in no text
        raise NotFound
    with reading() as session:
        row = session.exec(
            select(ProfilePicture, Practitioner, ProfilePage)
            .join(Practitioner, col(Practitioner.id) == ProfilePicture.practitioner_id)
            .join(ProfilePage, col(ProfilePage.practitioner_id) == ProfilePicture.practitioner_id)
            .where(ProfilePicture.digest == digest)
        ).first()
        if row is None:
            raise NotFound
        found, practitioner, page = row
        if not (practitioner.published and digest in Profile.load(page.shown).pictures) and not _is_own(actor, practitioner.account_id):
            raise NotFound
        return found.content


def _is_own(actor: Actor, account_id: UUID | None) -> bool:
    return actor.account_id is not None and actor.account_id == account_id
