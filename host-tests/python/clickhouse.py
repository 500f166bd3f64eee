"""The raw module as functions of ClickHouse, in the Python package chdb-core."""

import sys
import tempfile
from pathlib import Path

from common import Repeats, process_memory

sys.path.append(str(Path(__file__).parents[2] / "plugins/clickhouse"))

from fleet import connect, insert_lines

# Rows of a query.
BLOCK = 100


class Host(Repeats):
    def __init__(self, path: str) -> None:
        self.directory = tempfile.TemporaryDirectory()
        self.session = connect(self.directory.name, path)
        self.session.query("CREATE TABLE requests (config String, options String) ENGINE = Memory")

    def answer(self, request: str) -> str:
        self.session.query("TRUNCATE TABLE requests")
        insert_lines(self.session, "requests", "config String, options String", [request])
        report = self.session.query("SELECT kubelet_report(config, options) FROM requests", "RawBLOB")
        return report.bytes().decode()

    def repeat(self, request: str, times: int) -> None:
        self.answer(request)
        # Blocks of rows, each row another text.
        for _ in range(times // BLOCK):
            texts = f"SELECT config || '\\n# ' || toString(number) AS config, options FROM requests AS r, numbers({BLOCK}) AS n"
            self.session.query(f"SELECT sum(length(kubelet_report(config, options))) FROM ({texts})")

    def memory(self) -> int:
        # An instance is the engine's own; what the whole process has is what there is to see.
        return process_memory()
