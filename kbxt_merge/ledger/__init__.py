"""What came, what was found, what was sent, round by round; the only home of SQL.

The tables hold spells: a row says what was so from one run (`opened`) until another found it gone (`closed`).  So every
run can be undone, a period can be asked how it stood, and a round in which little changed writes little.

By default the ledger is `kbxt.db` in OUT, a SQLite file.  A run writes into a copy of it beside the new outputs, and
both take their place in one step: they can't disagree, whenever a run is killed.  A ledger elsewhere (a PostgreSQL
server) can't move with a folder: there a run is entered as pending before the outputs appear and as done after, and the
next run looks at what appeared and keeps the run, or undoes it.
"""
