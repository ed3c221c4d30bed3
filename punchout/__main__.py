"""`python -m punchout` is the `punchout` command."""

from punchout.cli.main import main

if __name__ == "__main__":
    main()
