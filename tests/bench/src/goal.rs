//! The yardstick and the goals.
//!
//! The yardstick is a connector written in Go on the usual SDK (v0.25.0), measured once on another machine of two
//! cores. Goals are parts of its best line in a scenario, so they hold on any machine as ratios only as far as that
//! machine is alike; `--against` measures the two side by side.

/// One line of the yardstick.
pub struct Line {
    pub scenario: &'static str,
    /// Engine and workers.
    pub how: &'static str,
    pub requests: u64,
    pub connections: u64,
    /// Seconds.
    pub wall: f64,
    /// Seconds.
    pub cpu: f64,
    /// Megabytes.
    pub memory: f64,
}

/// All lines. The last one of a scenario is what goals are parts of.
#[rustfmt::skip]
pub const YARDSTICK: [Line; 8] = [
    Line { scenario: "S", how: "Pebble, 0 (its default)", requests: 8, connections: 1, wall: 0.22, cpu: 0.23, memory: 87.0 },
    Line { scenario: "S", how: "Pebble, 8 (its best)", requests: 8, connections: 4, wall: 0.19, cpu: 0.20, memory: 87.0 },
    Line { scenario: "M", how: "Pebble, 0 (its default)", requests: 354, connections: 1, wall: 10.3, cpu: 3.6, memory: 184.0 },
    Line { scenario: "M", how: "SQLite, 32", requests: 364, connections: 204, wall: 4.0, cpu: 4.3, memory: 125.0 },
    Line { scenario: "M", how: "Pebble, 32 (its best)", requests: 364, connections: 258, wall: 1.9, cpu: 2.2, memory: 123.0 },
    Line { scenario: "L", how: "Pebble, 0 (its default)", requests: 6051, connections: 1, wall: 51.0, cpu: 58.0, memory: 276.0 },
    Line { scenario: "L", how: "SQLite, 8", requests: 6051, connections: 923, wall: 84.0, cpu: 93.0, memory: 148.0 },
    Line { scenario: "L", how: "Pebble, 32 (its best)", requests: 6051, connections: 2898, wall: 24.0, cpu: 36.0, memory: 396.0 },
];

/// What a scenario may take at most; nothing is said of what is none.
#[derive(Clone, Copy, Default)]
pub struct Goals {
    /// Seconds.
    pub wall: Option<f64>,
    /// Seconds.
    pub cpu: Option<f64>,
    /// Megabytes.
    pub memory: Option<f64>,
}

/// Ten times the grants of L may add so many megabytes.
pub const TEN_TIMES_THE_GRANTS: f64 = 20.0;

/// A worker may add so many megabytes.
pub const A_WORKER: f64 = 3.0;

/// The lines of a scenario.
pub fn lines(scenario: &str) -> impl Iterator<Item = &'static Line> + use<'_> {
    YARDSTICK.iter().filter(move |line| line.scenario == scenario)
}

/// The goals of a scenario, with compiled code found in the cache or not.
pub fn goals(scenario: &str, warm: bool) -> Goals {
    match (scenario, warm) {
        ("S", true) => Goals { wall: Some(0.060), cpu: Some(0.060), memory: Some(30.0) },
        ("S", false) => Goals { wall: Some(0.350), ..Goals::default() },
        ("M", true) => Goals { wall: Some(1.9 / 3.0), cpu: Some(2.2 / 5.0), memory: None },
        ("L", true) => Goals { wall: Some(24.0 / 6.0), cpu: Some(36.0 / 8.0), memory: Some(60.0) },
        _ => Goals::default(),
    }
}
