//! `tenant URL TOKEN`: syncs, and says what came of it as JSON. Started by tests; see `tenant.rs` of the library.

use baton_planetscale_tests::tenant::work;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(url), Some(token)) = (args.next(), args.next()) else {
        return Err("usage: tenant URL TOKEN".into());
    };
    serde_json::to_writer(std::io::stdout(), &work(&url, &token).await)?;
    Ok(())
}
