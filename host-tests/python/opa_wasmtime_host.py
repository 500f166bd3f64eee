"""The policy in the Python package opa-wasmtime."""

import json

from common import Repeats

# region load
from opa_wasmtime import OPAPolicy


def load(path: str) -> OPAPolicy:
    policy = OPAPolicy(path)
    policy.set_data({"parameters": {"kubeletVersion": "1.34"}})
    return policy


def report(policy: OPAPolicy, config) -> dict:
    """The report; a string is the text of a config, anything else is already parsed."""
    [answer] = policy.evaluate(config, "kubelet_audit/report")
    return answer["result"]
# endregion


class Host(Repeats):
    def __init__(self, path: str) -> None:
        self.policy = load(path)
        self.policy.set_data({})

    def answer(self, request: str) -> str:
        return json.dumps(report(self.policy, json.loads(request)))

    def memory(self) -> int:
        return self.policy.memory.data_len(self.policy.store)
