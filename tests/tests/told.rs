//! A resource that lists tell differently is put together by one rule, whichever of them is read first.

use std::collections::BTreeSet;

use baton_c1z::{C1z, JsonLines, Options};
use baton_host::contract::{ProfileValue, Resource, ResourceId, Trait, UserTrait};
use baton_host::records::{List, Records};
use baton_host::sink::{Memory, Sink};
use baton_host::{Config, Error, Secret, SinkError, Summary};
use baton_planetscale_support::guests::{hostile, misbehave};
use baton_planetscale_support::options;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::checks::breaks;

/// The things that hold people.
const THINGS: [&str; 4] = ["a", "b", "c", "d"];

/// Every order of them.
fn orders() -> Vec<[&'static str; 4]> {
    let mut all = Vec::new();
    for one in THINGS {
        for two in THINGS {
            for three in THINGS {
                for four in THINGS {
                    if BTreeSet::from([one, two, three, four]).len() == 4 {
                        all.push([one, two, three, four]);
                    }
                }
            }
        }
    }
    all
}

/// A server that answers in an order: as soon as all workers wait, the first of those that wait.
async fn answer(listener: TcpListener, order: [&'static str; 4], workers: usize) -> Vec<String> {
    let mut waiting: Vec<(String, TcpStream)> = Vec::new();
    let mut answered: Vec<String> = Vec::new();
    while answered.len() < THINGS.len() {
        while waiting.len() < workers.min(THINGS.len() - answered.len()) {
            let (mut connection, _) = listener.accept().await.expect("a connection");
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(connection.read_u8().await.expect("a request"));
            }
            let head = String::from_utf8(head).expect("a text");
            let thing = head.split(['/', ' ']).nth(2).expect("a thing").to_owned();
            waiting.push((thing, connection));
        }
        let place = |thing: &str| order.iter().position(|other| *other == thing);
        waiting.sort_by_key(|(thing, _)| place(thing));
        let (thing, mut connection) = waiting.remove(0);
        let reply = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        connection.write_all(reply).await.expect("a reply");
        answered.push(thing);
    }
    answered
}

/// Sync into a sink while the lists are answered in an order; and the order that it was.
async fn sync(
    sink: &mut dyn Sink,
    order: [&'static str; 4],
    workers: usize,
) -> (Result<Summary, Error>, Vec<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let answered = tokio::spawn(answer(listener, order, workers));
    let connector = hostile();
    let values = [("mode", "told"), ("at", "list-resources"), ("api-url", url.as_str())];
    let values = values.map(|(name, value)| (name.to_owned(), Secret::from(value)));
    let schema = connector.config_schema().await.expect("a schema");
    let config = Config::new(&schema, values).expect("a config");
    let result = connector.sync(config, sink, options(workers)).await;
    (result, answered.await.expect("the server"))
}

fn warnings(summary: Result<Summary, Error>) -> Vec<String> {
    let summary = summary.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(summary.resources["person"], 9);
    summary.warnings.into_iter().map(|warning| warning.message).collect()
}

/// The lines of a file, sorted.
fn lines(path: &std::path::Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).expect("the file");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

/// The resources and entitlements in a `.c1z`, sorted.
fn rows(path: &std::path::Path) -> Vec<(String, Vec<u8>)> {
    let packed = std::fs::read(path).expect("the file");
    let payload = packed.strip_prefix(b"C1ZF\0").expect("the magic number");
    let database = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(database.path(), zstd::decode_all(payload).expect("zstd")).expect("unpacked");
    let sql = rusqlite::Connection::open(database.path()).expect("a database");
    let query =
        "select external_id, data from v1_resources union all select external_id, data from v1_entitlements
         order by 1";
    let mut query = sql.prepare(query).expect("a query");
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("rows");
    rows.map(|row| row.expect("a row")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_is_the_same_with_any_number_of_workers_and_in_every_order_of_replies() {
    let folder = tempfile::tempdir().expect("a folder");
    let (json, c1z) = (folder.path().join("sync.jsonl"), folder.path().join("sync.c1z"));
    let mut expected = None;
    let mut orders_seen = BTreeSet::new();
    for workers in [1, 3, 16, 64] {
        for order in orders() {
            let mut sink = JsonLines::create(&json).expect("a sink");
            let (result, answered) = sync(&mut sink, order, workers).await;
            let told = warnings(result);
            let mut sink = C1z::create(&c1z, Options::default()).expect("a sink");
            assert_eq!(warnings(sync(&mut sink, order, workers).await.0), told);
            let found = (lines(&json), rows(&c1z), told);
            std::fs::remove_file(&c1z).expect("the file");
            assert_eq!(*expected.get_or_insert(found.clone()), found, "{workers} workers, {order:?}");
            orders_seen.insert(answered);
            if workers == 1 {
                break;
            }
        }
    }
    assert_eq!(orders_seen.len(), orders().len(), "an order was never answered in");
    let (lines, rows, told) = expected.expect("a sync");
    // Four things and nine people, each once, and what the things offer.
    assert_eq!(lines.iter().filter(|line| line.starts_with("{\"resource\":")).count(), 13);
    assert_eq!(rows.len(), 13 + 4);
    let said = [
        // Who holds what each thing offers is in no list: told of once, with the same grant each time.
        "person:1 holds a grant (thing:a:use:person:1), but was not listed",
        "person:everywhere (Person of ) and 2 more are told differently by the lists that they are in",
    ];
    assert_eq!(told.len(), said.len(), "{told:?}");
    assert!(told.iter().zip(said).all(|(told, said)| told.starts_with(said)), "{told:?}");
}

fn person<'a>(found: &'a Memory, id: &str) -> (&'a Resource, &'a UserTrait) {
    let id = ResourceId { resource_type: "person".into(), id: id.into() };
    let mut people = found.resources.iter().filter(|resource| resource.id == id);
    let person = people.next().expect("the person");
    assert_eq!(people.next(), None, "{id:?} twice");
    let [Trait::User(user)] = person.traits.as_slice() else { panic!("{person:?}") };
    (person, user)
}

fn list(person: &Resource, key: &str) -> Vec<String> {
    let value = person.profile.iter().find(|entry| entry.key == key).map(|entry| &entry.value);
    let Some(ProfileValue::TextList(texts)) = value else { panic!("{person:?}") };
    texts.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_put_together_as_the_contract_says() {
    let mut found = Memory::default();
    let (result, _) = sync(&mut found, ["d", "c", "b", "a"], 16).await;
    warnings(result);
    // Who is told without a parent is told so; lists are of all.
    let (everywhere, user) = person(&found, "everywhere");
    assert_eq!(everywhere.display_name, "Person of ");
    assert_eq!(user.emails[0].address, "@x.test");
    assert_eq!(list(everywhere, "things"), ["", "0", "a", "b", "c", "d", "z"]);
    assert_eq!((user.mfa_enabled, user.sso_enabled), (Some(false), Some(true)));
    // Otherwise the smallest parent counts.
    let (most, user) = person(&found, "most");
    assert_eq!((most.display_name.as_str(), user.login.as_deref()), ("Person of b", Some("login b")));
    assert_eq!(user.login_aliases, ["alias b", "alias c", "alias d", "everybody"]);
    assert_eq!(user.employee_ids, ["number b", "number c", "number d"]);
    assert_eq!(list(most, "things"), ["0", "b", "c", "d", "z"]);
    // Also when it is not the first that told this record, and another told it as well.
    let (outer, user) = person(&found, "outer");
    assert_eq!((outer.display_name.as_str(), user.employee_ids.len()), ("Person of a", 3));
    // What every list tells alike is no warning and stays as it is.
    assert_eq!(person(&found, "same").0.display_name, "Person same");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_names_types_of_children_has_to_be_the_same_each_time() {
    for workers in [1, 3] {
        let values = [("mode", "told-parents"), ("at", "list-resources")];
        let (result, found) = misbehave(&values, options(workers)).await;
        let error = result.expect_err("two lists tell it differently");
        let said = "resource thing:both names types of children, and is told differently by the lists";
        assert!(error.to_string().contains(said), "{error}");
        assert!(error.to_string().ends_with("likely a connector bug") && error.code() == 13, "{error}");
        assert!(!found.finished);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_records_the_one_without_parent_stands_and_one_is_told_of() {
    for (mode, warned) in [("listed-same", 0), ("listed-other", 1)] {
        let (result, found) = breaks(mode, "list-resources").await;
        let summary = result.unwrap_or_else(|error| panic!("{mode}: {error}"));
        assert_eq!(summary.warnings.len(), warned, "{mode}: {:?}", summary.warnings);
        for warning in &summary.warnings {
            let said =
                "person:1 (Person 1) is told differently by the lists that it is in; it was put together";
            assert!(warning.message.starts_with(said), "{}", warning.message);
        }
        assert_eq!(summary.resources.get("person"), Some(&1), "{mode}");
        assert_eq!(person(&found, "1").0.display_name, "Person 1", "{mode}");
    }
}

/// How many resources were written, and replaced.
#[derive(Default)]
struct Count {
    written: usize,
    replaced: usize,
}

impl Sink for Count {
    fn write(&mut self, _: &List, records: Records) -> Result<(), SinkError> {
        if matches!(records, Records::Resources(_)) {
            self.written += records.len();
        }
        Ok(())
    }

    fn replace(&mut self, _: Resource) -> Result<(), SinkError> {
        self.replaced += 1;
        Ok(())
    }

    fn restart(&mut self, _: &List) -> Result<(), SinkError> {
        Ok(())
    }

    fn finish(&mut self) -> Result<(), SinkError> {
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sink_gets_each_resource_once_and_what_differs_once_more() {
    let mut count = Count::default();
    let (result, _) = sync(&mut count, ["c", "a", "d", "b"], 3).await;
    warnings(result);
    assert_eq!((count.written, count.replaced), (13, 3));
}
