"""The last line of defence: whatever is told to a person, passwords in URLs are not.

Messages are made without secrets in the first place. But they also quote what others wrote: lines of files, words of
the command line, what programs print.
"""

from __future__ import annotations


def without_passwords(text: str) -> str:
    """Return *text* with the password of each URL in it as `****`."""
    if "://" not in text or "@" not in text:
        return text
    import re

    return re.sub(r"(://[^\s/:@'\"`<>]*):[^\s/'\"`<>]*@", r"\1:****@", text)
