"""Loads a fleet of nodes and asks which of them will not rotate their serving certificate.

    python fleet.py kubelet-audit.raw.wasm [NODES]

The fleet is generated: pools that differ as pools do, and a few nodes that differ from their pool. The engine is
ClickHouse as a library (the Python package chdb-core); the SQL is the same for a server.
"""

import json
import sys
import tempfile
from pathlib import Path

from chdb.session import Session

HERE = Path(__file__).parent

# What a pool's nodes have, and what every n-th of them has instead.
POOLS = {
    "system": ({"serverTLSBootstrap": True}, {}),
    "workers": ({"serverTLSBootstrap": True}, {7: {"serverTLSBootstrap": False}}),
    "legacy": ({}, {5: {"serverTLSBootstrap": True}}),
    "gpu": (
        {"serverTLSBootstrap": True, "featureGates": {"RotateKubeletServerCertificate": False}},
        {11: None},
    ),
}


def fleet(count: int):
    """So many nodes, the same ones each time."""
    names = list(POOLS)
    for number in range(count):
        pool = names[number % len(names)]
        usual, others = POOLS[pool]
        config = usual
        for every, other in others.items():
            if number // len(names) % every == every - 1:
                config = other
        # A node that did not answer in time has half an answer.
        text = json.dumps({"kubeletconfig": {"maxPods": 110, **config}}) if config is not None else '{"kubeletconfig": {'
        yield {"pool": pool, "node": f"{pool}-{number:05}", "kubelet_version": "1.34", "configz": text}


def statements(name: str, **values: str):
    """The statements of a file beside this one."""
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.startswith("--"))
    for key, value in values.items():
        text = text.replace("{" + key + "}", value)
    return [statement for statement in text.split(";\n") if statement.strip()]


# region load
def connect(directory: str, module: str) -> Session:
    """A session that has the two functions."""
    session = Session(f"{directory}?config-file={HERE / 'server.xml'}")
    # Fuel is counted for a block of rows, not for one.
    session.query("SET webassembly_udf_max_fuel = 0")
    for statement in statements("functions.sql", module=module):
        session.query(statement)
    return session
# endregion


def insert_lines(session: Session, table: str, columns: str, lines) -> None:
    """Adds rows that are JSON, by way of a file, as a fleet's dumps come in one."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in lines)
        file.flush()
        session.query(f"INSERT INTO {table} SELECT * FROM file('{file.name}', 'JSONEachRow', '{columns}')")


def main() -> None:
    module, count = str(Path(sys.argv[1]).resolve()), int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    with tempfile.TemporaryDirectory() as directory:
        session = connect(directory, module)
        session.query(statements("nodes.sql")[0])
        columns = "pool String, node String, kubelet_version String, configz String"
        insert_lines(session, "nodes", columns, map(json.dumps, fleet(count)))
        print(session.query(statements("fleet.sql")[0], "PrettyCompactMonoBlock"), end="")
        session.close()


if __name__ == "__main__":
    main()
