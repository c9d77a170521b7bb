"""Legal notice, personal data, cookies, terms, accessibility: our own words, with the operator's name and addresses from the settings."""

import reflex as rx

from components.account.viewer import viewer
from components.layout.public import public_page
from components.legal.audit import AUDITED, GAPS, SAMPLE
from components.legal.cookies import cookies_table
from components.ui.buttons import link
from components.ui.kinds import Child
from components.ui.surfaces import facts
from maiia_pro.kernel.errors import Invalid
from maiia_pro.kernel.french import phone, read_phone
from maiia_pro.settings import get_settings


def _section(title: str, *paragraphs: Child | list[Child]) -> rx.Component:
    """Draw a titled part; a list becomes a bulleted list."""
    body = [rx.el.ul(*[rx.el.li(item) for item in part]) if isinstance(part, list) else _paragraph(part) for part in paragraphs]
    return rx.fragment(rx.el.h2(title), *body)


def _paragraph(content: Child) -> rx.Component:
    return rx.el.p(content) if isinstance(content, str) else rx.el.div(content)


def _mail() -> rx.Component:
    address = get_settings().support_email
    return rx.el.a(address, href=f"mailto:{address}")


def _phone() -> rx.Component:
    written = get_settings().support_phone
    try:
        number = read_phone(written)
    except Invalid:
        return rx.el.span(written)
    return rx.el.a(phone(number), href=f"tel:{number}")


def _page(title: str, href: str, *sections: Child) -> rx.Component:
    return public_page(title, rx.el.div(*sections, class_name="prose"), viewer=viewer(), active=href, narrow=True)


def legal_notice_page() -> rx.Component:
    """Say who publishes and hosts the service, as the law of 21 June 2004 wants (art. 6, III), and how to reach them."""
    settings = get_settings()
    return _page(
        "Mentions légales",
        "/mentions-legales",
        _section(
            "Éditeur du service",
            facts(
                ("Exploitant", settings.operator_name),
                ("Adresse", settings.operator_address),
                ("Courriel", _mail()),
                ("Téléphone", _phone()),
                ("Publication", f"Sous la responsabilité du représentant légal de {settings.operator_name}"),
            ),
        ),
        _section(
            "Hébergement",
            facts(("Hébergeur", settings.host_name)),
            "Les données de santé sont conservées chez un hébergeur certifié pour cela "
            "(article L.\u00a01111-8 du code de la santé publique).",
        ),
        _section(
            "Contenus",
            "Les textes, les dessins et le logiciel appartiennent à l’exploitant ou à ceux qui les lui ont confiés. Les informations "
            "d’un professionnel (nom, spécialité, adresse, motifs, horaires) sont fournies par lui et restent les siennes.",
            "Une information vous semble fausse ou contraire à la loi ? Écrivez-nous : nous répondons et, s’il le faut, nous la retirons.",
        ),
        rx.el.div(
            _section(
                "Failles de sécurité",
                "Vous avez trouvé une faille\u00a0? Écrivez-nous avant d’en parler ailleurs\u00a0: nous vous répondons sous trois jours "
                "ouvrés, et nous vous disons quand elle est corrigée.",
                rx.el.p("Écrivez à ", _mail(), "\u00a0: l’adresse touchée, ce que vous avez fait, ce que vous avez vu."),
                "Arrêtez-vous à la preuve. Ne lisez, ne copiez et ne changez les données de personne, n’essayez ni de saturer le "
                "service ni de tromper ses utilisateurs, et n’utilisez pas d’outil automatique sans notre accord écrit. Qui respecte "
                "cela n’a rien à craindre de nous.",
            ),
            id="failles",
        ),
        _section(
            "Urgences",
            "Ce service ne remplace pas les secours. En cas d’urgence, appelez le 15\u00a0ou le\u00a0112.",
        ),
    )


def personal_data_page() -> rx.Component:
    """Say what is kept of people, why, how long, who sees it, and what they can ask (GDPR art. 13)."""
    name = get_settings().operator_name
    return _page(
        "Données personnelles et cookies",
        "/donnees-personnelles",
        _section(
            "Qui est responsable",
            f"{name} est responsable des comptes, des connexions et du fonctionnement du service. Chaque cabinet est responsable du "
            f"dossier de ses patients et de son agenda ; {name} les conserve pour lui et selon ses instructions.",
        ),
        _section(
            "Ce que nous conservons, et pourquoi",
            [
                (
                    "Votre compte : nom, prénom, date de naissance, adresse e-mail ou téléphone. Pour vous reconnaître et "
                    "vous confirmer vos rendez-vous (exécution du contrat)."
                ),
                (
                    "Professionnels et secrétariats\u00a0: profession, numéro RPPS ou ADELI, téléphone, et ce qui a changé, quand et "
                    "par qui. Pour tenir les comptes à jour (exécution du contrat)."
                ),
                (
                    "Pièces justificatives d’un professionnel, s’il en montre\u00a0: chiffrées, effacées dès que sa demande a sa réponse. "
                    "Pour écarter les imposteurs (intérêt légitime)."
                ),
                "Vos rendez-vous : professionnel, motif, date, annulation. Pour tenir l’agenda du cabinet (exécution du contrat).",
                "Un journal des accès : qui a fait quoi et quand, sans contenu médical. Pour la sécurité (obligation légale).",
                "Votre mot de passe n’est jamais conservé, seulement une empreinte qui permet de le vérifier.",
            ],
        ),
        _section(
            "Combien de temps",
            "Le compte, tant que vous l’utilisez ; vos rendez-vous, tant que le cabinet tient votre dossier, dans la limite de vingt ans "
            "après la dernière visite ; le journal des accès, six ans.",
        ),
        _section(
            "Qui les voit",
            "Vous, le cabinet où vous prenez rendez-vous, et lui seul. Rien n’est vendu, ni transmis à des fins de publicité, ni envoyé "
            "hors de l’Union européenne.",
        ),
        _section(
            "Vos droits",
            rx.el.p(
                "Vous pouvez demander à voir vos données, les corriger, les effacer, les emporter, "
                "ou vous opposer à leur usage : écrivez à ",
                _mail(),
                ".",
            ),
            "Nous répondons dans le mois. Si la réponse ne vous convient pas, vous pouvez saisir la CNIL (www.cnil.fr).",
        ),
        _section(
            "Cookies",
            "Le service n’a ni mesure d’audience ni publicité, et aucune page n’appelle un autre site. Ce qui suit est nécessaire à son "
            "fonctionnement et ne demande donc pas votre accord.",
            cookies_table(),
        ),
    )


def terms_page() -> rx.Component:
    """Say what the service does and does not do, for patients and professionals."""
    name = get_settings().operator_name
    return _page(
        "Conditions d’utilisation",
        "/conditions",
        _section(
            "Le service",
            f"{name} fournit aux professionnels de santé un agenda, et aux patients le moyen de prendre rendez-vous en ligne avec ceux "
            "qui l’ont choisi. La recherche est libre ; réserver demande un compte de patient, gratuit.",
        ),
        _section(
            "Votre compte",
            "Donnez des informations exactes, gardez votre mot de passe pour vous, et prévenez-nous si quelqu’un d’autre s’en sert. Vous "
            "pouvez fermer toutes vos sessions depuis le menu de votre compte.",
        ),
        _section(
            "Vos rendez-vous",
            [
                "Les créneaux et les motifs sont fixés par le professionnel, qui en est seul responsable.",
                "Un rendez-vous confirmé engage : si vous ne pouvez pas venir, annulez-le ou déplacez-le le plus tôt possible.",
                (
                    f"Le professionnel peut avoir du retard, ou devoir annuler ou modifier un rendez-vous. {name} transmet l’information, "
                    "mais n’est pas responsable de ces retards, annulations et modifications."
                ),
                "L’identité du patient et ses droits sont vérifiés par le professionnel pendant la consultation.",
            ],
        ),
        _section(
            "Professionnels",
            "L’offre Initial comprend l’agenda sans la réservation en ligne : la page publique du professionnel ne montre alors aucun "
            "créneau. L’offre Premium ouvre la réservation aux patients et aux applications autorisées.",
        ),
        _section(
            "Disponibilité",
            rx.el.p(
                "Le service est prévu pour fonctionner jour et nuit, hors maintenance annoncée. Son état se lit sur la page ",
                link("État du service", "/etat"),
                ".",
            ),
        ),
        _section(
            "Nous joindre",
            rx.el.p("Une question, une réclamation : écrivez à ", _mail(), "."),
            "Le droit français s’applique.",
        ),
    )


def accessibility_page() -> rx.Component:
    """Say how far the service is accessible, what is not, and whom to write to (law of 11 February 2005, article 47)."""
    name = get_settings().operator_name
    return _page(
        "Accessibilité",
        "/accessibilite",
        f"{name} s’engage à rendre ce service accessible à tous (article 47 de la loi n°\u00a02005-102 du 11 février 2005). Cette "
        "déclaration concerne les pages publiques, le compte des patients et le logiciel du cabinet.",
        _section(
            "État de conformité",
            f"Ce service est {AUDITED.level} avec le référentiel général d’amélioration de l’accessibilité (RGAA), version 4.1.2.",
        ),
        _section(
            "Résultats",
            f"Au {AUDITED.day}, {AUDITED.holding} des {AUDITED.applicable} critères applicables sont respectés, soit "
            f"{AUDITED.rate}\u00a0%. Nous avons fait ces vérifications nous-mêmes, dans Chromium et Firefox\u00a0; un critère qui reste à "
            "vérifier compte comme non respecté.",
        ),
        _section("Ce qui n’est pas encore accessible, ou reste à vérifier", [f"{told} (critère\u00a0{number})." for number, told in GAPS]),
        _section(
            "Pages vérifiées",
            SAMPLE,
            "Technologies\u00a0: HTML, CSS, JavaScript, WAI-ARIA. Outils\u00a0: axe-core, l’arbre d’accessibilité des "
            "navigateurs, le clavier.",
        ),
        _section(
            "Nous écrire",
            "Quelque chose vous bloque\u00a0? Écrivez-nous, nous vous aiderons ou vous répondrons autrement\u00a0:",
            _mail(),
            _phone(),
        ),
        _section(
            "Voies de recours",
            "Si notre réponse ne vous convient pas, vous pouvez écrire au Défenseur des droits (www.defenseurdesdroits.fr), ou par "
            "courrier gratuit, sans timbre\u00a0: Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX\u00a007.",
        ),
    )
