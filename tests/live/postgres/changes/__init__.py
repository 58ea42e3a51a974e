"""The tables of out-of-band changes: each is made by SQL on a cluster as it was applied, and each is to be found with
nothing beside it. Where a row expects several findings, the change makes several.
"""

from . import databases, defaults, functions, others, owners, roles, schemas, tables

TABLE = [row for part in (roles, databases, schemas, tables, functions, defaults, owners, others) for row in part.TABLE]
