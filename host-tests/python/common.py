"""What the hosts have in common."""


class Repeats:
    """Asks the same again and again."""

    def repeat(self, request: str, times: int) -> None:
        for _ in range(times):
            self.answer(request)


def process_memory() -> int:
    """Bytes of the process, where a host does not show those of a plugin."""
    with open("/proc/self/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * 4096
