"""Run by the migration tool: takes the connection that `posapp.store.migrating` opened, in its one transaction."""

from __future__ import annotations

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
context.run_migrations()
