"""The spellings of labels and section headings of liaison statements, in English, French and Spanish.

Written as :func:`folded` gives them: lower case, without accents and punctuation. A remark in parentheses
after a label ("(source)", "(if applicable)", "(s)") does not matter when it is looked up.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import TypeAlias

Spellings: TypeAlias = Mapping[str, tuple[str, ...]]

#: What stands between "for", "pour" or "para" and "to": the purposes of ITU's labels for addressees.
_FOR = (
    "for action", "for action and comment", "for action comment", "for comment", "for comments",
    "for information", "for info", "for response", "for reply", "for consideration", "for review",
)  # fmt: skip

#: Field -> its labels. Fields that no record has ("other") are known so that they end the one before them.
LABELS: Spellings = {
    "title": (
        "title", "subject", "ls title", "title of the ls", "document title", "title of document", "doc title",
        "liaison title", "liaison subject", "title of liaison", "title of liaison statement", "re",
        "regarding",
        "titre", "objet", "sujet", "titulo", "asunto",
    ),
    "date": (
        "date", "date sent", "date of issue", "issue date", "issued", "submission date", "submitted date",
        "date submitted", "submitted", "submitted on", "sent", "sent on", "date of document", "document date",
        "date of the document", "date of liaison", "liaison date", "document creation date", "creation date",
        "date of creation", "date assigned", "date of ls", "posted date", "date posted",
        "date of circulation", "circulation date", "posted",
        "date d envoi", "date du document", "fecha", "fecha de envio", "fecha del documento",
    ),
    "sender": (
        "from", "source", "sender", "originator", "originating group", "from group", "from groups",
        "source group", "sent by", "issued by", "document source", "source of document", "liaison from",
        "ls from",
        "originating body", "originating committee", "originated by", "liaison statement from", "from org",
        "from organization", "from organisation", "sending group", "sending organization",
        "originating organization", "source organization", "author group",
        "de", "origine", "expediteur", "emetteur", "provenance", "de la part de",
        "origen", "fuente", "remitente", "procedencia",
    ),
    "contacts": (
        "contact", "contacts", "contact person", "contact persons", "contact name", "contact details",
        "contact information", "primary contact", "name", "tel number", "tel", "telephone", "phone",
        "telephone number", "phone number", "tel no", "mobile", "fax", "facsimile", "e mail address",
        "email address", "e mail", "email", "mail", "from contact", "from contacts", "to contact",
        "to contacts",
        "response contact", "response contacts", "reponse contact", "technical contact", "technical contacts",
        "cc contacts",
        "cc contact", "action holder contacts", "action holder contact", "submitter", "poc", "liaison "
            "contact",
        "point of contact", "points of contact", "rapporteur", "editor", "liaison officer", "affiliation",
        "organization", "organisation", "company", "country", "communicated by", "liaison communicated by",
        "name organization entity", "secretary", "chair", "chairman", "network", "contacto", "personne "
            "a contacter",
        "telecopie", "correo electronico", "courriel", "telefono", "persona de contacto",
    ),
    "to": (
        "to", "sent to", "addressee", "addressees", "recipient", "recipients", "to group", "to groups",
        "addressed to", "send to", "liaison to", "ls to", "liaison statement to", "liaise to", "destination",
        "destination group", "destination groups", "destinations", "target group", "target groups",
        "receiving group", "receiving groups", "to organization", "to organisation", "to org", "directed to",
        *_FOR, *(f"{words} to" for words in _FOR), *(f"to {words}" for words in _FOR), "action to",
        "information to", "comment to", "comments to",
        "a", "destinataire", "destinataires", "pour action", "pour suite a donner", "pour suite a donner a",
        "pour action a", "pour commentaire", "pour commentaires", "pour commentaires a", "pour commentaire a",
        "pour observations", "pour observations a", "pour observation a", "pour information",
        "pour information a",
        "pour info", "para", "destinatario", "destinatarios", "para accion", "para accion a",
        "para adopcion de medidas", "para adoptar medidas", "para tomar medidas", "para comentario",
        "para comentarios", "para comentarios a", "para observaciones", "para observaciones a",
        "para informacion", "para informacion a", "a la atencion de", "a l attention de",
    ),
    "cc": (
        "cc", "c c", "copy", "copies", "copy to", "copies to", "copied to", "cc group", "cc groups", "cc to",
        "copied", "cc organization", "carbon copy", "copy for information", "copy for information to",
        "copie",
        "copie a", "copies a", "copia", "copia a", "con copia a", "en copie",
    ),
    "in_reply_to": (
        "your ref", "your reference", "votre reference", "su referencia",
        "response to", "in response to", "reply to", "in reply to", "answer to", "responds to", "replies to",
        "in response to ls", "reply to ls", "response to ls", "referenced liaison", "related liaison",
        "response to liaison", "in answer to", "reply to liaison statement", "incoming ls", "original ls",
        "response to reference", "response to ref", "reference liaison", "liaison reference", "refers to",
        "referenced ls", "reference ls", "en reponse a", "reponse a", "en respuesta a", "respuesta a",
        "liaisons referred by this one", "liaison referred by this one",
    ),
    "release": ("release", "releases", "version release", "target release"),
    "work_item": (
        "work item", "work items", "work item code", "work items codes", "wi", "study item", "study items",
        "wi code", "work item name", "related work item", "related work items", "project", "project number",
        "projects", "projet", "proyecto", "sujet d etude", "tema de estudio",
    ),
    "question": ("question", "questions", "cuestion", "cuestiones", "q"),
    "attachment": (
        "attachment", "attachments", "attached", "attached documents", "attached document", "enclosure",
        "enclosures", "encl", "enclosed", "annexed documents", "list of attachments", "piece jointe",
        "pieces jointes", "annexe jointe", "adjunto", "adjuntos", "documentos adjuntos", "documentos anexos",
    ),
    "number": (
        "document number", "document no", "doc number", "doc no", "doc", "document", "tdoc", "tdoc number",
        "ls number", "ls no", "our ref", "our reference", "reference number", "document reference", "doc id",
        "document id", "number", "ref", "reference", "ls reference", "ls ref", "ls id", "liaison number",
        "liaison id", "liaison no", "official document number", "contribution number", "n number",
        "input number",
        "numero", "numero de document", "reference du document", "numero de documento", "referencia",
        "document numero", "notre reference", "nuestra referencia", "other identifiers",
        "url of the ietf web page",
    ),
    "received_number": ("received as",),
    "purpose": (
        "action required", "action needed",
        "purpose", "for", "document for", "expected action", "action id", "requested action", "action "
            "requested",
        "action code", "purpose of liaison", "purpose of document", "purpose of ls", "liaison purpose",
        "type of liaison", "nature", "mesure attendue", "suite a donner", "accion esperada", "finalidad",
        "but",
        "proposito", "objectif",
    ),
    "status": ("status", "document status", "statut", "estado"),
    "deadline": (
        "deadline", "deadline for response", "reply by", "response by", "response requested by", "due date",
        "action due date", "due", "response deadline", "deadline for reply", "reply deadline", "respond by",
        "please reply by", "please respond by", "deadline for comments", "comments due", "deadline for "
            "answer",
        "requested response date", "response due", "response due date", "due date for comments", "reply due",
        "response date", "requested by", "response required by", "reply requested by", "due by",
        "comments by",
        "date limite", "delai", "echeance", "date limite de reponse", "delai de reponse", "plazo",
        "fecha limite",
        "plazo de respuesta", "fecha limite de respuesta", "fecha tope",
    ),
    "approval": (
        "approval", "approved by", "approved", "approved at", "approval status", "agreed by", "agreed at",
        "approbation", "approuve par", "aprobacion", "aprobado por",
    ),
    "meeting": (
        "meeting", "meeting name", "meeting number", "meeting name number", "meeting name and number",
        "meeting date", "meeting dates", "meeting venue", "place", "venue", "location", "place date", "lieu",
        "place and date", "venue and date", "meeting location", "date of meeting", "dates of meeting",
        "reunion",
        "lieu et date", "lugar", "lugar y fecha",
    ),
    "reply_address": (
        "send any reply ls to", "send any reply to", "send reply to", "send any response to",
        "send replies to",
    ),
    "abstract": (
        "abstract", "summary", "resume", "resumen", "executive summary", "purpose and summary",
    ),
    "body": (
        "body", "text", "liaison text", "body text", "text of the liaison", "contenu", "texto", "cuerpo",
    ),
    "other": (
        "keywords", "key words", "mots cles", "palabras clave", "state", "etat", "study period", "original",
        "distribution", "medium", "no of pages", "number of pages", "pages", "secretariat", "convenor",
        "convenorship", "committee url", "email of convenor", "email of secretary", "email of committee "
            "manager",
        "document type", "doc type", "type of document", "type", "type de document", "tipo de documento",
        "classification", "confidentiality", "security classification", "agenda item", "agenda number",
        "backward pointer", "replaces", "supersedes", "language", "liaisons referring to this",
        "liaisons referring to this one", "liaison referring to this one", "liaison referring to this",
        "notes",
        "note", "copyright", "history", "revision", "periode d etudes", "periodo de estudios", "received",
        "recu", "recibido", "original language", "project editor", "serial number", "committee", "venue url",
        "document location", "intellectual property", "stage", "study group", "working party", "work stream",
        "reply address", "action taken", "category", "ballot",
    ),
}  # fmt: skip

#: Regular expressions of headings; a number before and a colon after a heading do not matter.
SECTIONS: Spellings = {
    "description": (
        r"(?:overall|general)\s+descriptions?",
        r"descriptions?|overview|conclusions?",
        r"(?:introduction|background|context|discussion|details?)(?:\s+(?:and|of|on|to|for)\s[^\t.;:]{1,60})?",
        r"(?:description|descripci[oó]n)\s+g[eé]n[eé]rale?|contexte|antecedentes|introducci[oó]n",
    ),
    "actions": (
        r"actions?(?:\s+(?:required|requested|items?|demand[eé]es?))?(?:\s+(?:of|from|by|to)\s[^\t.;:]{0,60})?",
        r"(?:requested|required|proposed|expected)\s+actions?(?:\s+(?:of|from|by|to)\s[^\t.;:]{0,60})?",
        r"(?:mesures?|acciones?|suites?)\s+(?:demand[eé]es?|requises?|solicitadas?|requeridas?|[aà]\s+donner)",
        r"acci[oó]n(?:es)?|mesures?|(?:our\s+|the\s+)?requests?|requests?\s+(?:for|to|of)\s[^\t.;:]{1,60}",
    ),
    "meetings": (
        r"dates?(?:\(s\))?\s+(?:of|for)\s+(?:the\s+)?(?:next|future|upcoming)\b[^\t.;:]{0,80}\bmeetings?\b[^\t.;:]{0,60}",
        r"(?:(?:our|the)\s+)?(?:next|future|upcoming|forthcoming|planned|scheduled)\b[^\t.;:]{0,60}"
        r"\b(?:meetings?|plenar(?:y|ies))\b[^\t.;:]{0,60}",
        r"[^\t.;:]{0,40}\bmeetings?\s+(?:calendar|schedule)",
        r"meetings(?:\s+(?:of|in|for)\s[^\t.;:]{1,60})?|meeting\s+(?:dates|plan)",
        r"(?:meeting\s+(?:schedule|calendar)|calendar\s+of\s+meetings"
        r"|schedule\s+of\s+(?:next|future)\s+meetings)[^\t.;:]{0,60}",
        r"(?:dates?\s+des\s+)?prochaines?\s+r[eé]unions?[^\t.;:]{0,80}",
        r"(?:fechas?\s+de\s+(?:las?\s+)?)?pr[oó]ximas?\s+reuni(?:[oó]n|ones)[^\t.;:]{0,80}",
    ),
    "annex": (r"(?:annexe?|appendix|anexo|ap[eé]ndice)\b[^\t.;:]{0,80}",),
}

#: How a person calls the fields without which there is no liaison statement.
ESSENTIAL = {"title": "title", "sender": "sender", "to": "addressee", "date": "date"}


def folded(spelling: str) -> str:
    """The form in which spellings of a label are equal: "
    ""E-mail" -> "e mail", "Pièces jointes" -> "pieces jointes"."""
    plain = unicodedata.normalize("NFKD", spelling.replace("&", " and ")).lower()
    return " ".join(re.findall(r"[^\W_]+", "".join(c for c in plain if not unicodedata.combining(c))))


#: Label as folded -> its field.
FIELD_OF = {folded(spelling): field for field, spellings in LABELS.items() for spelling in spellings}


_PURPOSE = (
    r"(?:actions?|comments?|information|info|consideration|response|reply|review|decision|attention|noting)"
)
_FOR_PURPOSE = rf"(?:for (?:your )?{_PURPOSE}(?:(?: and| or) (?:for )?{_PURPOSE})?)"
_WHO = r"(?:groups?|bod(?:y|ies)|committees?|organi[sz]ations?|part(?:y|ies)|entit(?:y|ies)|sdos?|wgs?|forum)"
_ANSWER = r"(?:respon(?:se|d)|reply|repl(?:y|ies)|answer|comments?|feedback|input|action)"
_LETTER = r"(?:ls|liaison statement|liaison|statement|document|message|letter)"
_EVENT = (
    rf"(?:approval|agreement|issue|sending|creation|submission|transmission|circulation|publication|dispatch"
    rf"|{_LETTER})"
)
_Grammar: TypeAlias = tuple[tuple[str, re.Pattern[str]], ...]


def _grammar(*rules: tuple[str, str]) -> _Grammar:
    return tuple((field, re.compile(pattern)) for field, pattern in rules)


#: Labels that no list holds, by what they are made of, as folded; the first that fits.
_CLOSED = _grammar(
    ("deadline", rf"(?:{_ANSWER} )?(?:dead ?line|due)(?: date)?(?: for (?:{_ANSWER}|an? {_ANSWER}))?"),
    (
        "deadline",
        rf"(?:date )?{_ANSWER} (?:is )?(?:requested|expected|needed|required|awaited|wanted|desired|sought)"
        r"(?: by| before| until| no later than)+",
    ),
    (
        "deadline",
        rf"(?:expected|requested|desired|required|needed|proposed|suggested) (?:{_ANSWER} )?(?:date|by)",
    ),
    ("deadline", rf"(?:please )?{_ANSWER} (?:by|before|until)(?: date)?"),
    (
        "date",
        rf"(?:{_EVENT} )?date|(?!expected|required|requested|desired|needed)\w+ed date"
        rf"|dates? (?:of|when) (?:the |this )?{_EVENT}(?: {_EVENT})?",
    ),
    ("date", r"(?:date )?(?:sent|issued|approved|dated|submitted|posted|released|transmitted|agreed) on"),
    (
        "cc",
        rf"(?:copied|copy|copies|cc|carbon copy|in copy|also sent)(?: also)?(?: sent)?(?: to)?(?: {_WHO})?"
        rf"(?: (?:to )?{_FOR_PURPOSE}(?: to)?)?",
    ),
    (
        "to",
        rf"(?:addressed|sent|directed|submitted|distributed|liaised|addressees?|recipients?|receivers?|destinations?"
        rf"|to|{_LETTER} to|communicated|transmitted|forwarded|target|receiving)(?: to)?(?: the)?(?: {_WHO})?"
        rf"(?: {_FOR_PURPOSE}(?: to)?)?",
    ),
    ("to", rf"{_FOR_PURPOSE}(?: (?:to|by|of))?(?: {_WHO})?"),
    (
        "sender",
        rf"(?:sending|originating|issuing|submitting|source|from|liaising|originator|origin)(?: {_WHO})?",
    ),
    (
        "sender",
        rf"(?:sent|issued|submitted|originated) by|(?:source|originator|author) of(?: the)? {_LETTER}"
        rf"|{_LETTER} from",
    ),
    ("in_reply_to", rf"(?:in )?(?:{_ANSWER}|reference|responding|replying) to(?: {_LETTER})?"),
    (
        "in_reply_to",
        rf"(?:related|previous|earlier|original|referenced?|incoming) {_LETTER}s?(?: number| ref\w*)?",
    ),
    ("title", rf"{_LETTER} (?:title|subject)|(?:title|subject|topic) of(?: the)? {_LETTER}"),
)
#: Those that a sentence could also hold: only before a colon.
_BEFORE_COLON = _grammar(
    ("deadline", rf"{_ANSWER} (?:requested|expected|needed|required|awaited|wanted|desired|sought)"),
    ("in_reply_to", r"(?:your|their) (?:ref\w*|number|no|document|letter)(?: \w+)?"),
    ("received_number", r"receiv\w+ (?:ref\w*|number|no)(?: \w+)?"),
    ("title", r"(?:\w+ ){0,2}(?:title|subject|topic)"),
    ("approval", r"(?:approv\w+|agreed|endorsed|authori[sz]ed|cleared|adopted)(?: (?:by|at|in|on|level"
                 r"|process|body|group|meeting))*"),
    ("attachment", r"(?:\w+ ){0,2}(?:attach\w*|enclos\w*|annexes|appended)(?: (?:documents?|files?|list"
                   r"|material\w*|are|is))*"),
    ("purpose", r"purpose of \w+|(?:type|kind|nature) of (?:action|liaison|request)|(?:requested"
                r"|required|expected) (?:action|response)|action type"),
    ("contacts", r"(?:\w+ ){0,3}(?:contacts?|e ?mails?|tel|telephone|phone|fax|rapporteurs?|editors?"
                 r"|chairs?|convenors?)(?: \w+){0,2}"),
    ("work_item", r"(?:\w+ ){0,3}(?:work|study) (?:items?|programme|program)(?: \w+){0,2}"),
    ("number", r"our (?:document|file|letter)"),
    ("number", r"(?:\w+ ){0,2}(?:number|no|nr|reference|ref|identifier|id)"),
    ("meeting", r"(?:\w+ ){0,2}(?:meeting|venue|place|location)(?: \w+){0,2}"),
    ("body", rf"(?:{_LETTER} )?(?:content|contents|text|body|message)(?: of(?: the)? {_LETTER})?"),
    ("abstract", r"(?:\w+ )?(?:abstract|summary|synopsis)"),
    ("status", r"(?:\w+ ){0,2}status"),
    ("other", r"(?:\w+ ){1,3}dates?"),
    ("other", r"(?:\w+ ){0,2}(?:keywords?|language|version|revision|pages|distribution|confidentiality"
              r"|classification|type|category)"),
)  # fmt: skip
_LONGEST_LABEL = 7


def field_by_grammar(spelling: str, *, colon: bool) -> str | None:
    """The field of a folded label that no list holds: "addressed to for action" -> "to"."""
    if not spelling or len(spelling.split()) > _LONGEST_LABEL:
        return None
    rules = (*_CLOSED, *_BEFORE_COLON) if colon else _CLOSED
    return next((field for field, pattern in rules if pattern.fullmatch(spelling)), None)


def wording(field: str) -> str:
    """The best known labels of a field as shown to a person: ``"To", "Sent to"``."""
    return ", ".join(f'"{s.capitalize()}"' for s in LABELS[field][:4])
