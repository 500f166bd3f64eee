"""The plugins in hosts that are Python packages; the other side of host-tests/src/lines.rs.

    python host.py HOST MODULE

A line is a request, the answer is a line. `#COUNT REQUEST` asks so many times and answers with the bytes of
memory after a tenth of them and at the end.
"""

import importlib
import re
import sys


def main() -> None:
    host = importlib.import_module(sys.argv[1]).Host(sys.argv[2])
    for line in sys.stdin.buffer:
        text = line.decode().rstrip("\n")
        repeat = re.match(r"#(\d+) ", text)
        try:
            if repeat:
                answer = repeated(host, int(repeat[1]), text[repeat.end() :])
            else:
                answer = host.answer(text)
        except Exception as error:  # whatever a host makes of a request is its answer
            answer = f"!{type(error).__name__}: {error}"
        sys.stdout.buffer.write(answer.replace("\n", " ").encode() + b"\n")
        sys.stdout.flush()


def repeated(host, count: int, request: str) -> str:
    sizes = []
    first = -(-count // 10)
    for times in (first, count - first):
        host.repeat(request, times)
        sizes.append(str(host.memory()))
    return " ".join(sizes)


if __name__ == "__main__":
    main()
