"""`python -m debulk.cli`."""

from debulk.cli import main

main()
