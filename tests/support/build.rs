//! Builds the hostile components that the tests load.

#[path = "../../connector/component/build/guest.rs"]
mod guest;

fn main() {
    match guest::build("tests/guests", "baton-hostile-guests") {
        Ok(component) => println!("cargo::rustc-env=HOSTILE_GUESTS={}", component.display()),
        Err(message) => {
            println!("cargo::error={message}");
            std::process::exit(1);
        }
    }
}
