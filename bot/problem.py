"""What an operator can mend: a sentence with the reason and the mend, shown without a traceback; exit code 2."""


class Problem(Exception):
    """The bot can't start, or a command can't run. `str` is for the operator's eyes."""
