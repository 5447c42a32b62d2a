//! The tone of a text, by a small lexicon: words that sound good or bad, turned round by a negation
//! close before them. Titles in quotation marks are names, not tone. Pure: text in, number out.
//!
//! The method is that of lexicon-based sentiment (Taboada et al. 2011, Computational Linguistics
//! 37(2)), the lexicon our own and made for talk at work.

/// Words before a toned one in which a negation turns it round. Our assumption.
const NEGATION_REACH: usize = 3;
/// Each toned word moves the tone by this share of what is left to the end of the scale.
const WEIGHT: i32 = 3_500;

const GOOD: &[&str] = &[
    "agree",
    "better",
    "calm",
    "clean",
    "clear",
    "done",
    "easy",
    "enjoy",
    "enjoyed",
    "fine",
    "finished",
    "flows",
    "fun",
    "glad",
    "good",
    "great",
    "happy",
    "helped",
    "helps",
    "hope",
    "like",
    "liked",
    "love",
    "nice",
    "pleased",
    "progress",
    "proud",
    "ready",
    "relieved",
    "solid",
    "solved",
    "succeeded",
    "thank",
    "thanks",
    "together",
    "welcome",
    "well",
    "works",
    "worth",
    "won",
    "approved",
    "strong",
    "safe",
    "kind",
];

const BAD: &[&str] = &[
    "afraid",
    "angry",
    "annoyed",
    "bad",
    "behind",
    "blocked",
    "broke",
    "broken",
    "careless",
    "cost",
    "drag",
    "drags",
    "empty",
    "fail",
    "failed",
    "faults",
    "frustrated",
    "grim",
    "hard",
    "hurt",
    "late",
    "leaving",
    "lose",
    "losing",
    "lost",
    "mess",
    "missing",
    "overrun",
    "overruns",
    "problem",
    "problems",
    "sad",
    "short",
    "slog",
    "slow",
    "sorry",
    "stuck",
    "stop",
    "tired",
    "trouble",
    "unhappy",
    "weak",
    "worn",
    "worried",
    "worry",
    "worse",
    "wrong",
    "unsafe",
    "sloppy",
];

const NEGATIONS: &[&str] =
    &["no", "not", "never", "nothing", "without", "hardly", "nobody", "cannot"];

/// The tone of a text: -10,000 to 10,000, 0 if nothing in it sounds good or bad.
pub fn tone(text: &str) -> i16 {
    let (mut tone, mut quoted, mut negated) = (0i32, false, 0usize);
    for word in text.split([' ', '-']) {
        // A word can open and close a quotation, or end a sentence.
        let inside = quoted || word.contains('“');
        quoted = (quoted || word.contains('“')) && !word.contains('”');
        let bare = word.trim_matches(|sign: char| !sign.is_alphanumeric()).to_lowercase();
        if !inside {
            if NEGATIONS.contains(&bare.as_str()) {
                negated = NEGATION_REACH + 1;
            }
            let sign =
                i32::from(GOOD.contains(&bare.as_str())) - i32::from(BAD.contains(&bare.as_str()));
            if sign != 0 {
                let sign = if negated > 0 { -sign } else { sign };
                tone += sign * (10_000 - (tone * sign).max(0)) * WEIGHT / 10_000;
            }
        }
        negated = match word.ends_with(['.', '!', '?', ',', ';', ':']) {
            true => 0,
            false => negated.saturating_sub(1),
        };
    }
    tone.clamp(-10_000, 10_000) as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_and_bad_words_set_the_tone_and_more_of_them_set_it_more() {
        assert!(tone("This is fine, thanks.") > tone("This is fine."));
        assert!(tone("Sorry, that is wrong.") < tone("That is wrong."));
        assert!(tone("Sorry, that is wrong.") < -3_000);
        assert_eq!(tone("The meeting is at ten."), 0);
    }

    #[test]
    fn a_negation_turns_what_follows_round_within_its_clause() {
        assert!(tone("I found nothing wrong.") > 0);
        assert!(tone("It is not good.") < 0);
        assert!(tone("Not today, that is fine.") > 0);
    }

    #[test]
    fn titles_have_no_tone() {
        assert_eq!(tone("Now “Fix the broken sync” it is."), 0);
        assert!(tone("“Fix the broken sync” is done.") > 0);
    }
}
