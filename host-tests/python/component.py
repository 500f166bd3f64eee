"""The component in the Python package wasmtime."""

from common import Repeats, process_memory

# region load
from wasmtime import Engine, Store
from wasmtime.component import Component, Linker

POLICY = "kubelet-audit:plugin/policy@0.1.0"


class Policy:
    """An instance; not for two threads at once."""

    def __init__(self, path: str) -> None:
        engine = Engine()
        self.store = Store(engine)
        component = Component.from_file(engine, path)
        self.instance = Linker(engine).instantiate(self.store, component)
        self.interface = self.instance.get_export_index(self.store, POLICY)

    def call(self, name: str, *args):
        """One of the world's functions: `evaluate`, `check`."""
        index = self.instance.get_export_index(self.store, name, self.interface)
        function = self.instance.get_func(self.store, index)
        result = function(self.store, *args)
        function.post_return(self.store)
        return result
# endregion


class Host(Repeats, Policy):
    def answer(self, request: str) -> str:
        return self.call("evaluate", request)

    def memory(self) -> int:
        # A component keeps its memory to itself; what the whole process has is what there is to see.
        return process_memory()
