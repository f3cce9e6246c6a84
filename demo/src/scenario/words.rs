//! Ids, names and addresses for people who are made up by number.
//!
//! Vendor ids are twelve lower-case letters and digits; these look the same and are a function of a
//! word and a number, so the same scenario has the same ids wherever it is built.

use super::people::Person;

const GIVEN: [&str; 32] = [
    "Amara", "Jonas", "Priya", "Mateo", "Ingrid", "Kenji", "Leila", "Oskar", "Nadia", "Tomasz", "Grace",
    "Idris", "Helena", "Bruno", "Mei", "Anders", "Zainab", "Felix", "Camila", "Ravi", "Sofia", "Emeka",
    "Klara", "Diego", "Hana", "Viktor", "Noor", "Elias", "Bianca", "Samir", "Freya", "Otto",
];

const FAMILY: [&str; 32] = [
    "Okafor",
    "Lindqvist",
    "Raghavan",
    "Herrera",
    "Solberg",
    "Tanaka",
    "Haddad",
    "Novak",
    "Petrova",
    "Kowalski",
    "Whitfield",
    "Mensah",
    "Costa",
    "Moretti",
    "Zhang",
    "Dahl",
    "Bello",
    "Brandt",
    "Vargas",
    "Iyer",
    "Marino",
    "Eze",
    "Weiss",
    "Fuentes",
    "Sato",
    "Kovacs",
    "Rahman",
    "Berg",
    "Duarte",
    "Nasser",
    "Hansen",
    "Keller",
];

/// Mixes a number well enough that neighbours look unrelated (the finaliser of SplitMix64).
pub(crate) fn mix(mut x: u64) -> u64 {
    x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// Twelve letters and digits that depend on the text alone.
pub(crate) fn id_of(text: &str) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in text.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    let mut rest = mix(hash);
    let mut id = String::with_capacity(12);
    for _ in 0..12 {
        let digit = usize::try_from(rest % 36).unwrap_or(0);
        id.push(char::from(DIGITS.get(digit).copied().unwrap_or(b'0')));
        rest /= 36;
    }
    id
}

/// The person with this number.
pub(crate) fn person(number: usize) -> Person {
    let pick = |list: &[&'static str; 32], at: usize| list.get(at % 32).copied().unwrap_or("Kim");
    let given = pick(&GIVEN, number);
    // A stride that shares no factor with 32 meets all pairs before one comes again.
    let family = pick(&FAMILY, number / 32 + number * 7);
    let id = id_of(&format!("person {number}"));
    let email = format!("{}.{}.{number}@example.com", given.to_lowercase(), family.to_lowercase());
    Person {
        display_name: format!("{given} {family}"),
        name: format!("{given} {family}"),
        avatar_url: format!("https://avatars.example.com/{id}.png"),
        two_factor_auth_configured: !number.is_multiple_of(5),
        email,
        id,
        ..Person::default()
    }
}
