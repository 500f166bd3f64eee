"""The raw module as functions of ClickHouse, in the Python package chdb-core."""

import sys
import tempfile
from pathlib import Path

from common import Repeats, process_memory

sys.path.append(str(Path(__file__).parents[2] / "plugins/clickhouse"))

from fleet import connect, insert_lines

# Bytes of an instance in the test of leaks.
MEMORY = 2 * 1024 * 1024


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
        # A call for each row, each another text, in an instance with less memory than what it would have
        # if it kept its answers.
        texts = f"SELECT config || repeat(' ', number) AS config, options FROM requests AS r, numbers({times}) AS n"
        settings = f"webassembly_udf_max_input_block_size = 1, webassembly_udf_max_memory = {MEMORY}"
        self.session.query(
            f"SELECT sum(length(kubelet_report(config, options))) FROM ({texts}) SETTINGS {settings}"
        )

    def memory(self) -> int:
        # An instance is the engine's own; what the whole process has is what there is to see.
        return process_memory()
