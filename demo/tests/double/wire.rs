//! Faults that are no HTTP: ends, pauses, pieces, lengths.

use baton_planetscale_demo::{Cut, Fault, FaultKind, Phase, Place};

use crate::client::{Ended, MEMBERS, ORGANIZATIONS, broken, get, get_impatiently, ids, small};

#[test]
fn a_connection_ends_in_each_phase() {
    for cut in [Cut::Reset, Cut::Close] {
        let ended = if cut == Cut::Reset { Ended::Reset } else { Ended::Closed };
        let got = Phase::ALL.map(|phase| get(&broken(FaultKind::Cut { phase, cut }), MEMBERS));
        assert!(got.iter().all(|g| g.ended == ended), "{cut:?}");
        let [before, in_header, after_header, in_body] = got;
        assert_eq!(before.head, "");
        assert!(in_header.head.starts_with("HTTP/1.1 200") && in_header.status == 0);
        assert_eq!((after_header.status, after_header.body.len()), (200, 0));
        let whole: usize = in_body.header("content-length").unwrap().parse().unwrap();
        assert_eq!(in_body.body.len(), whole / 2);
    }
}

#[test]
fn a_pause_in_each_phase_ends_well() {
    for phase in Phase::ALL {
        let got = get(&broken(FaultKind::Stall { phase, for_ms: Some(30) }), MEMBERS);
        assert_eq!((got.status, ids(&got.json()).len()), (200, 3), "{phase:?}");
    }
}

#[test]
fn a_pause_without_end_lasts_until_the_client_goes() {
    let server = broken(FaultKind::Stall { phase: Phase::InBody, for_ms: None });
    let got = get_impatiently(&server, MEMBERS);
    assert_eq!((got.status, got.ended), (200, Ended::Silent));
    assert!(!got.body.is_empty());
}

#[test]
fn a_reply_in_small_pieces_is_the_same_reply() {
    let got = get(&broken(FaultKind::Drip { bytes: 100, every_ms: 1 }), MEMBERS);
    assert_eq!(ids(&got.json()).len(), 3);
}

#[test]
fn a_length_can_be_too_large_or_too_small() {
    for more in [5, -5] {
        let got = get(&broken(FaultKind::Length { more }), MEMBERS);
        let told: i64 = got.header("content-length").unwrap().parse().unwrap();
        assert_eq!(told - i64::try_from(got.body.len()).unwrap(), more);
    }
}

#[test]
fn connections_are_refused_for_a_time() {
    let refuse = |for_ms| Fault { at: Place::default(), times: Some(1), kind: FaultKind::Refuse { for_ms } };
    let server = small(vec![refuse(None)]);
    assert_ne!(get(&server, MEMBERS).status, 200);
    assert_eq!(get(&server, MEMBERS).ended, Ended::Refused);

    let server = small(vec![refuse(Some(100))]);
    assert_ne!(get(&server, MEMBERS).status, 200);
    // However slow the machine: at some time the port is open again.
    while get(&server, ORGANIZATIONS).ended == Ended::Refused {
        std::thread::yield_now();
    }
    assert_eq!(get(&server, MEMBERS).status, 200);
}

#[test]
fn a_stopped_server_takes_no_connections() {
    let server = small(Vec::new());
    assert_eq!(get(&server, MEMBERS).status, 200);
    let address = server.address();
    server.stop();
    assert!(std::net::TcpStream::connect(address).is_err());
}
