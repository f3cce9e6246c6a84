//! The program `baton-planetscale`; what it does is in the library beside it.

/// Also for what C allocates, SQLite and zstd: musl's own is slow with several threads, and glibc's keeps much of what
/// was once needed.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    baton_planetscale::start::main()
}
