"""Backups: archives of database and files, restore, and rehearsals of a restore.

An archive is a manifest in a repository of objects that are named by their SHA-256 sums, so bytes that two archives
share are stored once. The database is stored as rows in JSON, read from one snapshot, not as a dump of its engine:
rows load into SQLite and PostgreSQL alike, need no client tool of the server's version, can be compared after
a restore, and pieces of a table that did not change cost nothing the next night.

Existing tools were considered and do not reach this:

- django-dbbackup: a whole dump of the engine and a whole tar of the files each time, copied apart; a dump restores only
  into its own engine, nothing compares it with the files, and nothing rehearses it.
- restic, borg: excellent for folders, deduplicated and encrypted. They know neither the database's snapshot nor files
  in S3, and are programs that a municipality would have to install and learn. The repository here is a plain folder of
  files that never change, so either can carry it elsewhere.
- pg_dump, `sqlite3 .backup`: one engine each. SQLite's backup API is used here for the snapshot and for the swap.
"""
