//! A component of a module that imports nothing.

use anyhow::{Result, bail, ensure};
use wit_component::{ComponentEncoder, DecodedWasm};

/// The component. Its world is in the module, put there by wit-bindgen.
pub(crate) fn wrapped(module: &[u8]) -> Result<Vec<u8>> {
    let component = ComponentEncoder::default().validate(true).module(module)?.encode()?;
    check(&component)?;
    Ok(component)
}

/// Fails where the bytes are no component, or one that not every host can start.
fn check(component: &[u8]) -> Result<()> {
    let DecodedWasm::Component(resolve, world) = wit_component::decode(component)? else {
        bail!("it is a package of WIT, and no component")
    };
    let Some(world) = resolve.worlds.get(world) else { bail!("it has no world") };
    let imports: Vec<_> = world.imports.keys().map(|key| resolve.name_world_key(key)).collect();
    ensure!(imports.is_empty(), "it imports {}", imports.join(", "));
    let exports: Vec<_> = world.exports.keys().map(|key| resolve.name_world_key(key)).collect();
    ensure!(exports == ["kubelet-audit:plugin/policy@0.1.0"], "it exports {}", exports.join(", "));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn a_module_without_a_world_is_refused() {
        assert!(wrapped(b"\0asm\x01\0\0\0").is_err());
        assert!(wrapped(b"no module").is_err());
    }
}
