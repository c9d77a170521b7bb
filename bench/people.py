"""A town of patients for measures: French names as often as they are met, birth dates and telephones, always the same."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate
from typing import Final, NamedTuple

GIVEN: Final = (
    "Marie", "Jean", "Pierre", "Michel", "André", "Philippe", "Nathalie", "Isabelle", "Alain", "Sylvie", "Patrick", "Catherine",
    "Nicolas", "Christophe", "Christian", "Monique", "Françoise", "Daniel", "Bernard", "Jacqueline", "Thomas", "Martine", "Éric",
    "Sophie", "Stéphane", "Sandrine", "Laurent", "Céline", "Julien", "Frédéric", "Kévin", "Anne", "Camille", "Léa", "Manon",
    "Lucas", "Chloé", "Hugo", "Emma", "Inès", "Jade", "Louis", "Gabriel", "Raphaël", "Arthur", "Jules", "Adam", "Louise", "Alice",
    "Ambre", "Rose", "Anna", "Mohamed", "Samir", "Fatima", "Karim", "Aïssatou", "Mamadou", "Nguyễn", "Linh", "Zoé", "Noé",
    "Mathéo", "Théo", "Léo", "Tom", "Yann", "Nolwenn", "Gwenaëlle", "Maëlle", "Ewen", "Jean-Pierre", "Marie-Claude",
    "Anne-Sophie", "Jean-Baptiste", "Marie-Thérèse", "Jean-Luc", "Odile", "Josette", "Josiane", "Ginette", "Yvette", "Raymond",
    "Marcel", "René", "Lucien", "Georges", "Henri", "Maurice", "Roger", "Gérard", "Guy", "Simone", "Denise", "Germaine",
    "Madeleine", "Suzanne", "Geneviève", "Brigitte", "Chantal", "Véronique", "Valérie", "Corinne", "Aurélie", "Émilie", "Élodie",
)  # fmt: skip
FAMILY: Final = (
    "Martin", "Bernard", "Thomas", "Petit", "Robert", "Richard", "Durand", "Dubois", "Moreau", "Laurent", "Simon", "Michel",
    "Lefebvre", "Leroy", "Roux", "David", "Bertrand", "Morel", "Fournier", "Girard", "Bonnet", "Dupont", "Lambert", "Fontaine",
    "Rousseau", "Vincent", "Müller", "Lefèvre", "Faure", "André", "Mercier", "Blanc", "Guérin", "Boyer", "Garnier", "Chevalier",
    "François", "Legrand", "Gauthier", "Garcia", "Perrin", "Robin", "Clément", "Morin", "Nicolas", "Henry", "Roussel", "Mathieu",
    "Gautier", "Masson", "Marchand", "Duval", "Denis", "Dumont", "Marie", "Lemaire", "Noël", "Meyer", "Dufour", "Meunier", "Brun",
    "Blanchard", "Giraud", "Joly", "Rivière", "Lucas", "Brunet", "Gaillard", "Barbier", "Arnaud", "Martinez", "Gérard", "Roche",
    "Renard", "Schmitt", "Roy", "Leroux", "Colin", "Vidal", "Caron", "Picard", "Roger", "Fabre", "Aubert", "Lemoine", "Renaud",
    "Dumas", "Lacroix", "Olivier", "Philippe", "Bourgeois", "Pierre", "Benoît", "Rey", "Leclerc", "Payet", "Rolland", "Leclercq",
    "Guillaume", "Lecomte", "López", "Jean", "Dupuy", "Guillot", "Hubert", "Berger", "Carpentier", "Sánchez", "Dupuis", "Moulin",
    "Louis", "Deschamps", "Huet", "Vasseur", "Perez", "Boucher", "Fleury", "Royer", "Klein", "Jacquet", "Adam", "Paris",
    "Poirier", "Marty", "Aubry", "Guyot", "Carré", "Charles", "Renault", "Charpentier", "Ménard", "Maillard", "Baron", "Bertin",
    "Bailly", "Hervé", "Schneider", "Fernandez", "Keller", "Traoré", "Diallo", "Nguyen", "Haddad", "Benali", "Kerbrat", "Prigent",
    "Morvan", "Castaing", "Le-Goff", "Le-Gall", "Da-Silva", "D’Artagnan", "De-La-Tour", "O’Brien",
)  # fmt: skip
STEMS: Final = (
    "Bar", "Ber", "Bou", "Cha", "Char", "Cour", "Dela", "Des", "Du", "Far", "For", "Gan", "Gar", "Gui", "Hau", "La", "Lan", "Le",
    "Mar", "Mon", "Mou", "Par", "Per", "Pom", "Ra", "Rou", "Sau", "Ta", "Tou", "Va",
)  # fmt: skip
MIDDLES: Final = (
    "bo", "cha", "de", "din", "fer", "ga", "lan", "li", "ma", "mé", "nar", "né", "pi", "ra", "ri", "so", "ta", "te", "ti", "ver",
    "vi", "za",
)  # fmt: skip
ENDINGS: Final = (
    "ard", "aud", "ault", "eau", "el", "er", "et", "eux", "ez", "ier", "in", "ot", "on", "oux", "oy", "y",
)  # fmt: skip


class Someone(NamedTuple):
    """A patient of the town."""

    given: str
    family: str
    born: date
    phone: str


def family_names() -> list[str]:
    """List common names first, then thousands of rare ones."""
    return [*FAMILY, *(stem + middle + end for stem in STEMS for middle in MIDDLES for end in ENDINGS)]


def town(count: int, seed: int = 4) -> Iterator[Someone]:
    """People, names by Zipf's law; one in eight has a double name, one in ten no telephone."""
    picks = random.Random(seed)
    names = family_names()
    weights = [list(accumulate(1 / (rank + 8) for rank in range(len(many)))) for many in (names, GIVEN)]
    for _ in range(count):
        (family,) = picks.choices(names, cum_weights=weights[0])
        (given,) = picks.choices(GIVEN, cum_weights=weights[1])
        if picks.random() < 0.125:
            family += "-" + picks.choices(names, cum_weights=weights[0])[0]
        born = date(1930, 1, 1) + timedelta(days=picks.randrange(96 * 365))
        start = picks.choice(("6", "6", "6", "7", "2", "1"))
        phone = "" if picks.random() < 0.1 else f"+33{start}{picks.randrange(10**8):08d}"
        yield Someone(given, family.replace("-", " ") if family.startswith(("Le-", "Da-", "De-")) else family, born, phone)
