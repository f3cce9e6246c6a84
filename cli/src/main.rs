//! The program `baton-planetscale`; what it does is in the library beside it.

/// Of what is deployed: musl's own is slow with several threads. It serves what C allocates as well, SQLite and zstd.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> std::process::ExitCode {
    baton_planetscale::start::main()
}
