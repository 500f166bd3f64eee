"""The policy in the Python package opa-py-wasm."""

import gc
import json

from common import Repeats
from opapywasm.instance import OpaPolicyInstance

# region load
from opapywasm import OpaWasmPolicy, PolicyConfig


def load(path: str) -> OpaWasmPolicy:
    policy = OpaWasmPolicy.from_wasm_file(path, PolicyConfig(pool_size=1, max_input_bytes=64 * 1024 * 1024))
    policy.set_data({"parameters": {"kubeletVersion": "1.34"}})
    return policy


def report(policy: OpaWasmPolicy, config) -> dict:
    """The report; a string is the text of a config, anything else is already parsed."""
    # This package takes a string for a JSON document.
    return policy.evaluate(json.dumps(config), "kubelet_audit/report")
# endregion


class Host(Repeats):
    def __init__(self, path: str) -> None:
        self.policy = load(path)
        self.policy.set_data({})

    def answer(self, request: str) -> str:
        return json.dumps(self.policy.evaluate(request, "kubelet_audit/report"))

    def memory(self) -> int:
        # Instances are in a pool, which does not show them.
        instances = [item for item in gc.get_objects() if isinstance(item, OpaPolicyInstance)]
        return max(instance.abi.memory_len() for instance in instances)
