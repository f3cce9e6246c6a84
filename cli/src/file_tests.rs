use super::*;

fn of(bytes: &[u8]) -> File {
    File::of(bytes, Path::new("x.yaml"))
}

#[test]
fn scalars_and_lists_are_read_as_texts() {
    let text = "acme-token: abc:def\nworkers: 4\nskip-full-sync: true\nsync-resource-types: [user, team]\nnothing:\n";
    let file = of(text.as_bytes());
    assert_eq!(file.problem, None);
    assert_eq!(file.get("acme-token"), Some(vec!["abc:def".into()]));
    assert_eq!(file.get("workers"), Some(vec!["4".into()]));
    assert_eq!(file.get("skip-full-sync"), Some(vec!["true".into()]));
    assert_eq!(file.get("sync-resource-types"), Some(vec!["user".into(), "team".into()]));
    assert_eq!(file.get("nothing"), None);
    assert_eq!(file.get("absent"), None);
}

#[test]
fn what_the_parser_of_go_reads_is_read() {
    let plain = "acme-token: abc:dé\nworkers: ~\nfile: null\n";
    let wide = |unit: fn(u16) -> [u8; 2]| -> Vec<u8> {
        std::iter::once(0xfeff).chain(plain.encode_utf16()).flat_map(unit).collect()
    };
    for bytes in [
        plain.as_bytes().to_vec(),
        [b"\xef\xbb\xbf", plain.as_bytes()].concat(),
        wide(u16::to_le_bytes),
        wide(u16::to_be_bytes),
        plain.replace("acme-token", "ACME-Token").into_bytes(),
        format!("---\n{plain}").into_bytes(),
        format!("{plain}---\nacme-token: other\n").into_bytes(),
        format!("{plain}---\nnot: [closed\n").into_bytes(),
        plain.replace('\n', "\r\n").into_bytes(),
    ] {
        let file = of(&bytes);
        assert_eq!(file.problem, None, "{bytes:?}");
        assert_eq!(file.get("acme-token"), Some(vec!["abc:dé".into()]), "{bytes:?}");
        assert_eq!((file.get("workers"), file.get("file")), (None, None));
    }
    for empty in ["", "\n", "# nothing\n", "---\n", "---\n...\n", "null\n", "~"] {
        let file = of(empty.as_bytes());
        assert_eq!(file.problem, None, "{empty:?}");
        assert!(file.values.is_empty());
    }
}

#[test]
fn what_cannot_be_read_is_told_with_its_line_and_without_what_it_says() {
    for (bytes, line, words) in [
        (&b"a: b\nacme-token: [hunter2"[..], "line ", "cannot be read"),
        (b"acme-token: \"hunter2", "line ", "cannot be read"),
        (b"a: b\nacme-token: hunter2\nacme-token: hunter3\n", "line 3", "twice"),
        (b"a: b\nacme-token: hunter2\nname: J\xfcrgen\n", "line 3", "UTF-8"),
        (b"hunter2", "", "mapping"),
        (b"- hunter2", "", "mapping"),
        (b"\xff\xfeh", "", "UTF-16"),
        (b"a: b\n\thunter2: x\n", "line ", "cannot be read"),
    ] {
        let file = of(bytes);
        assert!(file.values.is_empty());
        let problem = file.problem.unwrap_or_default();
        assert!(problem.starts_with("the config file x.yaml"), "{problem}");
        assert!(problem.contains(line) && problem.contains(words), "{bytes:?}: {problem}");
        assert!(!problem.contains("hunter"), "{problem}");
    }
}

#[test]
fn another_extension_is_an_error() {
    let failure = File::read(Some("x.json")).err().map(|failure| failure.to_string());
    assert_eq!(failure.as_deref(), Some("expected config file to have .yaml or .yml extension"));
}
