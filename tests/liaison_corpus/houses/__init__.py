"""The forms of each house, from its own templates and published statements; one module a house.

Each form takes a :class:`~liaison_corpus.drawing.Drawer` and gives a draft: what stands on the document, and
its truth. Forms of the held-out split and of the third one are in modules of their own and share no
wording with the others.
"""
