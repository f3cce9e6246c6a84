//! Builds a crate of this workspace for WebAssembly with a cargo of its own.
//!
//! The inner cargo has its own target folder, because the outer one holds the lock of the usual one, and none
//! of the outer one's variables, which would make it build for the outer target. It runs inside the crate's folder,
//! whose `.cargo/config.toml` says how the component is made: so the same bytes come out of `cargo build` there.
//!
//! Used by this crate's build script and by the one of the tests, for the components they need.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What brings nothing of the standard library's into a component.
#[allow(dead_code, reason = "one build script of two has a use for it")]
pub const BARE: &str = "wasm32-unknown-unknown";

/// What Rust has for components, with the standard library.
#[allow(dead_code, reason = "one build script of two has a use for it")]
pub const STOCK: &str = "wasm32-wasip2";

/// Variables of the outer cargo that change what an inner one does. Those that start with one of these go.
const OUTER: [&str; 13] = [
    "CARGO_BUILD_",
    "CARGO_CFG_",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_FEATURE_",
    "CARGO_MAKEFLAGS",
    "CARGO_MANIFEST_",
    "CARGO_PKG_",
    "CARGO_PROFILE_",
    "CARGO_TARGET_",
    "MAKEFLAGS",
    "RUSTC",
    "RUSTDOC",
    "RUSTFLAGS",
];

/// Build the component of a crate: `folder` is where the crate is in the workspace, `package` its name, `target` the one
/// that the folder's `.cargo/config.toml` names or, without such a file, the one that is asked for here.
pub fn build(folder: &str, package: &str, target: &str) -> Result<PathBuf, String> {
    // Asked when it runs: a build script may be shared by two checkouts with one target folder.
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or("cargo gave no CARGO_MANIFEST_DIR")?);
    let mut above = here.ancestors();
    let root =
        above.find(|folder| folder.join("Cargo.lock").is_file()).ok_or("no Cargo.lock above this crate")?;
    let source = root.join(folder);
    // All of the folder: a crate that only this one uses lies inside it. And what authors of connectors build on.
    for part in [folder, "kit/rust", "wit", "Cargo.lock"] {
        println!("cargo::rerun-if-changed={}", root.join(part).display());
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo gave no OUT_DIR")?).join("component");
    add_target(target)?;
    let mut cargo = Command::new(env::var_os("CARGO").ok_or("cargo gave no CARGO")?);
    cargo
        .current_dir(&source)
        .args(["build", "--release", "--locked", "--package", package, "--target", target, "--target-dir"])
        .arg(&out);
    without_outer(&mut cargo);
    let output = cargo.output().map_err(|error| format!("cannot run cargo for {package}: {error}"))?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        for line in text.lines() {
            eprintln!("{line}");
        }
        return Err(format!("building {package} for WebAssembly failed; the compiler's messages are above"));
    }
    Ok(out.join(target).join("release").join(format!("{}.wasm", package.replace('-', "_"))))
}

fn without_outer(command: &mut Command) {
    for (name, _) in env::vars_os() {
        let Some(text) = name.to_str() else { continue };
        if OUTER.iter().any(|outer| text.starts_with(outer)) {
            command.env_remove(&name);
        }
    }
}

/// Make sure that the standard library for the component's target is there.
fn add_target(target: &str) -> Result<(), String> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(&rustc)
        .args(["--print", "target-libdir", "--target", target])
        .output()
        .map_err(|error| format!("cannot run rustc: {error}"))?;
    let libraries = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let installed = || Path::new(&libraries).read_dir().is_ok_and(|mut found| found.next().is_some());
    if output.status.success() && installed() {
        return Ok(());
    }
    let advice = format!(
        "the Rust target {target} is missing and could not be added: run `rustup target add {target}` with \
         network access (without rustup: install your system's package of it)"
    );
    let mut rustup = Command::new("rustup");
    rustup.args(["target", "add", target]);
    match rustup.output() {
        Ok(output) if output.status.success() && installed() => Ok(()),
        Ok(output) => {
            eprintln!("{}", String::from_utf8_lossy(&output.stderr));
            Err(advice)
        }
        Err(_) => Err(advice),
    }
}
