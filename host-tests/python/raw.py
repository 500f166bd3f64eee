"""The raw module in the Python package wasmtime."""

from common import Repeats

# region load
from wasmtime import Instance, Module, Store


class Raw:
    """An instance; not for two threads at once."""

    def __init__(self, path: str) -> None:
        self.store = Store()
        module = Module.from_file(self.store.engine, path)
        self.exports = Instance(self.store, module, []).exports(self.store)

    def evaluate(self, request: str) -> str:
        """The report, as JSON; the request is JSON too, a string being the text of a config."""
        memory = self.exports["memory"]
        data = request.encode()
        place = self.exports["kubelet_audit_alloc"](self.store, len(data))
        memory.write(self.store, data, place)
        answer = self.exports["kubelet_audit_evaluate"](self.store, place, len(data))
        self.exports["kubelet_audit_free"](self.store, place, len(data))
        # Python sees i64 as signed.
        start, length = (answer >> 32) & 0xFFFFFFFF, answer & 0xFFFFFFFF
        report = memory.read(self.store, start, start + length).decode()
        self.exports["kubelet_audit_free"](self.store, start, length)
        return report
# endregion


class Host(Repeats, Raw):
    def answer(self, request: str) -> str:
        return self.evaluate(request)

    def memory(self) -> int:
        return self.exports["memory"].data_len(self.store)
