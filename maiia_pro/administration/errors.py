"""What the administrators of a practice are told when something cannot be."""

from maiia_pro.kernel.errors import Conflict, NotAllowed
from maiia_pro.kernel.french import NBSP


class LastAdministrator(Conflict):
    """Nobody else could administer the practice any more."""

    code = "last-administrator"
    message = "Un cabinet garde toujours un administrateur actif. Nommez d’abord quelqu’un d’autre."


class CannotAdminister(Conflict):
    """An invitation is not accepted yet, or a role never sees to the practice."""

    code = "cannot-administer"
    message = "Seuls un praticien ou un secrétaire qui ont accepté l’invitation peuvent administrer le cabinet."


class PractitionersOnly(NotAllowed):
    """The accounts of secretaries and substitutes are practitioners' alone to make, change and end (terms of use, article 6)."""

    code = "practitioners-only"
    message = "Les comptes des secrétaires et des remplaçants relèvent des praticiens. Demandez-le à un praticien administrateur."


class StillBooked(Conflict):
    """Patients are to come yet."""

    code = "still-booked"

    def __init__(self, name: str, visits: int) -> None:
        whom = f"{name} a encore {visits}{NBSP}rendez-vous à venir."
        super().__init__(f"{whom} Déplacez-les ou annulez-les dans l’agenda, puis recommencez.")


class SiteInUse(Conflict):
    """Hours or visits to come hang on the place."""

    code = "site-in-use"
    message = "Ce lieu sert encore."


class LastSite(Conflict):
    """A practice receives somewhere."""

    code = "last-site"
    message = "C’est votre seul lieu. Ajoutez d’abord celui qui le remplace."
