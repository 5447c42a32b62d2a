//! The workshop: the project's repository, its builds and its deployments.
//!
//! It records what [`work`](super::work) decides. Nothing in it changes how work goes on.

use bincode::{Decode, Encode};

use crate::model::happen::Happen;
use crate::model::project::Project;

/// The state of the workshop.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Workshop {}

/// Why a run of the pipeline failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Failure {
    /// It does not compile.
    Compile,
    /// A test says no.
    Test,
    /// The style or the types are wrong.
    Lint,
    /// A security scan found something.
    Scan,
    /// A test that fails now and then.
    Flaky,
}

impl Project {
    /// Somebody has taken on a task.
    pub(in crate::model) fn workshop_started(
        &mut self,
        _person: usize,
        _task: usize,
        _now: u64,
        _happen: &mut Happen<'_, '_>,
    ) {
    }

    /// Somebody has worked on a task for so many minutes.
    pub(in crate::model) fn workshop_progress(
        &mut self,
        _person: usize,
        _task: usize,
        _minutes: u32,
        _now: u64,
        _happen: &mut Happen<'_, '_>,
    ) {
    }

    /// A run of the pipeline for a task has ended: with nothing wrong, or with this.
    pub(in crate::model) fn workshop_built(
        &mut self,
        _task: usize,
        _failure: Option<Failure>,
        _now: u64,
        _happen: &mut Happen<'_, '_>,
    ) {
    }

    /// Somebody has reviewed a task and found so many defects.
    pub(in crate::model) fn workshop_reviewed(
        &mut self,
        _reviewer: usize,
        _task: usize,
        _defects: u8,
        _now: u64,
        _happen: &mut Happen<'_, '_>,
    ) {
    }

    /// A task is done: its branch is merged.
    pub(in crate::model) fn workshop_merged(
        &mut self,
        _person: usize,
        _task: usize,
        _now: u64,
        _happen: &mut Happen<'_, '_>,
    ) {
    }

    /// What was merged since the last time went to customers, and worked or had to be put right.
    pub(in crate::model) fn workshop_deployed(
        &mut self,
        _failed: bool,
        _now: u64,
        _happen: &mut Happen<'_, '_>,
    ) {
    }

    /// The end of a working day in the workshop.
    pub(in crate::model) fn workshop_evening(&mut self, _now: u64, _happen: &mut Happen<'_, '_>) {}
}
