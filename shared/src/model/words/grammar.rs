//! A small grammar that makes text from facts: a template with alternatives and slots is unrolled
//! to the text of a number. Used by everything that puts the model into words.
//!
//! A template is plain text with
//!
//! | piece | meaning |
//! | --- | --- |
//! | `{this\|that\|}` | one of these; they nest, and may be empty |
//! | `<name>` | the value of a slot |
//! | `<count:thing/things>` | a number with its noun: `one thing`, `3 things`, `no things` |
//! | `<count?is/are>` | only the form that goes with the number |
//! | `@ ` | `a` or `an`, by the sound of what follows |
//!
//! Sentences get a capital letter, blanks and stops are put right, so that empty pieces leave no trace.
//!
//! All texts of a template are numbered. Neighbouring seeds give texts that are far apart, and as many
//! seeds in a row as there are texts give each of them once: who counts up never repeats before they must.

/// What stands in a slot.
#[derive(Clone, Copy, Debug)]
pub enum Slot<'a> {
    /// As it is.
    Text(&'a str),
    Number(u64),
    /// Another template, with the same slots.
    Way(&'a str),
}

/// The slots of a template, by name. A slot that is not there is left out.
pub type Slots<'a> = [(&'a str, Slot<'a>)];

/// How deep choices may nest; what is deeper is left out.
const DEPTH_MAX: usize = 16;
/// How much deeper a template in a slot is: two of them within each other at most.
const WAY_DEPTH: usize = 6;

/// A prime: it has no factor in common with any number of texts, so that stepping by it visits all of
/// them. Near 2^64 divided by the golden ratio, which spreads neighbours well.
const STEP: u64 = 11_400_714_819_323_198_549;

const NUMBERS: [&str; 13] = [
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
];

/// The text of this template for this seed.
pub fn tell(template: &str, slots: &Slots<'_>, seed: u64) -> String {
    let all = ways(template, slots);
    let at = (u128::from(seed % all) * u128::from(STEP % all) % u128::from(all)) as u64;
    let mut out = Out { text: String::with_capacity(96), start: true, article: false };
    sequence(template, slots, at, 0, &mut out);
    let kept = out.text.trim_end().len();
    out.text.truncate(kept);
    out.text
}

/// How many texts there are in a template.
pub fn ways(template: &str, slots: &Slots<'_>) -> u64 {
    count(template, slots, 0).max(1)
}

/// A piece of a template.
enum Piece<'t> {
    Plain(&'t str),
    Choice(&'t str),
    Slot(&'t str),
}

/// The first piece of a template and the rest. A bracket that is never closed is plain text.
fn piece(template: &str) -> (Piece<'_>, &str) {
    if let Some(rest) = template.strip_prefix('{') {
        let mut depth = 0;
        for (at, sign) in rest.char_indices() {
            match sign {
                '{' => depth += 1,
                '}' if depth == 0 => return (Piece::Choice(&rest[..at]), &rest[at + 1..]),
                '}' => depth -= 1,
                _ => {}
            }
        }
    } else if let Some(rest) = template.strip_prefix('<')
        && let Some((slot, rest)) = rest.split_once('>')
    {
        return (Piece::Slot(slot), rest);
    }
    // At least one sign, so that whoever goes through a template comes to its end.
    let first = template.chars().next().map_or(0, char::len_utf8);
    let end = template[first..].find(['{', '<']).map_or(template.len(), |at| first + at);
    (Piece::Plain(&template[..end]), &template[end..])
}

/// The first alternative of a choice and the others.
fn alternative(choice: &str) -> (&str, Option<&str>) {
    let mut depth = 0;
    for (at, sign) in choice.char_indices() {
        match sign {
            '{' => depth += 1,
            '}' => depth -= 1,
            '|' if depth == 0 => return (&choice[..at], Some(&choice[at + 1..])),
            _ => {}
        }
    }
    (choice, None)
}

fn find<'a>(slots: &Slots<'a>, name: &str) -> Option<Slot<'a>> {
    slots.iter().find(|(other, _)| *other == name).map(|&(_, slot)| slot)
}

fn count(template: &str, slots: &Slots<'_>, depth: usize) -> u64 {
    let (mut rest, mut all) = (template, 1u64);
    while !rest.is_empty() {
        let (next, after) = piece(rest);
        rest = after;
        all = all.saturating_mul(count_piece(&next, slots, depth)).min(1 << 62);
    }
    all
}

fn count_piece(piece: &Piece<'_>, slots: &Slots<'_>, depth: usize) -> u64 {
    if depth >= DEPTH_MAX {
        return 1;
    }
    match *piece {
        Piece::Plain(_) => 1,
        Piece::Slot(name) => match find(slots, name) {
            Some(Slot::Way(way)) => count(way, slots, depth + WAY_DEPTH),
            _ => 1,
        },
        Piece::Choice(choice) => {
            let (mut left, mut sum) = (Some(choice), 0u64);
            while let Some(more) = left {
                let (first, others) = alternative(more);
                sum = sum.saturating_add(count(first, slots, depth + 1));
                left = others;
            }
            sum.clamp(1, 1 << 62)
        }
    }
}

fn sequence(template: &str, slots: &Slots<'_>, at: u64, depth: usize, out: &mut Out) {
    let (mut rest, mut at) = (template, at);
    while !rest.is_empty() {
        let (next, after) = piece(rest);
        rest = after;
        let all = count_piece(&next, slots, depth);
        let here = at % all;
        at /= all;
        match next {
            Piece::Plain(text) => out.words(text),
            _ if depth >= DEPTH_MAX => {}
            Piece::Slot(name) => slot(name, slots, here, depth, out),
            Piece::Choice(choice) => {
                let (mut left, mut nth) = (Some(choice), here);
                while let Some(more) = left {
                    let (first, others) = alternative(more);
                    let size = count(first, slots, depth + 1);
                    if nth < size {
                        sequence(first, slots, nth, depth + 1, out);
                        break;
                    }
                    nth -= size;
                    left = others;
                }
            }
        }
    }
}

fn slot(name: &str, slots: &Slots<'_>, at: u64, depth: usize, out: &mut Out) {
    let (name, forms, counted) = match name.split_once([':', '?']) {
        Some((slot, forms)) => (slot, forms.split_once('/'), name[slot.len()..].starts_with(':')),
        None => (name, None, true),
    };
    match find(slots, name) {
        None => {}
        Some(Slot::Text(text)) => out.value(text),
        Some(Slot::Way(way)) => sequence(way, slots, at, depth + WAY_DEPTH, out),
        Some(Slot::Number(number)) => {
            if counted {
                match NUMBERS.get(number as usize) {
                    Some(word) if forms.is_some() => out.value(word),
                    _ => out.value(&number.to_string()),
                }
            }
            if let Some((one, many)) = forms {
                out.words(if counted { " " } else { "" });
                out.words(if number == 1 { one } else { many });
            }
        }
    }
}

/// Text on its way out.
struct Out {
    text: String,
    /// A sentence begins here.
    start: bool,
    /// An article is due.
    article: bool,
}

impl Out {
    /// Words of a template: their stops end sentences.
    fn words(&mut self, text: &str) {
        for sign in text.chars() {
            match sign {
                '@' => self.article = true,
                ' ' => {
                    let open = self.article || self.text.is_empty();
                    if !open && !self.text.ends_with([' ', '“', '(']) {
                        self.text.push(' ');
                    }
                }
                ',' | ';' | ':' | '.' | '?' | '!' => self.stop(sign),
                _ => self.sign(sign),
            }
        }
    }

    /// A value from outside: written as it is, but for the capital of a sentence.
    fn value(&mut self, text: &str) {
        for (at, sign) in text.char_indices() {
            if at == 0 || self.article {
                self.due(&text[at..]);
                self.sign(sign);
            } else {
                self.text.push(sign);
                self.start &= !sign.is_alphanumeric();
            }
        }
    }

    fn stop(&mut self, sign: char) {
        let kept = self.text.trim_end().len();
        self.text.truncate(kept);
        if self.text.is_empty() {
            return;
        }
        if self.text.ends_with([',', ';', ':']) {
            self.text.pop();
        }
        let ended = self.text.ends_with(['.', '?', '!']);
        if !ended {
            self.text.push(sign);
        }
        self.start |= matches!(sign, '.' | '?' | '!') || ended;
    }

    fn sign(&mut self, sign: char) {
        let mut buffer = [0; 4];
        self.due(sign.encode_utf8(&mut buffer));
        if self.start && sign.is_alphanumeric() {
            self.start = false;
            self.text.extend(sign.to_uppercase());
        } else {
            self.text.push(sign);
        }
    }

    /// Writes the article that is due before this text.
    fn due(&mut self, text: &str) {
        if !self.article {
            return;
        }
        let word = text.trim_start_matches(|sign: char| !sign.is_alphanumeric());
        self.article = false;
        for sign in if takes_an(word) { "an " } else { "a " }.chars() {
            self.sign(sign);
        }
    }
}

/// Whether `an` goes before this word, by its sound as far as its letters tell.
fn takes_an(word: &str) -> bool {
    let starts = |with: &str| word.get(..with.len()).is_some_and(|s| s.eq_ignore_ascii_case(with));
    if ["one", "uni", "use", "usu", "eu"].iter().any(|sound| starts(sound)) {
        return false;
    }
    ["hour", "honest", "8", "11", "18", "a", "e", "i", "o", "u"].iter().any(|sound| starts(sound))
}

/// What is wrong with a template: a bracket that is not closed, or a slot that is not among these.
#[cfg(test)]
pub fn fault(template: &str, known: &[&str]) -> Option<String> {
    let mut rest = template;
    while !rest.is_empty() {
        let (next, after) = piece(rest);
        rest = after;
        match next {
            Piece::Plain(text) if text.contains(['{', '}', '<', '>', '|']) => {
                return Some(format!("a stray sign in `{text}`"));
            }
            Piece::Plain(_) => {}
            Piece::Slot(slot) => {
                let name = slot.split([':', '?']).next().unwrap_or_default();
                if !known.contains(&name) {
                    return Some(format!("no slot `{name}` in `{template}`"));
                }
            }
            Piece::Choice(choice) => {
                let mut left = Some(choice);
                while let Some(more) = left {
                    let (first, others) = alternative(more);
                    if let Some(fault) = fault(first, known) {
                        return Some(fault);
                    }
                    left = others;
                }
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn as_many_seeds_in_a_row_as_there_are_texts_give_each_of_them_once() {
        let template = "{hello|good morning|{hi|hey} there}, {Ada|Bo}{.|!| again.} {|<more>}";
        let slots = [("more", Slot::Way("all {is|seems} well."))];
        let all = ways(template, &slots);
        assert_eq!(all, 4 * 2 * 3 * 3);
        for from in [0, 1_000_003, u64::MAX - 500] {
            let texts: BTreeSet<String> =
                (0..all).map(|nth| tell(template, &slots, from.wrapping_add(nth))).collect();
            if from < u64::MAX / 2 {
                assert_eq!(texts.len() as u64, all);
            }
            assert!(texts.iter().all(|text| text.starts_with(['H', 'G'])));
        }
    }

    #[test]
    fn empty_pieces_leave_no_trace_and_sentences_begin_with_a_capital() {
        let slots = [("to", Slot::Text("")), ("what", Slot::Text("“the map v1. x”"))];
        assert_eq!(
            tell("<to>, look at  <what> . <to> done", &slots, 0),
            "Look at “the map v1. x”. Done"
        );
        assert_eq!(tell(" {}, yes ,. no?. maybe ", &slots, 0), "Yes. No? Maybe");
    }

    #[test]
    fn articles_and_plurals_follow_what_they_belong_to() {
        let with = |count, noun| {
            let slots = [("n", Slot::Number(count)), ("noun", Slot::Text(noun))];
            tell("@ <noun>: there <n?is/are> <n:fault/faults>", &slots, 0)
        };
        assert_eq!(with(1, "old map"), "An old map: there is one fault");
        assert_eq!(with(0, "“user guide”"), "A “user guide”: there are no faults");
        assert_eq!(with(31, "hour"), "An hour: there are 31 faults");
        assert_eq!(tell("<n> %", &[("n", Slot::Number(7))], 0), "7 %");
    }

    #[test]
    fn faults_of_templates_are_found() {
        assert_eq!(fault("{a|<b>} c", &["b"]), None);
        assert!(fault("{a|<c>} c", &["b"]).is_some());
        assert!(fault("{a|b c", &[]).is_some());
        assert!(fault("a|b", &[]).is_some());
    }

    proptest! {
        #[test]
        fn any_template_gives_some_text(template in "[a{}<>|:?/@.,n “]{0,60}", seed: u64, number: u64) {
            let slots = [("n", Slot::Number(number)), ("a", Slot::Way(&template))];
            tell(&template, &slots, seed);
        }
    }
}
