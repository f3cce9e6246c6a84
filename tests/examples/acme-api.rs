//! Acme as a program of its own, for whoever tries a connector by hand and for tests in other languages.
//!
//! It prints one line of JSON when it is ready, and serves until its standard input is closed:
//!
//! ```text
//! {"url":"http://127.0.0.1:40123","id":"client","secret":"…"}
//! ```

use baton_planetscale_support::acme::{Acme, CLIENT, SECRET};
use tokio::io::AsyncReadExt;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let acme = Acme::start().await?;
    println!("{}", serde_json::json!({ "url": acme.url(), "id": CLIENT, "secret": SECRET }));
    let mut rest = Vec::new();
    tokio::io::stdin().read_to_end(&mut rest).await?;
    Ok(())
}
