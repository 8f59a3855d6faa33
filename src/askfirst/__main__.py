"""`python -m askfirst` is the command `askfirst`."""

from askfirst.cli.main import main

main()
