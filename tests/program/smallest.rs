//! The smallest machine that is documented, and what a first user does there: one processor, few addresses, a root that
//! nobody can write to, no home, a user without a name, and the filter of a container engine.
//!
//! How much memory there may be only the kernel can limit, for groups of processes, and lets nobody but its administrator
//! do it: here a limit on addresses stands for it, which is more than memory.

use std::io::Write;

use baton_planetscale_demo::Scenario;
use rustix::io::Errno;

use crate::harness::Place;
use crate::mount::{in_shell, namespace};
use crate::sandbox::{refused, run};
use crate::somebody::Somebody;

/// A user whom no list of users names.
const NOBODY_KNOWN: u32 = 61_852;

/// Some of what container engines refuse: what a program could do to other processes or to the kernel. The two calls by
/// which the test makes the machine small are refused to nobody.
const IN_CONTAINERS: [i64; 12] = [
    libc::SYS_add_key,
    libc::SYS_bpf,
    libc::SYS_delete_module,
    libc::SYS_io_uring_setup,
    libc::SYS_kexec_load,
    libc::SYS_keyctl,
    libc::SYS_open_by_handle_at,
    libc::SYS_perf_event_open,
    libc::SYS_process_vm_readv,
    libc::SYS_ptrace,
    libc::SYS_request_key,
    libc::SYS_userfaultfd,
];

/// The first processor that this test may use.
fn processor() -> String {
    let status = std::fs::read_to_string("/proc/self/status").expect("what the kernel says of this process");
    let list = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:")).expect("processors");
    list.trim().split([',', '-']).next().expect("a processor").to_owned()
}

#[test]
fn what_a_first_user_does_works_on_the_smallest_machine() {
    let place = Place::new(Scenario::demo());
    let somebody = Somebody::of(&place, NOBODY_KNOWN);
    let (way, read_only) = match namespace() {
        Some(way) => (
            way,
            "mount -t tmpfs -o mode=1777 tmpfs \"$PWD\" && mount -o remount,bind,ro / || exit 97; cd \"$PWD\"",
        ),
        None => {
            // Not with `eprintln!`, which nobody sees of a test that passes.
            let _ = writeln!(std::io::stderr(), "without a read-only root: nobody may mount here");
            (&[][..], ":")
        }
    };
    let as_nobody = match (way, rustix::process::geteuid().is_root()) {
        (["--mount"], true) => {
            format!("setpriv --reuid={NOBODY_KNOWN} --regid={NOBODY_KNOWN} --clear-groups")
        }
        _ => String::new(),
    };
    let small = format!("taskset -c {} prlimit --as={} {as_nobody}", processor(), 1_u64 << 30);
    let script = |then: &str| format!("{read_only}; unset HOME; {small} \"$@\"; code=$?; {then}; exit $code");
    let filter = || IN_CONTAINERS.map(|call| refused(call, Errno::PERM));
    let program = somebody.program(&place, &[]);
    for (args, word) in [
        (&["--help"][..], "planetscale-service-token"),
        (&["--version"], "version"),
        (&["config"], "planetscale-api-url"),
        (&["capabilities"], "capabilit"),
        (&["demo"], "Kestrel"),
    ] {
        let mut command = in_shell(&program, &place, way, &script(":"), args);
        let run = run(&mut command, &filter()).ends_with(0);
        assert!(run.stdout.to_lowercase().contains(&word.to_lowercase()), "{args:?}: {}", run.stdout);
    }
    for file in ["sync.c1z", "sync.jsonl"] {
        // Nothing lies about but the file.
        let mut command = in_shell(&program, &place, way, &script("ls -A"), &["-f", file]);
        let run = run(&mut command, &filter()).ends_with(0);
        if read_only != ":" {
            assert_eq!(run.stdout.trim(), file);
        }
    }
}
