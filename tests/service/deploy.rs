//! What lies in `deploy/`: each way to run the program gives it the five values and takes away what it does not need,
//! and the program works with what it is given there. That manifests are of their types, `tests/deploy` sees to.

use std::collections::BTreeSet;

use baton_planetscale_support::fake_c1::{id, sync};
use serde_json::Value;

use crate::harness::Place;
use crate::health::{address, get};

/// The five, of which two are secrets and come from files.
const FIVE: [&str; 5] = [
    "BATON_CLIENT_ID",
    "BATON_CLIENT_SECRET_FILE",
    "BATON_HOST_ID",
    "BATON_PLANETSCALE_API_URL",
    "BATON_PLANETSCALE_SERVICE_TOKEN_FILE",
];

const DOCKERFILE: &str = include_str!("../../deploy/Dockerfile");
const ENVIRONMENT: &str = include_str!("../../deploy/baton-planetscale.env.example");
const MANIFEST: &str = include_str!("../../deploy/kubernetes.yaml");
const ONCE: &str = include_str!("../../deploy/kubernetes-once.yaml");
const OPERATE: &str = include_str!("../../docs/operate.md");
const UNIT: &str = include_str!("../../deploy/baton-planetscale.service");

/// A manifest's one document of a kind.
fn document(manifest: &str, kind: &str) -> Value {
    let all = manifest.split("\n---\n").map(|text| serde_saphyr::from_str::<Value>(text).expect("YAML"));
    let found: Vec<Value> = all.filter(|document| document["kind"] == kind).collect();
    let [document] = found.try_into().expect("one");
    document
}

fn pod() -> Value {
    let deployment = document(MANIFEST, "Deployment");
    assert_eq!(
        deployment["spec"]["selector"]["matchLabels"],
        deployment["spec"]["template"]["metadata"]["labels"]
    );
    deployment["spec"]["template"]["spec"].clone()
}

fn names<'a>(values: impl Iterator<Item = &'a str>) -> BTreeSet<&'a str> {
    values.collect()
}

#[test]
fn the_pods_variables_are_the_five_and_those_of_its_probes_and_its_probes_are_answered() {
    let pod = pod();
    let container = &pod["containers"][0];
    let given = container["env"].as_array().expect("variables");
    let own = given.iter().map(|variable| variable["name"].as_str().expect("a name"));
    let (checks, five): (BTreeSet<&str>, BTreeSet<&str>) =
        own.partition(|name| name.starts_with("BATON_HEALTH_CHECK"));
    assert_eq!(five, names(FIVE.into_iter()));
    assert_eq!(checks, names(["BATON_HEALTH_CHECK", "BATON_HEALTH_CHECK_BIND_ADDRESS"].into_iter()));
    // The files lie where the secret is mounted, under the names by which the head of the manifest makes it.
    let mounted = container["volumeMounts"].as_array().expect("mounts");
    let mounted = mounted.iter().find(|mount| mount["name"] == "secrets").expect("the secret's");
    for file in
        given.iter().filter(|variable| variable["name"].as_str().is_some_and(|name| name.ends_with("_FILE")))
    {
        let path = file["value"].as_str().expect("a path");
        let (folder, name) = path.rsplit_once('/').expect("a path");
        assert_eq!(mounted["mountPath"], folder);
        assert!(MANIFEST.contains(&format!("--from-file={name}=deploy/secrets/{name}")), "{name}");
    }

    let place = Place::new();
    place.c1.push(sync(1));
    let mut program = place.program();
    for variable in given.iter().filter(|variable| checks.contains(variable["name"].as_str().unwrap())) {
        program.env(variable["name"].as_str().expect("a name"), variable["value"].as_str().expect("a value"));
    }
    // Tests run side by side, so not on the port that the manifest relies on.
    let service = place.start_as({
        program.env("BATON_HEALTH_CHECK_PORT", "0");
        program
    });
    let mut address = address(&service);
    service.logs("C1 knows this connector now");
    assert!(address.ip().is_unspecified(), "probes come from outside of the pod");
    address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    for probe in ["startupProbe", "livenessProbe", "readinessProbe"] {
        let ask = &container[probe]["httpGet"];
        assert_eq!(ask["port"], container["ports"][0]["name"]);
        assert_eq!(get(address, ask["path"].as_str().expect("a path")).0, 200, "{probe}");
    }
    assert_eq!(container["ports"][0]["containerPort"], 8081);
    place.c1.finished(&id(1));
    service.stop();
}

#[test]
fn the_pod_has_no_rights_and_a_root_file_system_that_it_cannot_write() {
    let pod = pod();
    let container = &pod["containers"][0];
    let rights = &container["securityContext"];
    assert_eq!(rights["readOnlyRootFilesystem"], true);
    assert_eq!(rights["allowPrivilegeEscalation"], false);
    assert_eq!(rights["capabilities"]["drop"], serde_json::json!(["ALL"]));
    assert_eq!(pod["securityContext"]["runAsNonRoot"], true);
    assert_eq!(pod["automountServiceAccountToken"], false);
    // The one place it writes to.
    assert_eq!(container["volumeMounts"][0]["mountPath"], "/tmp");
    assert_eq!(container["volumeMounts"][0]["name"], pod["volumes"][0]["name"]);
    assert_eq!(container["volumeMounts"].as_array().map(Vec::len), Some(2));
    assert_eq!(container["volumeMounts"][1]["readOnly"], true);
    // What it needs to end its tasks in good order.
    assert!(pod["terminationGracePeriodSeconds"].as_u64().is_some_and(|seconds| seconds > 10));
}

#[test]
fn the_unit_reads_the_five_from_files_and_gives_up_all_rights() {
    let open =
        ENVIRONMENT.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('='));
    let lines: Vec<&str> = UNIT.lines().collect();
    let credentials = lines.iter().filter_map(|line| line.strip_prefix("LoadCredential=")?.split_once(':'));
    let credentials: BTreeSet<&str> = credentials.map(|(name, _)| name).collect();
    let variables = lines.iter().filter_map(|line| line.strip_prefix("Environment=")?.split_once("=%d/"));
    let secret: Vec<(&str, &str)> = variables.collect();
    assert_eq!(secret.iter().map(|(_, name)| *name).collect::<BTreeSet<_>>(), credentials);
    let secret = secret.iter().map(|(name, _)| *name);
    assert_eq!(names(open.map(|(name, _)| name).chain(secret)), names(FIVE.into_iter()));
    for line in [
        "EnvironmentFile=/etc/baton-planetscale/env",
        "Environment=BATON_HEALTH_CHECK=true",
        "DynamicUser=yes",
        "ProtectSystem=strict",
        "CapabilityBoundingSet=",
        "NoNewPrivileges=yes",
        "Restart=always",
    ] {
        assert!(lines.contains(&line), "{line}");
    }
}

/// The exit codes with one of these words in the last column of the documentation's table.
fn codes(words: &[&str]) -> BTreeSet<u64> {
    let rows = OPERATE.lines().filter_map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        matches!(cells[..], [_, _, _, word] if words.contains(&word)).then(|| cells[0].to_owned())
    });
    let codes: Vec<String> =
        rows.flat_map(|codes| codes.split(", ").map(str::to_owned).collect::<Vec<_>>()).collect();
    assert!(codes.len() > 3, "{codes:?}");
    codes.iter().map(|code| code.parse().expect("a code")).collect()
}

#[test]
fn what_would_end_the_same_way_is_not_started_again() {
    let unit = UNIT.lines().find_map(|line| line.strip_prefix("RestartPreventExitStatus=")).expect("codes");
    let unit: BTreeSet<u64> = unit.split(' ').map(|code| code.parse().expect("a code")).collect();
    assert_eq!(unit, codes(&["no", "no, as a service"]));
    let job = &document(ONCE, "CronJob")["spec"]["jobTemplate"]["spec"];
    let rule = &job["podFailurePolicy"]["rules"][0];
    let never = rule["onExitCodes"]["values"].as_array().expect("codes").iter().filter_map(Value::as_u64);
    assert_eq!((never.collect::<BTreeSet<_>>(), &rule["action"]), (codes(&["no"]), &Value::from("FailJob")));
    let pod = &job["template"]["spec"];
    assert_eq!(
        (&pod["restartPolicy"], &pod["containers"][0]["name"]),
        (&"Never".into(), &rule["onExitCodes"]["containerName"])
    );
}

#[test]
fn nothing_secret_is_sent_to_what_builds_the_image_and_what_is_filled_in_is_not_tracked() {
    let ignored: Vec<&str> = include_str!("../../deploy/Dockerfile.dockerignore").lines().collect();
    for name in ["**/secrets", "**/*.env", "**/.env", "**/.venv", ".git", "**/target"] {
        assert!(ignored.contains(&name), "{name}");
    }
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let git = |args: &[&str]| {
        let output = std::process::Command::new("git").args(args).current_dir(root).output().expect("git");
        String::from_utf8(output.stdout).expect("text")
    };
    if git(&["rev-parse", "--is-inside-work-tree"]).trim() != "true" {
        // In an archive of the sources there is nothing that could be tracked.
        return;
    }
    for name in [
        "deploy/baton-planetscale.env",
        "deploy/secrets/service-token",
        ".env",
        ".baton.yaml",
        "embed/http/.env",
        "embed/python/.venv/x",
        "embed/node/my.env",
    ] {
        assert_eq!(git(&["check-ignore", "--no-index", name]).trim(), name);
    }
    assert_eq!(git(&["check-ignore", "--no-index", "deploy/baton-planetscale.env.example"]), "");
    let tracked = git(&["ls-files"]);
    let filled_in = |name: &&str| name.ends_with(".env") || name.ends_with(".baton.yaml");
    assert_eq!(tracked.lines().find(filled_in), None);
}

#[test]
fn the_image_is_the_program_alone_run_by_nobody() {
    let toolchain = include_str!("../../rust-toolchain.toml");
    let (build, image) = DOCKERFILE.split_once("\nFROM scratch\n").expect("two stages");
    let version = build.lines().find_map(|line| line.strip_prefix("FROM rust:")).expect("a compiler");
    let version = version.split('-').next().expect("a version");
    assert!(toolchain.contains(&format!("channel = \"{version}.")), "{version}");
    // There is nothing in it but what is laid ready: the program, what it trusts, and the one place it writes to.
    assert!(build.contains("\nRUN .ci/static\n"));
    let laid: Vec<&str> = build.split_whitespace().filter(|word| word.starts_with("/image/")).collect();
    assert_eq!(laid, ["/image/usr/local/bin", "/image/etc/ssl/certs", "/image/tmp"]);
    let words = |word: &str| image.lines().filter(|line| line.starts_with(word)).collect::<Vec<_>>();
    assert_eq!(words("COPY"), ["COPY --from=build /image /"]);
    assert_eq!(words("RUN").len(), 0, "there is no shell");
    assert_eq!(words("USER"), ["USER 65532:65532"]);
    assert_eq!(words("ENTRYPOINT"), ["ENTRYPOINT [\"/usr/local/bin/baton-planetscale\"]"]);
    assert_eq!(words("HEALTHCHECK").len(), 1);
}

#[test]
fn what_is_installed_is_what_is_built_to_be_deployed() {
    let built = include_str!("../../.ci/static");
    let target = built.lines().find_map(|line| line.strip_prefix("target=")).expect("a target");
    assert!(target.ends_with("-linux-musl"), "{target}");
    let program = format!("target/{target}/release/baton-planetscale");
    for (name, text) in [("the image", DOCKERFILE), ("the unit", UNIT)] {
        let named: Vec<&str> = text.split_whitespace().filter(|word| word.starts_with("target/")).collect();
        assert_eq!(named, [program.as_str()], "{name}");
    }
}
