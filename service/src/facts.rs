//! What a Hello tells of this machine and this program.
//!
//! C1 registers nobody who leaves one of these facts empty, so each has a substitute. They are read once.

use crate::messages::{BuildInfo, OsInfo};

/// The longest text that C1 takes.
const LONGEST: usize = 256;

/// What this program was built from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Build {
    /// The language and its version.
    pub language: String,
    /// Where its source is.
    pub package: String,
    /// Its version.
    pub version: String,
}

impl Default for Build {
    fn default() -> Self {
        Build {
            language: concat!("rust ", env!("CARGO_PKG_RUST_VERSION")).to_owned(),
            package: env!("CARGO_PKG_REPOSITORY").trim_start_matches("https://").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

/// The name of this machine.
pub fn host_name() -> Option<String> {
    system().map(|system| system.host).filter(|name| !name.is_empty())
}

pub(super) fn build_info(build: &Build) -> BuildInfo {
    BuildInfo {
        lang_version: short(&build.language),
        package: short(&build.package),
        package_version: short(&build.version),
    }
}

pub(super) fn os_info() -> OsInfo {
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let contained =
        std::path::Path::new("/.dockerenv").exists() || std::env::var_os("KUBERNETES_SERVICE_HOST").is_some();
    fill(system().unwrap_or_default(), &release, contained)
}

/// What the kernel says.
#[derive(Clone, Default)]
struct System {
    host: String,
    kernel: String,
    machine: String,
}

#[cfg(unix)]
fn system() -> Option<System> {
    let name = rustix::system::uname();
    let text = |text: &std::ffi::CStr| text.to_string_lossy().into_owned();
    Some(System { host: text(name.nodename()), kernel: text(name.release()), machine: text(name.machine()) })
}

#[cfg(not(unix))]
fn system() -> Option<System> {
    let host = std::env::var("COMPUTERNAME").ok()?;
    Some(System { host, ..System::default() })
}

fn fill(system: System, release: &str, contained: bool) -> OsInfo {
    let os = std::env::consts::OS;
    let platform = or(&field(release, "ID"), os);
    let kernel = or(&system.kernel, "unknown");
    OsInfo {
        hostname: or(&system.host, "unknown"),
        os: os.to_owned(),
        platform_family: or(field(release, "ID_LIKE").split(' ').next().unwrap_or_default(), &platform),
        platform_version: or(&field(release, "VERSION_ID"), &kernel),
        platform,
        kernel_version: kernel,
        kernel_arch: or(&system.machine, std::env::consts::ARCH),
        virtualization_system: if contained { "docker" } else { "none" }.to_owned(),
    }
}

/// A value of an `os-release` file.
fn field(release: &str, name: &str) -> String {
    let value = release.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
    value.unwrap_or_default().trim_matches(['"', '\'']).to_owned()
}

fn or(text: &str, substitute: &str) -> String {
    short(if text.is_empty() { substitute } else { text })
}

fn short(text: &str) -> String {
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(info: &OsInfo) -> [&str; 8] {
        [
            &info.hostname,
            &info.os,
            &info.platform,
            &info.platform_version,
            &info.platform_family,
            &info.kernel_version,
            &info.kernel_arch,
            &info.virtualization_system,
        ]
    }

    #[test]
    fn no_fact_is_empty_or_too_long() {
        let long = "é".repeat(200);
        let system = System { host: long.clone(), kernel: long.clone(), machine: long };
        for info in [os_info(), fill(System::default(), "", false), fill(system, "ID=\"\"", true)] {
            assert!(fields(&info).iter().all(|text| !text.is_empty() && text.len() <= LONGEST), "{info:?}");
        }
    }

    #[test]
    fn a_release_file_names_platform_version_and_family() {
        let release = "NAME=\"Some Linux\"\nID=some\nVERSION_ID=\"12\"\nID_LIKE=\"debian other\"\n";
        let info = fill(System::default(), release, true);
        assert_eq!(
            (&*info.platform, &*info.platform_version, &*info.platform_family),
            ("some", "12", "debian")
        );
        assert_eq!(info.virtualization_system, "docker");
    }
}
