"""A sheet -> a liaison statement with evidence of its fields: what all layouts have in common.

References carry their own place, so the evidence of a field of references holds its label and all of its
words: what a person checks is the field as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from sdograph import identifiers as ids
from sdograph.errors import IncompleteDocument, LimitExceeded
from sdograph.model import Contact, Evidence, LiaisonStatement, Purpose, Reference, RequestedAction
from sdograph.sources.liaison.actions import (
    BY_LABEL,
    FoundAction,
    requested_actions,
    requests,
    stated_deadline,
)
from sdograph.sources.liaison.days import AMBIGUOUS, FOR_REVIEW, date_of, deadline_of
from sdograph.sources.liaison.evidence import beside, of_days, of_fields, of_numbers, whole
from sdograph.sources.liaison.labels import ESSENTIAL, wording
from sdograph.sources.liaison.layout import Layout
from sdograph.sources.liaison.meetings import announced_meetings
from sdograph.sources.liaison.mentions import around, mentions
from sdograph.sources.liaison.numbers import numbers_in, own_and_received, replies
from sdograph.sources.liaison.opening import add_route, add_title_above
from sdograph.sources.liaison.parties import named_parties, parties
from sdograph.sources.liaison.purposes import purpose_of, purpose_of_label, purposes_by_party, ticked
from sdograph.sources.liaison.sheet import Line, Sheet
from sdograph.sources.liaison.wording import add_addressees, add_answered

COPIES = "copies are for information"
#: More addressees or actions than this no statement has.
MAX_ENTRIES = 200


_BULLET = re.compile(r"^\s*(?:[-\u2013\u2022\u00b7*\u25aa]|\d{1,2}[.)])\s+")


def interpret(
    sheet: Sheet, layout: Layout, *, contacts: bool, attached: tuple[str, ...] = ()
) -> LiaisonStatement:
    """The record of a sheet in a layout; ``attached`` are the files that came with it.

    Raises IncompleteDocument when what the layout needs is missing, LimitExceeded when there is too much.
    """
    layout.complete(sheet)
    add_route(sheet)
    if add_title_above(sheet):
        add_addressees(sheet, sheet.values("title"))
    add_answered(sheet)
    of_3gpp = layout.body == "3GPP"
    date = date_of(sheet)
    # In 3GPP's own forms the linker knows as much from the other names.
    context = None if of_3gpp else layout.body
    sender = tuple(reference for reference, _ in parties(sheet, "sender", context))
    addressees = list(parties(sheet, "to", context))
    copied = list(parties(sheet, "cc", context))
    title = " ".join(line.words for line in sheet.values("title"))
    have = {"title": title, "sender": sender, "to": addressees, "date": date}
    missing = [name for name in ESSENTIAL if name in layout.needs and not have[name]]
    if missing:
        raise _incomplete(sheet, missing)
    _check_count(sheet, "addressees", len(addressees) + len(copied))

    text = [*sheet.values("title"), *sheet.body()]
    to = tuple(reference for reference, _ in addressees)
    number, received = own_and_received(sheet, sender, of_3gpp=of_3gpp)
    work_items = tuple(_work_items(sheet))
    deadline = deadline_of(sheet)
    # One more than there may be, so that a flood ends here.
    found_actions = _actions(sheet, addressees, deadline.day if deadline else None)
    actions = list(islice(found_actions, MAX_ENTRIES + 1))
    _check_count(sheet, "requested actions", len(actions))
    meetings = list(announced_meetings(sheet.sections.get("meetings", [])))
    named = list(mentions(text, sender=sender[0].text, known=[item.text for item in work_items]))
    releases = list(_releases(sheet, text, of_3gpp=of_3gpp))
    purposes = list(_purposes(sheet, addressees, copied))
    return LiaisonStatement(
        layout=layout.name,
        title=title,
        date=date.day if date else None,
        sender=sender,
        to=to,
        cc=tuple(reference for reference, _ in copied),
        number=number.value if number else None,
        received_numbers=tuple(n.value for n in received),
        purposes=tuple((reference.text, purpose) for reference, purpose, _ in purposes),
        in_reply_to=tuple(replies(sheet, sender)),
        releases=tuple(reference for reference, _ in releases),
        work_items=work_items,
        mentions=tuple(mention.reference for mention in named),
        actions=tuple(found.action for found in actions),
        attachments=tuple(_attachments(sheet, attached)),
        meetings=tuple(found.meeting for found in meetings),
        approval=_approval(sheet),
        contacts=tuple(_contacts(sheet)) if contacts else (),
        evidence=(
            *of_fields(sheet, "title"),
            *of_days(date=date, deadline=deadline),
            *of_numbers(number, received),
            *of_fields(
                sheet, "sender", "to", "cc", "in_reply_to", "question", "work_item", "attachment", "approval"
            ),
            *(evidence for _, evidence in releases),
            *(evidence for _, _, evidence in purposes),
            *(
                Evidence(
                    field="mention",
                    text=m.words,
                    locator=m.reference.locator,
                    confidence=m.confidence,
                    rule=m.rule,
                )
                for m in named
            ),
            *(
                Evidence(
                    field="action",
                    text=f.words,
                    locator=f.action.locator,
                    confidence=f.confidence,
                    rule=f.rule,
                )
                for f in actions
            ),
            *(
                Evidence(
                    field="meeting",
                    text=f.words,
                    locator=f.meeting.locator,
                    confidence=FOR_REVIEW if f.ambiguous else 1.0,
                    rule=AMBIGUOUS if f.ambiguous else "stated",
                )
                for f in meetings
            ),
        ),
    )


def _check_count(sheet: Sheet, what: str, number: int) -> None:
    if number > MAX_ENTRIES:
        raise LimitExceeded(
            f"the number of {what} is over the limit of {MAX_ENTRIES}",
            where=sheet.name,
            hint="save the statement alone, without what is attached to it",
        )


def _incomplete(sheet: Sheet, missing: list[str]) -> IncompleteDocument:
    names = [ESSENTIAL[name] for name in missing]
    looked_for = "; ".join(f"for the {ESSENTIAL[name]}: {wording(name)}" for name in missing)
    unreadable = [line.words for line in sheet.values("date")] if "date" in missing else []
    said = f': "{unreadable[0]}" is no day, month and year' if unreadable else ""
    return IncompleteDocument(
        f"this liaison statement has no {' and no '.join(names)}{said}",
        where=sheet.name,
        hint=f"add it to the document under one of the labels that are looked for, {looked_for}",
    )


# --- fields


def _approval(sheet: Sheet) -> str | None:
    words = " ".join(line.words for line in sheet.values("approval"))
    return words or None


def _actions(
    sheet: Sheet, addressees: list[tuple[Reference, Purpose | None]], deadline: str | None
) -> Iterator[FoundAction]:
    """What is asked: in the section for it, else in sentences of the text, else by a label and a deadline."""
    to = tuple(reference for reference, _ in addressees)
    asked = tuple(reference for reference, purpose in addressees if purpose in ("action", "response")) or to
    found = False
    for one in requested_actions(sheet.sections.get("actions", []), to, deadline):
        found = True
        yield one
    if found:
        return
    lines = [*sheet.sections.get("description", []), *sheet.sections.get("actions", [])]
    for one in requests(lines, asked, deadline):
        found = True
        yield one
    for labelled in () if found or deadline is None else sheet.fields.get("to", ()):
        if purpose_of_label(labelled) == "action" and (names := [x for x in labelled.lines if x.words]):
            words = "; ".join(line.words for line in names)
            text = f"{labelled.label}: {words}"
            places = {line.locator for line in names}
            action = RequestedAction(
                addressees=tuple(replace(r, field="action") for r in asked if r.locator in places),
                text=text,
                locator=names[0].locator,
                deadline=deadline,
            )
            yield FoundAction(action, text, BY_LABEL)
            found = True
    for field in () if found or deadline is None else ("purpose", "status"):
        for line in sheet.values(field):
            if stated_deadline(line.text) and purpose_of(line.words) not in (None, "information"):
                text = beside(sheet.label(field), line.words)
                action = RequestedAction(
                    addressees=tuple(replace(r, field="action") for r in asked),
                    text=text,
                    locator=line.locator,
                    deadline=deadline,
                )
                yield FoundAction(action, text, BY_LABEL)
                return


def _work_items(sheet: Sheet) -> Iterator[Reference]:
    seen: set[str] = set()
    for line in sheet.values("work_item"):
        # A slash parts codes, except within ETSI's own (DTS/SAI-0014).
        for part in re.split(r"[,;\t]|\sand\s|(?<![DR][TEGS][A-Z])\s*/\s*", line.text):
            found = re.fullmatch(r"(\S+)\s*(?:\((.+)\)|[:–-]\s(.+))", part.strip())
            code = found[1] if found else " ".join(part.split())
            if code and code not in seen:
                seen.add(code)
                yield Reference(
                    text=code,
                    field="work_item",
                    kind="item",
                    locator=line.locator,
                    title=(found[2] or found[3]) if found else None,
                )


def _releases(sheet: Sheet, text: list[Line], *, of_3gpp: bool) -> Iterator[tuple[Reference, Evidence]]:
    """The releases of the head, else those that the text names."""
    seen: set[str] = set()
    stated = sheet.values("release")
    for line in stated or text:
        names = ids.release_names(line.text)
        if stated and not names:
            bare = re.fullmatch(r"\d{1,2}", line.words)
            names = [f"Rel-{bare[0]}" if bare else line.words]
        for name in names:
            is_of_3gpp = of_3gpp or "3GPP" in line.text or f"{name}" in line.text
            # Other bodies have releases as well; only 3GPP writes them "Rel-18".
            if name in seen or not (stated or is_of_3gpp):
                continue
            seen.add(name)
            reference = Reference(
                text=name,
                field="release",
                kind="release",
                locator=line.locator,
                context="3GPP" if "3GPP" in line.text else None,
            )
            if stated:
                words, confidence, rule = whole(sheet, "release"), 1.0, sheet.rule("release")
            else:
                found = re.search(rf"rel\w*\W{{0,3}}{name[4:]}\b", line.text, re.IGNORECASE)
                start, stop = found.span() if found else (0, 0)
                words, confidence, rule = around(line.text, start, stop), 0.9, "named in the text"
            yield (
                reference,
                Evidence(field="release", text=words, locator=line.locator, confidence=confidence, rule=rule),
            )


def _attachments(sheet: Sheet, attached: tuple[str, ...]) -> Iterator[str]:
    """What the statement names, then files that came with it and are not named."""
    seen: set[str] = set()
    for line in sheet.values("attachment"):
        parts = re.split(r"[;\t]", line.text)
        by_comma = [part for whole in parts for part in whole.split(",")]
        # A comma parts documents that each have a number or a file name; within a title it parts nothing.
        if all(
            not part.strip() or numbers_in(part) or re.search(r"\.\w{2,4}\s*$", part) for part in by_comma
        ):
            parts = by_comma
        for part in parts:
            name = " ".join(_BULLET.sub("", part).split())
            # Below the name of an attachment stands its address.
            if name and name not in seen and not (seen and re.match(r"https?://", name)):
                seen.add(name)
                yield name
    words = " ".join(seen)
    for name in attached:
        if name.rpartition(".")[0] not in words:
            yield name


def _contacts(sheet: Sheet) -> Iterator[Contact]:
    """Each line of a contact field; name, telephone and address under labels of their own are one contact."""
    person: list[Line] = []
    for field in sheet.fields.get("contacts", ()):
        lines = [line for line in field.lines if line.words]
        if field.label.lower().startswith("contact"):
            yield from (Contact(text=line.words.strip(" ,"), locator=line.locator) for line in lines)
        else:
            person += lines
    if person:
        yield Contact(text=", ".join(line.words for line in person), locator=person[0].locator)


def _purposes(
    sheet: Sheet,
    addressees: list[tuple[Reference, Purpose | None]],
    copied: list[tuple[Reference, Purpose | None]],
) -> Iterator[tuple[Reference, Purpose, Evidence]]:
    """What each addressee gets it for, where that is said beside its name, a label or by being a copy."""
    general_field, general = _general_purpose(sheet)
    each = _purposes_of_each(sheet)
    copies: Purpose = "information"
    for field, entries in (("to", addressees), ("cc", copied)):
        for reference, stated in entries:
            purpose, confidence, rule = stated, 1.0, "stated"
            if stated is None and field == "to" and each:
                purpose, rule = each.get(reference.text, each.get(None)), sheet.rule("purpose")
            elif stated is None and field == "to" and general:
                purpose, rule = general, sheet.rule(general_field)
            elif stated is None and field == "cc":
                purpose, confidence, rule = copies, 0.9, COPIES
            if purpose:
                evidence = Evidence(
                    field="purpose",
                    text=beside(sheet.label(field), reference.text),
                    locator=reference.locator,
                    confidence=confidence,
                    rule=rule,
                )
                yield reference, purpose, evidence


def _purposes_of_each(sheet: Sheet) -> dict[str | None, Purpose]:
    """Addressee as written -> its purpose, by a purpose field that names them; None: the others."""
    found: dict[str | None, Purpose] = {}
    addressees = [reference.text for reference, _ in parties(sheet, "to")]
    said = (pair for line in sheet.values("purpose") for pair in purposes_by_party(line.words))
    for who, purpose in said:
        for name in [r.text for r in named_parties(who, "to", "")] if who else []:
            for text in addressees:
                if f" {text} ".endswith(f" {name} ") or f" {name} ".endswith(f" {text} "):
                    found.setdefault(text, purpose)
        if who is None:
            found[None] = purpose
    return found


def _general_purpose(sheet: Sheet) -> tuple[str, Purpose | None]:
    """The purpose of the whole and the field that says it; "Status: For action" does as well."""
    for field in ("purpose", "status"):
        words = [line.words for line in sheet.values(field)]
        for said in (*words, " ".join(words)):
            if purpose := purpose_of(ticked(said)):
                return field, purpose
    return "purpose", None
