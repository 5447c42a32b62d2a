//! Voice: how somebody talks, kept with what they said, so that the same words come whenever
//! somebody looks.

use bincode::{Decode, Encode};

use crate::model::kind::Seniority;
use crate::model::people::person::Person;

/// How somebody talks: personality, seniority and energy of the moment, in steps. Any number is one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Voice(u8);

/// Below this a trait is low, above its mirror image high: the outer thirds of people, of whom the
/// mean is 5,500 and the standard deviation 1,700. Our assumption.
const LOW: u32 = 4_800;
const HIGH: u32 = 6_200;
/// Energy below which somebody sounds tired, and above which fresh. Our assumption.
const TIRED: u16 = 3_500;
const FRESH: u16 = 6_500;

impl Voice {
    /// The voice of a person now.
    pub fn of(person: &Person) -> Voice {
        let step = |level: u32| u8::from(level > LOW) + u8::from(level > HIGH);
        let energy = u8::from(person.energy > TIRED) + u8::from(person.energy > FRESH);
        let senior = u8::from(person.seniority >= Seniority::Senior);
        Voice(
            step(person.extraversion())
                | step(person.agreeableness()) << 2
                | energy << 4
                | senior << 6,
        )
    }

    /// Says more than is needed.
    pub fn chatty(self) -> bool {
        self.0 & 3 >= 2
    }

    /// Says no more than is needed.
    pub fn terse(self) -> bool {
        self.0 & 3 == 0
    }

    /// Puts things kindly.
    pub fn warm(self) -> bool {
        self.0 >> 2 & 3 >= 2
    }

    /// Puts things bluntly.
    pub fn blunt(self) -> bool {
        self.0 >> 2 & 3 == 0
    }

    pub fn tired(self) -> bool {
        self.0 >> 4 & 3 == 0
    }

    pub fn senior(self) -> bool {
        self.0 >> 6 & 1 == 1
    }

    /// How this voice addresses somebody: a template of the slot `to`.
    pub fn address(self) -> &'static str {
        match (self.chatty(), self.terse()) {
            (true, _) if self.warm() => "{hey|hi|hello|good to see you,} <to>{!|.|,}",
            (true, _) => "{hey|listen|so|right}, <to>,",
            (_, true) => "{<to>,||<to>:}",
            _ => "{<to>,|hi <to>,|hello <to>,|}",
        }
    }

    /// How this voice softens a claim.
    pub fn hedge(self) -> &'static str {
        match (self.warm(), self.senior()) {
            (true, false) => {
                "{if I read it right, |I may be mistaken, but |as far as I see, |I think }"
            }
            (true, true) => "{I think |my view: |as I see it, |}",
            (false, false) => "{as far as I see, |I think |}",
            (false, true) => "{in short: |to be clear: |}",
        }
    }

    /// How this voice ends what is no bad news.
    pub fn close(self) -> &'static str {
        match (self.warm(), self.chatty()) {
            (true, true) => {
                "{Thanks for all of it!|Coffee later?|Thanks, and shout if I can do something.|Talk soon.|}"
            }
            (true, false) => "{Thanks.|Shout if you need me.|No hurry.|}",
            (false, true) => "{Right, on with it.|So much for that.|More at lunch.|}",
            (false, false) => "",
        }
    }
}
