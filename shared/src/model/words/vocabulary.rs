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
const LEXICONS: [&str; 18] = [
    include_str!("lexicons/general.txt"),
    include_str!("lexicons/agriculture.txt"),
    include_str!("lexicons/construction.txt"),
    include_str!("lexicons/developers.txt"),
    include_str!("lexicons/education.txt"),
    include_str!("lexicons/energy.txt"),
    include_str!("lexicons/finance.txt"),
    include_str!("lexicons/food.txt"),
    include_str!("lexicons/harbour.txt"),
    include_str!("lexicons/health.txt"),
    include_str!("lexicons/legal.txt"),
    include_str!("lexicons/logistics.txt"),
    include_str!("lexicons/media.txt"),
    include_str!("lexicons/office.txt"),
    include_str!("lexicons/public.txt"),
    include_str!("lexicons/retail.txt"),
    include_str!("lexicons/science.txt"),
    include_str!("lexicons/travel.txt"),
];

/// The areas of a product: places in the lexicons, of which any two numbers mean something.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Vocabulary {
    areas: [(u8, u8); AREAS as usize],
}

fn rows(lexicon: usize) -> impl Iterator<Item = &'static str> {
    LEXICONS[lexicon % LEXICONS.len()].lines().skip(1).filter(|line| !line.is_empty())
}

fn row_name(lexicon: usize, row: u8) -> &'static str {
    let row = rows(lexicon).nth(row.into()).unwrap_or_default();
    row.split_once(':').map_or("", |(name, _)| name)
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
        let mut areas: Vec<(u8, u8)> = vec![(0, 0)];
        let mut take = |lexicon: usize, most: usize| {
            // A walk through the rows from a place and with a stride of the id's choosing.
            let count = rows(lexicon).count().max(1);
            let seed = usize::from(shard.0.0[1 + lexicon % 30]);
            for nth in 0..count {
                let row = ((seed + nth) % count) as u8;
                let name = row_name(lexicon, row);
                let known = areas.iter().any(|&(other, at)| row_name(other.into(), at) == name);
                if areas.len() < usize::from(AREAS) && nth < most && !known {
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

    /// The place of a part in its area. Any number means some part.
    pub fn part_place(&self, area: u8, part: u8) -> u8 {
        let (_, parts) = self.row(area).split_once(": ").unwrap_or_default();
        part % parts.split("; ").count().clamp(1, 255) as u8
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::id::Hash;

    fn profile(industry: &str, description: &str) -> Profile {
        Profile {
            name: "Some".into(),
            industry: industry.into(),
            description: description.into(),
            hypothesis: String::new(),
            target_customers: Vec::new(),
            target_market: String::new(),
            business_model: String::new(),
        }
    }

    fn names(vocabulary: &Vocabulary) -> BTreeSet<&'static str> {
        (0..AREAS).map(|area| vocabulary.area_name(area)).collect()
    }

    #[test]
    fn every_lexicon_has_areas_with_parts_that_read_as_nouns() {
        let mut all = BTreeSet::new();
        for lexicon in 0..LEXICONS.len() {
            assert!(rows(lexicon).count() >= FIRST_AREAS);
            for row in rows(lexicon) {
                let (area, parts) = row.split_once(": ").expect("an area and its parts");
                assert!(all.insert((lexicon, area)) && area.len() <= 24, "{area}");
                assert!(parts.split("; ").count() >= 4, "{row}");
                for part in parts.split("; ") {
                    assert!(part.starts_with("the ") && part.len() <= 40, "{part}");
                    assert!(!part.contains(['{', '<', '|', '>', '}', '@', ';']), "{part}");
                }
            }
        }
    }

    #[test]
    fn a_profile_gets_the_areas_of_its_trade_and_ids_choose_the_rest() {
        let berths = profile("marine software", "Berth planning for small harbours");
        let one = Vocabulary::of(&berths, ShardId(Hash([1; 32])));
        let other = Vocabulary::of(&berths, ShardId(Hash([77; 32])));
        assert!(names(&one).contains("berth map") && names(&other).contains("berth map"));
        assert_ne!(one, other);
        assert_eq!(names(&one).len(), usize::from(AREAS));
        let plain = Vocabulary::of(&profile("", ""), ShardId(Hash([1; 32])));
        assert_eq!(names(&plain).len(), usize::from(AREAS));
        assert!(names(&one).intersection(&names(&plain)).count() <= 5);
        for industry in [
            "logistics",
            "health",
            "finance",
            "education",
            "retail",
            "travel",
            "energy",
            "agriculture",
            "games",
            "legal",
            "developer tools",
            "food and retail",
            "public sector",
            "construction",
            "office software",
            "research",
        ] {
            let vocabulary = Vocabulary::of(&profile(industry, ""), ShardId(Hash([1; 32])));
            assert!(names(&vocabulary).intersection(&names(&plain)).count() <= 7, "{industry}");
        }
    }

    #[test]
    fn a_given_title_finds_the_area_it_names() {
        let berths = profile("marine software", "Berth planning for small harbours");
        let vocabulary = Vocabulary::of(&berths, ShardId(Hash([1; 32])));
        let area = vocabulary.area_of("Draw the tide overlay", false);
        assert_eq!(vocabulary.area_name(area), "berth map");
        assert!(vocabulary.area_of("", false) < AREAS);
        assert!(vocabulary.area_of("x y z", true) < AREAS);
    }

    #[test]
    fn any_numbers_mean_some_area() {
        let strange = Vocabulary { areas: [(255, 254); AREAS as usize] };
        assert!(!strange.area_name(255).is_empty() && !strange.part_name(200, 255).is_empty());
    }
}
