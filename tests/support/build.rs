//! Builds the components that the tests load: the hostile one, and a connector as a stock toolchain makes it.

#[path = "../../connector/component/build/guest.rs"]
mod guest;

fn main() {
    for (folder, package, variable) in [
        ("tests/guests", "baton-hostile-guests", "HOSTILE_GUESTS"),
        ("tests/stock/rust", "baton-stock-rust", "STOCK_RUST"),
    ] {
        match guest::build(folder, package, guest::STOCK) {
            Ok(component) => println!("cargo::rustc-env={variable}={}", component.display()),
            Err(message) => {
                println!("cargo::error={message}");
                std::process::exit(1);
            }
        }
    }
}
