//! The program `baton-planetscale`; what it does is in the library beside it.

fn main() -> std::process::ExitCode {
    baton_planetscale::start::main()
}
