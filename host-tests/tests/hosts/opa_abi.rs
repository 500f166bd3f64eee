//! The ABI as hosts use it that are not here: the evaluation context (Java, Kubewarden's burrego), results
//! as Rego (Go), and a data document that is changed in place (Go, Java).

use host_tests::place;
use serde_json::{Value, json};
use wasmtime::{Caller, Engine, Extern, Instance, Linker, Memory, MemoryType, Module, Store, TypedFunc};

const CONFIG: &str = "kind: KubeletConfiguration\napiVersion: kubelet.config.k8s.io/v1beta1\n";

/// A host of the ABI, by hand; it keeps what the policy aborts with.
struct Host {
    store: Store<Option<String>>,
    instance: Instance,
    memory: Memory,
}

impl Host {
    /// A policy with a memory of this many pages.
    fn load(pages: u32) -> Self {
        let engine = Engine::default();
        let module = Module::from_file(&engine, place::pkg("plugins/kubelet-audit.opa.wasm")).unwrap();
        let mut store = Store::new(&engine, None);
        let memory = Memory::new(&mut store, MemoryType::new(pages, None)).unwrap();
        let mut linker = Linker::new(&engine);
        linker.define(&store, "env", "memory", Extern::Memory(memory)).unwrap();
        let abort = move |mut caller: Caller<'_, Option<String>>, message: u32| -> wasmtime::Result<()> {
            let text = c_string(memory.data(&caller), message);
            *caller.data_mut() = Some(text);
            Err(wasmtime::Error::msg("aborted"))
        };
        linker.func_wrap("env", "opa_abort", abort).unwrap();
        let instance = linker.instantiate(&mut store, &module).unwrap();
        Self { store, instance, memory }
    }

    fn call<P: wasmtime::WasmParams>(&mut self, name: &str, args: P) -> wasmtime::Result<u32> {
        let function: TypedFunc<P, u32> = self.instance.get_typed_func(&mut self.store, name)?;
        function.call(&mut self.store, args)
    }

    fn set<P: wasmtime::WasmParams>(&mut self, name: &str, args: P) {
        let function: TypedFunc<P, ()> = self.instance.get_typed_func(&mut self.store, name).unwrap();
        function.call(&mut self.store, args).unwrap();
    }

    /// The value of a text, by one of the two parsers.
    fn parsed(&mut self, parser: &str, text: &str) -> u32 {
        let len = u32::try_from(text.len()).unwrap();
        let place = self.call("opa_malloc", len).unwrap();
        self.memory.write(&mut self.store, place as usize, text.as_bytes()).unwrap();
        let value = self.call(parser, (place, len)).unwrap();
        // Like Go, frees the text.
        self.memory.write(&mut self.store, place as usize, &vec![b'#'; text.len()]).unwrap();
        self.set("opa_free", place);
        value
    }

    fn value(&mut self, json: &Value) -> u32 {
        self.parsed("opa_json_parse", &json.to_string())
    }

    fn dumped(&mut self, value: u32) -> String {
        let place = self.call("opa_json_dump", value).unwrap();
        c_string(self.memory.data(&self.store), place)
    }

    /// `opa_eval`, the host writing the input itself.
    fn evaluated(
        &mut self,
        entrypoint: u32,
        data: u32,
        input: &[u8],
        format: u32,
    ) -> wasmtime::Result<String> {
        let start = self.call("opa_heap_ptr_get", ())?;
        let len = u32::try_from(input.len())?;
        let missing = (start as usize + input.len()).saturating_sub(self.memory.data_size(&self.store));
        self.memory.grow(&mut self.store, missing.div_ceil(64 * 1024) as u64)?;
        self.memory.write(&mut self.store, start as usize, input)?;
        let place = self.call("opa_eval", (0_u32, entrypoint, data, start, len, start + len, format))?;
        let text = c_string(self.memory.data(&self.store), place);
        self.set("opa_heap_ptr_set", start);
        Ok(text)
    }
}

fn c_string(memory: &[u8], place: u32) -> String {
    let bytes = &memory[place as usize..];
    let end = bytes.iter().position(|byte| *byte == 0).unwrap();
    String::from_utf8(bytes[..end].to_vec()).unwrap()
}

fn native(request: &Value) -> String {
    format!("[{{\"result\":{}}}]", kubelet_audit::audit_json(&request.to_string()).unwrap())
}

/// Two pages are the least that a host offers, twenty more than the module is linked with.
#[test]
fn it_starts_in_a_small_memory_and_in_a_large_one() {
    for pages in [2, 5, 20] {
        let mut host = Host::load(pages);
        let input = json!(CONFIG);
        let text = host.evaluated(0, 0, input.to_string().as_bytes(), 0).unwrap();
        assert_eq!(text, native(&input), "{pages}");
    }
}

#[test]
fn contexts_give_what_the_fast_path_gives() {
    let mut host = Host::load(5);
    let data = host.value(&json!({ "parameters": { "node": "a" } }));
    let request = json!({ "config": CONFIG, "node": "a" });
    for _ in 0..2 {
        let start = host.call("opa_heap_ptr_get", ()).unwrap();
        let input = host.value(&json!(CONFIG));
        let context = host.call("opa_eval_ctx_new", ()).unwrap();
        host.set("opa_eval_ctx_set_input", (context, input));
        host.set("opa_eval_ctx_set_data", (context, data));
        host.set("opa_eval_ctx_set_entrypoint", (context, 0));
        assert_eq!(host.call("eval", context).unwrap(), 0);
        let result = host.call("opa_eval_ctx_get_result", context).unwrap();
        assert_eq!(host.dumped(result), native(&request));
        host.set("opa_heap_ptr_set", start);
    }
    let rego = host.evaluated(0, data, json!(CONFIG).to_string().as_bytes(), 1).unwrap();
    assert_eq!(
        rego,
        format!("{{{{\"result\":{}}}}}", kubelet_audit::audit_json(&request.to_string()).unwrap())
    );
}

#[test]
fn the_data_document_is_changed_in_place() {
    let mut host = Host::load(5);
    let data = host.value(&json!({ "other": [1, 2], "parameters": { "node": "a" } }));
    let add = |host: &mut Host, path: Value, value: Value| {
        let (path, value) = (host.value(&path), host.value(&value));
        host.call("opa_value_add_path", (data, path, value)).unwrap()
    };
    assert_eq!(add(&mut host, json!(["parameters", "level"]), json!(1)), 0);
    assert_eq!(add(&mut host, json!(["parameters", "node"]), json!("b")), 0);
    assert_eq!(add(&mut host, json!(["x", "y", "z"]), json!({ "w": null })), 0);
    // OPA's own numbers: a value of another type on the way, a path that is none.
    assert_eq!(add(&mut host, json!(["other", "a"]), json!(1)), 2);
    assert_eq!(add(&mut host, json!([]), json!(1)), 3);
    let expected = json!({ "other": [1, 2], "parameters": { "level": 1, "node": "b" }, "x": { "y": { "z": { "w": null } } } });
    assert_eq!(serde_json::from_str::<Value>(&host.dumped(data)).unwrap(), expected);
    let text = host.evaluated(0, data, json!(CONFIG).to_string().as_bytes(), 0).unwrap();
    assert_eq!(text, native(&json!({ "config": CONFIG, "node": "b", "level": 1 })));

    for path in [json!(["x"]), json!(["parameters", "level"]), json!(["none"])] {
        let path = host.value(&path);
        assert_eq!(host.call("opa_value_remove_path", (data, path)).unwrap(), 0);
    }
    let expected = json!({ "other": [1, 2], "parameters": { "node": "b" } });
    assert_eq!(serde_json::from_str::<Value>(&host.dumped(data)).unwrap(), expected);
}

#[test]
fn what_cannot_be_parsed_is_nothing_and_what_cannot_be_asked_is_said() {
    let mut host = Host::load(5);
    for text in ["", "{", "nonsense", "{1, 2}"] {
        assert_eq!(host.parsed("opa_json_parse", text), 0, "{text}");
        assert_eq!(host.parsed("opa_value_parse", text), 0, "{text}");
    }
    // Go quotes DEL in its own way, and counts no NUL; others do.
    let value = host.parsed("opa_value_parse", r#"["\x7f"]"#);
    assert_eq!(host.dumped(value), "[\"\u{7f}\"]");
    let value = host.parsed("opa_json_parse", "[1]\0");
    assert_eq!(host.dumped(value), "[1]");
    assert_eq!(host.evaluated(0, 0, b"", 0).unwrap(), native(&Value::Null));

    assert!(host.evaluated(9, 0, b"{}", 0).is_err());
    assert!(host.store.data().as_deref().unwrap().contains("no such entrypoint"));
    let mut host = Host::load(5);
    assert!(host.evaluated(0, 0, b"\xff", 0).is_err());
    assert!(host.store.data().as_deref().unwrap().contains("UTF-8"));
}
