//! Whether two runs do the same work.

use baton_host::contract;
use baton_host::journal::Fingerprint;

/// What must be the same for a later run to go on: component, contract, program, and every value of the config.
pub fn fingerprint(
    component: &[u8],
    schema: &[contract::ConfigField],
    values: &[(String, baton_host::Secret)],
) -> Fingerprint {
    let mut same = Fingerprint::default();
    same.add(component);
    same.add(contract::VERSION.as_bytes());
    same.add(env!("CARGO_PKG_VERSION").as_bytes());
    for (name, value) in values {
        let secret = schema.iter().any(|field| field.name == *name && field.secret);
        same.add(name.as_bytes());
        match secret {
            true => same.add_secret(value.reveal().as_bytes()),
            false => same.add(value.reveal().as_bytes()),
        }
    }
    same
}
