"""`python -m kbxt_merge` is `kbxt`."""

from multiprocessing import freeze_support

from kbxt_merge.cli import main

if __name__ == "__main__":
    freeze_support()  # a frozen build is called anew for each of its processes
    main(prog_name="kbxt")
