//! The matter of talk: what people ask about work of a kind, what the answer is, and what a review
//! finds. Templates, with the slots of [`phrases`](super::phrases).

use crate::model::kind::TaskKind;

type Pair = (&'static str, &'static str);

const BUILD: [Pair; 12] = [
    (
        "what {happens to|becomes of} <subject> when {the list is empty|nothing was entered yet}?",
        "an empty list is a normal case for <subject>: {return early and show the hint|show the hint and stop there}.",
    ),
    (
        "why <s?does/do> <subject> behave differently after a restart?",
        "an old value {stays|is kept} until the first write: {clear it on start|read it anew on start}.",
    ),
    (
        "{who decided|do we know} how <subject> should {treat|deal with} old data?",
        "old rows stay as they are, {only new ones follow the new rule|the new rule is for new ones}.",
    ),
    (
        "is there anything like <subject> already?",
        "yes, nearly: <other>. {Copy the shape|Start from a copy}, leave out what you do not need.",
    ),
    (
        "{may|can} <subject> {come|run} before <other>, or only after?",
        "<subject> may come first, <other> only <o?reads/read> what is there.",
    ),
    (
        "which time zone do we store for <subject>?",
        "always the one of the place it happens in, {convert at the edge|convert only when you show it}.",
    ),
    (
        "how do I {test|try} <subject> without real data?",
        "there is a small set of made-up records for <area>: {start from it|use that}.",
    ),
    (
        "may <subject> fail quietly, or must somebody be told?",
        "never quietly: {log it and tell whoever asked|whoever asked must see it}.",
    ),
    (
        "where does the limit on <subject> come from?",
        "from the first version, {nobody needs it|it can go} as long as <other> <o?stays as it is/stay as they are>.",
    ),
    (
        "do two people ever change <subject> at the same time?",
        "they do: the second one has to see that it changed, {no silent overwrite|so keep a version with it}.",
    ),
    (
        "who may see <subject>: everybody, or only those with rights?",
        "only those with rights to <area>, {the check goes before the read|check that first}.",
    ),
    (
        "how long do we keep what <subject> <s?writes/write>?",
        "as long as <customers> have an account, {then it goes|and not a day longer}.",
    ),
];

const SHAPE: [Pair; 8] = [
    (
        "do <customers> see <subject> before or after they sign in?",
        "after: before that they only see the start page.",
    ),
    (
        "which of the sketches for <subject> did we keep?",
        "the one with a single column, <customers> found {it|their way} fastest.",
    ),
    (
        "how many <customers> did we ask about <subject>?",
        "too few to be sure, but all said the same: keep it {short|simple}.",
    ),
    (
        "should <subject> look like <other>?",
        "the same pattern with fewer fields, {they are used together|people meet both in one day}.",
    ),
    (
        "what was the reason to move <subject>?",
        "nobody found it where it was, {two clicks less now|it saves two clicks}.",
    ),
    (
        "what do <customers> do today without <subject>?",
        "{a list on paper|a spreadsheet and many calls}, and that is what we are up against.",
    ),
    (
        "<s?is/are> <subject> for every day or for once a month?",
        "for every day: {it has to open fast|no more than one screen}.",
    ),
    (
        "what is the one thing <subject> must not get in the way of?",
        "<other>: {that is where the time goes|whoever is there must not be held up}.",
    ),
];

const OFFER: [Pair; 8] = [
    ("what may I promise about <subject>?", "only what is live today, {no dates|and no dates}."),
    (
        "who has the latest numbers on <subject>?",
        "they are in the weekly report, {second page|under <area>}.",
    ),
    (
        "how do we explain <subject> to somebody who is new?",
        "by the example of one day, {leave the details to the guide|details later}.",
    ),
    (
        "which <customers> {asked for|use} <subject>?",
        "a handful so far, {the list is with <area>|I send you the list}.",
    ),
    (
        "do we say <area> or <subject> in public?",
        "say <subject>: that is the word <customers> use themselves.",
    ),
    (
        "what do they use in place of <subject> now?",
        "mostly a spreadsheet, {that is the comparison to make|so compare with that}.",
    ),
    (
        "is there a picture of <subject> I may show?",
        "take the one from the demo, {the names in it are made up|it has no real names in it}.",
    ),
    ("how much of <subject> is in the small price plan?", "reading it is in, changing it is not."),
];

const MONEY: [Pair; 5] = [
    (
        "<s?does/do> <subject> count as a cost of this quarter?",
        "what counts is when it is used, {whenever the bill comes|not when it is paid}.",
    ),
    (
        "who signs for <subject>?",
        "whoever runs <area>, {up to the usual limit|I only check the sum}.",
    ),
    (
        "<s?is/are> <subject> in the plan, or on top of it?",
        "on top, so {say it early|put it on its own line}.",
    ),
    (
        "what do we compare the cost of <subject> with?",
        "with the hours it saves, {at what an hour costs us|nothing else}.",
    ),
    (
        "how sure are we of the figures for <subject>?",
        "give or take a fifth, {say so next to them|and write that down}.",
    ),
];

const BUILD_FINDINGS: [&str; 14] = [
    "an {empty|unset} value that nobody checks in <subject>",
    "two saves of <subject> can overtake each other",
    "an error of <subject> is swallowed",
    "a test that cannot fail",
    "a query that reads all of <area>",
    "<subject> <s?is/are> off by one at the end of the list",
    "nobody checks the rights before <subject>",
    "the time zone of <subject> is mixed up",
    "the same rule stands in two places, here and in <other>",
    "<subject> never <s?lets go of its/let go of their> connection",
    "a name that says the opposite of what it does",
    "old records of <area> fall through",
    "no limit on what <subject> <s?takes/take> in",
    "a retry in <subject> runs for ever",
];

const SHAPE_FINDINGS: [&str; 8] = [
    "no way back from <subject>",
    "the contrast of <subject> is too low",
    "too many fields in <subject>",
    "a question that leads to its own answer",
    "a sample of five is too small",
    "the case without any data is not drawn",
    "<subject> cannot be reached by keyboard",
    "what we conclude on <subject> is not in the notes",
];

const OFFER_FINDINGS: [&str; 8] = [
    "a claim about <subject> we cannot back",
    "a step is not there between <subject> and <other>",
    "the pictures of <subject> are from the old version",
    "a link that leads nowhere",
    "a number without a source",
    "a date for <subject> we never agreed on",
    "three words for <subject> on one page",
    "it reads as if <customers> had asked for it",
];

const MONEY_FINDINGS: [&str; 5] = [
    "a figure of <area> counted twice",
    "the tax on <subject> is left out",
    "last year's price for <subject>",
    "a sum that does not add up",
    "the cost of <other> stands under <subject>",
];

fn pick<T: Copy>(list: &[T], at: u64) -> Option<T> {
    list.get((at % list.len().max(1) as u64) as usize).copied()
}

/// What is asked about work of this kind, and its answer. The same number gives both.
pub fn asked(kind: Option<TaskKind>, number: u64) -> Pair {
    let list: &[Pair] = match kind {
        Some(TaskKind::Research | TaskKind::Design) => &SHAPE,
        Some(TaskKind::Docs | TaskKind::Marketing | TaskKind::Sales | TaskKind::Support) => &OFFER,
        Some(TaskKind::Finance) => &MONEY,
        _ => &BUILD,
    };
    pick(list, number).unwrap_or_default()
}

/// What a review of work of this kind finds: one thing, and one more to follow it.
pub fn finding(kind: Option<TaskKind>, number: u64) -> (&'static str, &'static str) {
    let list: &[&str] = match kind {
        Some(TaskKind::Research | TaskKind::Design) => &SHAPE_FINDINGS,
        Some(TaskKind::Docs | TaskKind::Marketing | TaskKind::Sales | TaskKind::Support) => {
            &OFFER_FINDINGS
        }
        Some(TaskKind::Finance) => &MONEY_FINDINGS,
        _ => &BUILD_FINDINGS,
    };
    let first = pick(list, number).unwrap_or_default();
    // Each further thing is a fixed text, so that it can stand in a template of its own.
    let more: &[&str] = match list.len() {
        14 => &[
            "{, and|; also} a log line with somebody's address in it",
            "{, and|; also} a wait of ten seconds that nobody will sit through",
            "{, and|; also} a comment that is no longer true",
            "{, and|; also} <other> is changed with it, unasked",
            "{, and|; also} a number in the middle of it that nobody explains",
        ],
        _ => &[
            "{, and|; also} two words that mean the same",
            "{, and|; also} <other> is left out",
            "{, and|; also} no word on what comes next",
        ],
    };
    (first, pick(more, number / 7).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::words::grammar::fault;
    use crate::model::words::phrases::SLOTS;

    #[test]
    fn what_is_asked_and_found_are_sound_templates() {
        for kind in TaskKind::ALL {
            for number in 0..60 {
                let (question, answer) = asked(Some(*kind), number);
                let (first, more) = finding(Some(*kind), number);
                for template in [question, answer, first, more] {
                    assert_eq!(fault(template, &SLOTS), None, "{template}");
                }
                assert!(question.contains('?') && question.contains('<'), "{question}");
            }
        }
    }
}
