//! A machine that refuses something: a filter of the kernel in front of the program's calls, as container engines have,
//! and limits as `ulimit` sets them.

use std::collections::BTreeMap;
use std::os::unix::process::CommandExt;
use std::process::{Command, Output, Stdio};

use rustix::io::Errno;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
};

use crate::harness::Run;

/// A call that is refused, always or when bits are set in one of its arguments, and how.
pub struct Refused {
    pub call: i64,
    pub when: Option<(u8, u64)>,
    pub with: Errno,
}

/// A call that is refused always.
pub fn refused(call: i64, with: Errno) -> Refused {
    Refused { call, when: None, with }
}

/// The filter for one way of refusing.
fn filter(with: Errno, of: &[&Refused]) -> BpfProgram {
    let mut rules = BTreeMap::<i64, Vec<SeccompRule>>::new();
    for refused in of {
        let rule = refused.when.map(|(argument, bits)| {
            let whole = SeccompCmpOp::MaskedEq(bits);
            let bits =
                SeccompCondition::new(argument, SeccompCmpArgLen::Qword, whole, bits).expect("a condition");
            SeccompRule::new(vec![bits]).expect("a rule")
        });
        rules.insert(refused.call, rule.into_iter().collect());
    }
    let number = u32::try_from(with.raw_os_error()).expect("an error of the system");
    let machine = std::env::consts::ARCH.try_into().expect("a machine that filters are made for");
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, SeccompAction::Errno(number), machine);
    filter.expect("a filter").try_into().expect("a filter")
}

/// Run a command to which these calls are refused.
pub fn run(command: &mut Command, calls: &[Refused]) -> Run {
    let filters: Vec<BpfProgram> = {
        let mut by_error = BTreeMap::<i32, Vec<&Refused>>::new();
        for call in calls {
            by_error.entry(call.with.raw_os_error()).or_default().push(call);
        }
        by_error.values().map(|of| filter(of[0].with, of)).collect()
    };
    // A filter is one of the thread that loads it, and of all that this begins. With a group to set, the standard library
    // forks as systems always could, and not by a call that is refused here.
    command.gid(rustix::process::getegid().as_raw()).stdin(Stdio::null());
    let output: Output = std::thread::scope(|scope| {
        let begun = scope.spawn(|| {
            for filter in &filters {
                seccompiler::apply_filter(filter).expect("the kernel takes a filter");
            }
            command.output().expect("the program starts")
        });
        begun.join().expect("it ran")
    });
    Run::ended(output)
}

/// The same command under limits, in the words of `prlimit`.
pub fn limited(command: &Command, limits: &[String]) -> Command {
    let mut whole = Command::new("prlimit");
    whole.args(limits).arg(command.get_program()).args(command.get_args()).env_clear().stdin(Stdio::null());
    let values = command.get_envs().filter_map(|(name, value)| Some((name, value?)));
    whole.envs(values).env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    if let Some(folder) = command.get_current_dir() {
        whole.current_dir(folder);
    }
    whole
}
