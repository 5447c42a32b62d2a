//! The vocabulary of a product: the areas it is made of, drawn from the trade its profile tells of and
//! from what all software has, so that the work of two companies differs.

use bincode::{Decode, Encode};

use crate::id::ShardId;
use crate::model::project::Profile;

/// Areas of a product. The first is the platform all others stand on.
pub const AREAS: u8 = 12;
/// The area of what belongs to no other.
pub const PLATFORM: u8 = 0;
/// Areas from the trade that fits the profile best, at most.
const FIRST_AREAS: usize = 7;
/// Areas from the trade that fits it second best, at most.
const SECOND_AREAS: usize = 2;

/// The first is for everybody. The first line of each are the words a profile is known by, each
/// further line is an area with its parts.
const LEXICONS: [&str; 2] =
    [include_str!("lexicons/general.txt"), include_str!("lexicons/harbour.txt")];

/// The areas of a product: places in the lexicons, of which any two numbers mean something.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Vocabulary {
    areas: [(u8, u8); AREAS as usize],
}

fn rows(lexicon: usize) -> impl Iterator<Item = &'static str> {
    LEXICONS[lexicon % LEXICONS.len()].lines().skip(1).filter(|line| !line.is_empty())
}

/// How well a profile fits a lexicon: its industry counts most.
fn fit(lexicon: usize, profile: &Profile) -> usize {
    let keywords = LEXICONS[lexicon].lines().next().unwrap_or_default();
    let hits = |text: &str| {
        let lower = text.to_lowercase();
        let words = lower.split(|sign: char| !sign.is_alphanumeric());
        let known = |word: &&str| keywords.split(' ').any(|key| word.starts_with(key));
        words.filter(|word| !word.is_empty()).filter(known).count()
    };
    let customers: usize = profile.target_customers.iter().map(|text| hits(text)).sum();
    3 * hits(&profile.industry)
        + 2 * hits(&profile.description)
        + hits(&profile.hypothesis)
        + hits(&profile.target_market)
        + customers
}

impl Vocabulary {
    /// The vocabulary of a project of this profile. What is left to choose, its id chooses.
    pub fn of(profile: &Profile, shard: ShardId) -> Vocabulary {
        let mut fits: Vec<(usize, usize)> = (1..LEXICONS.len())
            .map(|lexicon| (fit(lexicon, profile), lexicon))
            .filter(|&(fit, _)| fit > 0)
            .collect();
        fits.sort_by_key(|&(fit, lexicon)| (std::cmp::Reverse(fit), lexicon));
        let mut areas = vec![(0, 0)];
        let mut take = |lexicon: usize, most: usize| {
            // A walk through the rows from a place and with a stride of the id's choosing.
            let count = rows(lexicon).count().max(1);
            let seed = usize::from(shard.0.0[1 + lexicon % 30]);
            for nth in 0..count {
                let row = ((seed + nth) % count) as u8;
                let free = areas.len() < usize::from(AREAS) && nth < most;
                if free && !areas.contains(&(lexicon as u8, row)) {
                    areas.push((lexicon as u8, row));
                }
            }
        };
        if let Some(&(_, lexicon)) = fits.first() {
            take(lexicon, FIRST_AREAS);
        }
        if let Some(&(_, lexicon)) = fits.get(1) {
            take(lexicon, SECOND_AREAS);
        }
        take(0, usize::MAX);
        let mut vocabulary = Vocabulary::default();
        for (place, area) in vocabulary.areas.iter_mut().zip(areas) {
            *place = area;
        }
        vocabulary
    }

    fn row(&self, area: u8) -> &'static str {
        let (lexicon, row) = self.areas[usize::from(area) % self.areas.len()];
        let count = rows(lexicon.into()).count().max(1);
        rows(lexicon.into()).nth(usize::from(row) % count).unwrap_or_default()
    }

    /// What an area is called. Any number means some area.
    pub fn area_name(&self, area: u8) -> &'static str {
        self.row(area).split_once(':').map_or("", |(name, _)| name)
    }

    /// What a part of an area is called, with its article. Any number means some part.
    pub fn part_name(&self, area: u8, part: u8) -> &'static str {
        let (_, parts) = self.row(area).split_once(": ").unwrap_or_default();
        let count = parts.split("; ").count().max(1);
        parts.split("; ").nth(usize::from(part) % count).unwrap_or_default()
    }

    /// The area that a text from outside is about: the one whose words it names most often.
    /// Without any, or in haste, one that goes with its first word.
    pub fn area_of(&self, text: &str, haste: bool) -> u8 {
        let first = || {
            let word = text.split(' ').next().unwrap_or_default();
            let sum = word.bytes().fold(0u32, |sum, byte| sum.wrapping_mul(31) + u32::from(byte));
            (sum % u32::from(AREAS)) as u8
        };
        if haste {
            return first();
        }
        const TELLING_BYTES_MIN: usize = 4;
        let lower = text.to_lowercase();
        let named = |area: u8| {
            self.row(area)
                .split([' ', ':', ';'])
                .filter(|word| word.len() >= TELLING_BYTES_MIN && lower.contains(word))
                .count()
        };
        let best = (0..AREAS).max_by_key(|&area| (named(area), std::cmp::Reverse(area)));
        best.filter(|&area| named(area) > 0).unwrap_or_else(first)
    }
}
