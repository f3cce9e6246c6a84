//! `baton-compose ADAPTER CONNECTOR OUTPUT`: the adapter's import of the contract becomes the connector's export.
//!
//! The same as `wac plug ADAPTER --plug CONNECTOR -o OUTPUT`, from the library that `wac` is made of, so that it
//! builds in half a minute.

use std::env;
use std::fs;

use anyhow::{Context, bail};
use wac_graph::types::Package;
use wac_graph::{CompositionGraph, EncodeOptions, PackageId};

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [adapter, connector, output] = arguments.as_slice() else {
        bail!("usage: baton-compose ADAPTER CONNECTOR OUTPUT");
    };
    let mut graph = CompositionGraph::new();
    let socket = register(&mut graph, "adapter", adapter)?;
    let plug = register(&mut graph, "connector", connector)?;
    wac_graph::plug(&mut graph, vec![plug], socket)
        .with_context(|| format!("{connector} does not export what {adapter} imports"))?;
    let bytes = graph.encode(EncodeOptions::default()).context("the two components do not fit together")?;
    fs::write(output, bytes).with_context(|| format!("cannot write {output}"))
}

fn register(graph: &mut CompositionGraph, name: &str, file: &str) -> anyhow::Result<PackageId> {
    let bytes = fs::read(file).with_context(|| format!("cannot read {file}"))?;
    let package = Package::from_bytes(&format!("baton:{name}"), None, bytes, graph.types_mut())
        .with_context(|| format!("{file} is not a component"))?;
    Ok(graph.register_package(package)?)
}
