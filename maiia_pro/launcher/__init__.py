"""Starts and stops everything `make run` needs: database, migrations, front end, server, worker."""
