"""Problems that the person at the keyboard can mend."""


class Mendable(Exception):
    """What is wrong and what to do next; commands print it as one line and exit with 2."""
