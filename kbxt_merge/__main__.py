"""`python -m kbxt_merge` is `kbxt`."""

from kbxt_merge.cli import main

if __name__ == "__main__":
    main(prog_name="kbxt")
