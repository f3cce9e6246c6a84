//! The program working for C1, as a process of its own against a C1 of this machine. Nothing here calls the library.

mod harness;

mod cancel;
mod faults;
mod health;
mod life;
mod memory;
mod options;
mod stop;
mod tasks;
