use super::*;

const DAY: Duration = Duration::from_secs(86_400);

fn fingerprint(secret: &str) -> Fingerprint {
    let mut fingerprint = Fingerprint::default();
    fingerprint.add(b"component");
    fingerprint.add_secret(secret.as_bytes());
    fingerprint
}

#[test]
fn entries_are_found_in_the_next_run_also_behind_half_a_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("journal");
    let (journal, found) = FileJournal::open(&path, &fingerprint("a:b"), DAY).expect("a journal");
    assert_eq!(found, Found::Nothing);
    journal.keep(Kind::Page, 1, b"one");
    journal.keep(Kind::Page, 2, b"two");
    journal.keep(Kind::Reply, 3, &[b'x'; 100_000]);
    journal.forget_pages(&[2]);
    assert_eq!(journal.find(Kind::Page, 1), None, "a run does not read what it wrote");
    drop(journal);
    let mut file = OpenOptions::new().append(true).open(&path).expect("the file");
    file.write_all(&[PAGE; FRAME + 3]).expect("half an entry");

    for _ in 0..2 {
        let (journal, found) = FileJournal::open(&path, &fingerprint("a:b"), DAY).expect("a journal");
        assert!(matches!(found, Found::Entries { count: 2, .. }), "{found:?}");
        assert_eq!(journal.find(Kind::Page, 1).as_deref(), Some(&b"one"[..]));
        assert_eq!(journal.find(Kind::Page, 2), None);
        assert_eq!(journal.find(Kind::Reply, 3).map(|entry| entry.len()), Some(100_000));
    }
    let (journal, _) = FileJournal::open(&path, &fingerprint("a:b"), DAY).expect("a journal");
    journal.forget_replies();
    assert_eq!(journal.find(Kind::Reply, 3), None);
}

#[test]
fn a_journal_of_other_work_is_thrown_away() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("journal");
    let (journal, _) = FileJournal::open(&path, &fingerprint("a:b"), DAY).expect("a journal");
    journal.keep(Kind::Page, 1, b"one");
    drop(journal);
    // One secret in 65,536 looks the same.
    let others: Vec<Found> = ["a:c", "a:d"]
        .iter()
        .map(|other| FileJournal::open(&path, &fingerprint(other), DAY).expect("a journal").1)
        .collect();
    assert!(others.contains(&Found::Useless("the connector, its version or its config is another one")));
    std::fs::write(&path, b"something else").expect("a file");
    let (_, found) = FileJournal::open(&path, &fingerprint("a:b"), DAY).expect("a journal");
    assert_eq!(found, Found::Useless("it is not of this version"));
}

/// A journal whose two entries were read so long ago.
fn aged(path: &Path, first: u64, last: u64) -> Found {
    drop(std::fs::remove_file(path));
    let (journal, _) = FileJournal::open(path, &fingerprint("a:b"), DAY).expect("a journal");
    journal.keep(Kind::Page, 1, b"one");
    drop(journal);
    let mut bytes = std::fs::read(path).expect("the file");
    let made = u64::from_le_bytes(bytes[8..16].try_into().expect("eight bytes"));
    bytes[8..16].copy_from_slice(&(made - first).to_le_bytes());
    let mut second = bytes[HEAD..].to_vec();
    second[1] = 2;
    second[17..21].copy_from_slice(&u32::try_from(first - last).expect("seconds").to_le_bytes());
    bytes.extend(second);
    std::fs::write(path, bytes).expect("written");
    FileJournal::open(path, &fingerprint("a:b"), DAY).expect("a journal").1
}

#[test]
fn the_first_page_counts_for_a_day_and_the_last_one_for_an_hour() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("journal");
    let is_taken = |first, last| matches!(aged(&path, first, last), Found::Entries { count: 2, .. });
    assert!(is_taken(3_500, 0) && is_taken(86_300, 3_500));
    for (first, last) in [(86_500, 0), (3_700, 3_700), (86_300, 3_700)] {
        assert!(matches!(aged(&path, first, last), Found::Old { .. }), "{first} {last}");
    }
}

#[test]
fn a_journal_of_a_clock_that_was_ahead_is_thrown_away() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("journal");
    let (journal, _) = FileJournal::open(&path, &fingerprint("a:b"), DAY).expect("a journal");
    journal.keep(Kind::Page, 1, b"one");
    drop(journal);
    let mut bytes = std::fs::read(&path).expect("the file");
    bytes[14] = 1;
    std::fs::write(&path, bytes).expect("written");
    let (_, found) = FileJournal::open(&path, &fingerprint("a:b"), DAY).expect("a journal");
    assert!(matches!(found, Found::Useless(why) if why.contains("clock")), "{found:?}");
}
