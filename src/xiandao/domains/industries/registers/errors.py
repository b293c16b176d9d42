"""What can be wrong with a register, said so that the person who sent it can mend it."""


class RegisterError(Exception):
    """A register that cannot be read: what was found, what was expected, how to mend it (Chinese)."""

    def __init__(self, found: str, expected: str, mend: str) -> None:
        """Keep the three texts."""
        super().__init__(f"发现{found}；应为{expected}；处理：{mend}")
        self.found = found
        self.expected = expected
        self.mend = mend
