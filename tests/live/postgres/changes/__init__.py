"""The tables of out-of-band changes: each is made by SQL on a cluster as it was applied, and each is to be found with
nothing beside it. Where a row expects several findings, the change makes several: the comment says why.
"""

from . import roles

TABLE = roles.TABLE
