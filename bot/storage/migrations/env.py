"""What Alembic runs: the migrations, in the transaction that bot.storage.migrations holds."""

from alembic import context

from bot.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=False,  # the transaction is ours
)
context.run_migrations()
