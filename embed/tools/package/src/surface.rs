//! What a component imports and exports, or what a WIT package offers: registries index it.

use anyhow::Context;
use wit_component::DecodedWasm;
use wit_parser::{Resolve, WorldKey};

/// The two lists, with full names and versions.
pub struct Surface {
    /// A component's; a package has none.
    pub imports: Vec<String>,
    /// A component's; of a package its interfaces and worlds.
    pub exports: Vec<String>,
}

/// Read them from wasm.
pub fn read(wasm: &[u8]) -> anyhow::Result<Surface> {
    match wit_component::decode(wasm).context("neither a component nor a WIT package")? {
        DecodedWasm::Component(resolve, world) => {
            let world = resolve.worlds.get(world).context("the component has no world")?;
            Ok(Surface {
                imports: names(&resolve, world.imports.keys()),
                exports: names(&resolve, world.exports.keys()),
            })
        }
        DecodedWasm::WitPackage(resolve, id) => {
            let package = resolve.packages.get(id).context("the package is not in its own resolve")?;
            let interfaces = package.interfaces.keys();
            let exports = interfaces.chain(package.worlds.keys()).map(|name| package.name.interface_id(name));
            Ok(Surface { imports: vec![], exports: exports.collect() })
        }
    }
}

fn names<'a>(resolve: &Resolve, keys: impl Iterator<Item = &'a WorldKey>) -> Vec<String> {
    keys.map(|key| resolve.name_world_key(key)).collect()
}
