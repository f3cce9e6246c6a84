//! What lies in `deploy/`: each way to run the program gives it the five variables and takes away what it does not
//! need, and the program works with what it is given there.

use std::collections::BTreeSet;

use baton_planetscale_support::fake_c1::{id, sync};
use serde_json::Value;

use crate::harness::Place;
use crate::health::{address, get};

const FIVE: [&str; 5] = [
    "BATON_CLIENT_ID",
    "BATON_CLIENT_SECRET",
    "BATON_HOST_ID",
    "BATON_PLANETSCALE_API_URL",
    "BATON_PLANETSCALE_SERVICE_TOKEN",
];

const DOCKERFILE: &str = include_str!("../../deploy/Dockerfile");
const ENVIRONMENT: &str = include_str!("../../deploy/baton-planetscale.env");
const MANIFEST: &str = include_str!("../../deploy/kubernetes.yaml");
const UNIT: &str = include_str!("../../deploy/baton-planetscale.service");

/// The manifest's documents of a kind.
fn documents(kind: &str) -> Vec<Value> {
    let all = MANIFEST.split("\n---\n").map(|text| serde_saphyr::from_str::<Value>(text).expect("YAML"));
    all.filter(|document| document["kind"] == kind).collect()
}

fn pod() -> Value {
    let [deployment] = documents("Deployment").try_into().expect("one deployment");
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
    let [secret] = documents("Secret").try_into().expect("one secret");
    let container = &pod()["containers"][0];
    assert_eq!(container["envFrom"][0]["secretRef"]["name"], secret["metadata"]["name"]);
    let given = container["env"].as_array().expect("variables");
    let own = given.iter().map(|variable| variable["name"].as_str().expect("a name"));
    let secrets = secret["stringData"].as_object().expect("values").keys().map(String::as_str);
    let (checks, five): (BTreeSet<&str>, BTreeSet<&str>) =
        own.chain(secrets).partition(|name| name.starts_with("BATON_HEALTH_CHECK"));
    assert_eq!(five, names(FIVE.into_iter()));
    assert_eq!(checks, names(["BATON_HEALTH_CHECK", "BATON_HEALTH_CHECK_BIND_ADDRESS"].into_iter()));

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
    // What it needs to end its tasks in good order.
    assert!(pod["terminationGracePeriodSeconds"].as_u64().is_some_and(|seconds| seconds > 10));
}

#[test]
fn the_unit_reads_the_five_from_a_file_and_gives_up_all_rights() {
    let given =
        ENVIRONMENT.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('='));
    assert_eq!(names(given.map(|(name, _)| name)), names(FIVE.into_iter()));
    let lines: Vec<&str> = UNIT.lines().collect();
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
