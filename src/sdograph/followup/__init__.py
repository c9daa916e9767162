"""Following up liaison statements: threads, inboxes and outboxes, feeds, drafts of replies.

- :mod:`.statements`: what the graph says, read together
- :mod:`.threads`: what answers what; :mod:`.inbox`: what was asked of whom, and what came of it
- :mod:`.forms`: both as JSON
- :mod:`.calendar`, :mod:`.feed`: deadlines and meetings as iCalendar, new statements as Atom
- :mod:`.reply`: a draft of a reply as a Word document
"""

from __future__ import annotations

from sdograph.followup.inbox import NOTE, Answer, Box, Entry, State, box
from sdograph.followup.statements import Action, Party, Statement
from sdograph.followup.threads import Mark, Node, Thread, thread

__all__ = [
    "NOTE",
    "Action",
    "Answer",
    "Box",
    "Entry",
    "Mark",
    "Node",
    "Party",
    "State",
    "Statement",
    "Thread",
    "box",
    "thread",
]
