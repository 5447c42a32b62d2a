//! Policies: what the owner of a project can turn, with bounds and what each of them does.
//!
//! The effects are in the rooms: process and limits in [`work`](super::work), review in the same,
//! meetings in [`day`](super::day), overtime, training and remote work in [`people`](super::people),
//! hiring in [`chief`](super::chief), the price in [`business`](super::business).

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::spec::{BadSpec, CENTS_MAX, range};

/// How work is planned.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize, TS,
)]
#[serde(rename_all = "snake_case")]
pub enum Process {
    /// Whoever is free takes what is ready, within the limits.
    Flow,
    /// The team commits to what fits into a sprint.
    Sprint,
}

/// Declares the policies once: as a whole, and as a change in which each may be left out.
macro_rules! policies {
    ($($(#[$doc:meta])* $field:ident: $type:ty = $usual:expr),+ $(,)?) => {
        /// What an owner can turn.
        #[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize, TS)]
        #[serde(deny_unknown_fields, default)]
        pub struct Policies { $($(#[$doc])* pub $field: $type),+ }

        impl Default for Policies {
            fn default() -> Self {
                Policies { $($field: $usual),+ }
            }
        }

        /// What to turn; the rest stays.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct PolicyChange {
            $(
                $(#[$doc])*
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $field: Option<$type>
            ),+
        }

        impl PolicyChange {
            /// These policies with what is to be turned.
            pub fn applied_to(&self, policies: &Policies) -> Policies {
                Policies { $($field: self.$field.unwrap_or(policies.$field)),+ }
            }

            /// Whether it turns nothing.
            pub fn is_empty(&self) -> bool {
                $(self.$field.is_none())&&+
            }
        }
    };
}

policies! {
    /// How work is planned.
    process: Process = Process::Flow,
    /// Working days of a sprint: 2 to 30.
    sprint_days: u8 = 10,
    /// Tasks one person may have in hand at a time: 1 to 8.
    wip_limit: u8 = 2,
    /// Share of finished work that is reviewed, in basis points.
    review: u16 = 8_000,
    /// How closely reviewers look, in basis points: more is found, it takes longer, and it is felt.
    review_strictness: u16 = 5_000,
    /// Minutes of meetings a week for each person, beside the stand-up: 0 to 1,200.
    meeting_minutes_per_week: u16 = 90,
    /// Hours worked beyond eight a day: 0 to 6.
    overtime_hours: u8 = 0,
    /// Share of people who work from elsewhere, in basis points.
    remote: u16 = 3_000,
    /// Share of working time given to training, in basis points: 0 to 3,000.
    training: u16 = 300,
    /// Positions the chief may open in a month beyond replacing leavers: 0 to 20.
    hires_per_month: u8 = 1,
    /// Whether somebody who left is replaced.
    replace_leavers: bool = true,
    /// Monthly price of the product for one customer, in cents.
    price_cents: i64 = 4_900,
}

impl Policies {
    /// Whether all of it is within bounds.
    pub fn check(&self) -> Result<(), BadSpec> {
        range("sprint_days", self.sprint_days.into(), 2, 30)?;
        range("wip_limit", self.wip_limit.into(), 1, 8)?;
        range("review", self.review.into(), 0, 10_000)?;
        range("review_strictness", self.review_strictness.into(), 0, 10_000)?;
        range("meeting_minutes_per_week", self.meeting_minutes_per_week.into(), 0, 1_200)?;
        range("overtime_hours", self.overtime_hours.into(), 0, 6)?;
        range("remote", self.remote.into(), 0, 10_000)?;
        range("training", self.training.into(), 0, 3_000)?;
        range("hires_per_month", self.hires_per_month.into(), 0, 20)?;
        range("price_cents", self.price_cents, 0, CENTS_MAX / 1_000)
    }
}
