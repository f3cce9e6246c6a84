//! Builds the components that the tests load: the hostile one, a connector as a stock toolchain makes it, and one on the
//! author's kit, for each target that it works on.

#[path = "../../connector/component/build/guest.rs"]
mod guest;

fn main() {
    for (folder, package, target, variable) in [
        ("tests/guests", "baton-hostile-guests", guest::STOCK, "HOSTILE_GUESTS"),
        ("tests/stock/rust", "baton-stock-rust", guest::STOCK, "STOCK_RUST"),
        ("tests/guests/author", "baton-author-guest", guest::STOCK, "AUTHOR"),
        ("tests/guests/author", "baton-author-guest", guest::BARE, "AUTHOR_BARE"),
    ] {
        match guest::build(folder, package, target) {
            Ok(component) => println!("cargo::rustc-env={variable}={}", component.display()),
            Err(message) => {
                println!("cargo::error={message}");
                std::process::exit(1);
            }
        }
    }
}
