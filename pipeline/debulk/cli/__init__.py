"""The command line: a skin over plain functions, one small module a group of commands."""

from debulk.cli.main import app, main

__all__ = ["app", "main"]
