//! Past projects: what real projects took, held against the same projects in the simulation.
//!
//! [`read`] takes a file of past projects (CSV or ARFF), [`simulation`] lets virtual companies do
//! them, [`baseline`] says what regression and COCOMO would have said, [`accuracy`] measures, and
//! [`study`] calibrates on one part of the rows and reports on the other, many times over.
//! Called by `zeromesh validate effort`.

pub mod accuracy;
pub mod baseline;
pub mod read;
pub mod simulation;
pub mod study;

/// A rating of COCOMO 81 as its effort multiplier (Boehm 1981), by its place in [`DRIVERS`].
pub type Multiplier = f64;

/// The fifteen cost drivers of intermediate COCOMO 81, as columns are called.
pub const DRIVERS: [&str; 15] = [
    "rely", "data", "cplx", "time", "stor", "virt", "turn", "acap", "aexp", "pcap", "vexp", "lexp",
    "modp", "tool", "sced",
];

/// What sizes are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SizeUnit {
    /// Thousands of lines of code.
    Kloc,
    /// Function points.
    FunctionPoints,
}

/// How tightly a project's parts and people hang together (Boehm 1981).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Organic,
    Semidetached,
    Embedded,
}

/// A past project.
#[derive(Clone, Debug, PartialEq)]
pub struct PastProject {
    /// Line of the file, from 1.
    pub line: u64,
    pub size: f64,
    /// What it took, in person-months of 152 hours. Never an input of the simulation.
    pub person_months: f64,
    /// How long it took, in months. Never an input of the simulation.
    pub months: Option<f64>,
    pub mode: Option<Mode>,
    /// As in [`DRIVERS`]; none if the file has no such columns.
    pub drivers: Option<[Multiplier; 15]>,
    /// Years of experience of the team.
    pub team_years: Option<f64>,
}

/// Past projects of one file.
#[derive(Clone, Debug, PartialEq)]
pub struct PastProjects {
    pub unit: SizeUnit,
    pub projects: Vec<PastProject>,
    /// Rows that were left out, with their line and why.
    pub left_out: Vec<(u64, String)>,
}
