"""The order of work of what passes between bureau and schools: blanks go out, findings go back, returns come in."""

from kbxt_merge.mail.compose import PLAIN_WARNING
from kbxt_merge.post.fetching import fetch
from kbxt_merge.post.handing_out import HandedOut, hand_out, lines_of_blanks
from kbxt_merge.post.sending import Sending, line_of, prepare, send, total_of, write
from kbxt_merge.post.sending_blanks import prepare_blanks

__all__ = [
    "PLAIN_WARNING",
    "HandedOut",
    "Sending",
    "fetch",
    "hand_out",
    "line_of",
    "lines_of_blanks",
    "prepare",
    "prepare_blanks",
    "send",
    "total_of",
    "write",
]
