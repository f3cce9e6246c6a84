//! Many syncs in one process leave nothing behind. `cargo run -p baton-planetscale-tests --bin soak` is the long form.

use std::process::Command;

#[test]
fn many_syncs_leave_nothing_behind() {
    let output = Command::new(env!("CARGO_BIN_EXE_soak")).arg("50").output().expect("it starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
}
