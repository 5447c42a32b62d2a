//! Names for people who were given none, as numbers into lists: a person's name takes two bytes of
//! state. Names never influence what happens.

use bincode::{Decode, Encode};

use crate::id::{Hasher, ShardId};

const GIVEN: [&str; 64] = [
    "Ada", "Amir", "Anouk", "Arjun", "Astrid", "Ayo", "Beatriz", "Bram", "Camila", "Chen", "Clara",
    "Daan", "Dalia", "Dmitri", "Efua", "Elif", "Emil", "Esther", "Farah", "Felix", "Freya",
    "Goran", "Hana", "Hugo", "Ines", "Ingrid", "Ivo", "Jamal", "Jana", "Joon", "Kaito", "Karin",
    "Kofi", "Lars", "Leila", "Lena", "Luca", "Maeve", "Malik", "Mara", "Mateo", "Mei", "Milan",
    "Nadia", "Nils", "Nora", "Olga", "Omar", "Oona", "Pavel", "Priya", "Quinn", "Rania", "Ravi",
    "Rosa", "Samir", "Sanne", "Sofia", "Tariq", "Tessa", "Tomas", "Vera", "Yara", "Zeynep",
];

const FAMILY: [&str; 64] = [
    "Abe",
    "Adeyemi",
    "Almeida",
    "Andersen",
    "Aydin",
    "Bakker",
    "Banerjee",
    "Becker",
    "Bianchi",
    "Castillo",
    "Chowdhury",
    "Costa",
    "Cruz",
    "Diallo",
    "Dubois",
    "Eriksen",
    "Farouk",
    "Fischer",
    "Fontaine",
    "Garcia",
    "Haddad",
    "Hansen",
    "Hartmann",
    "Hoang",
    "Horvat",
    "Ibrahim",
    "Ito",
    "Jansen",
    "Kamara",
    "Kaya",
    "Keller",
    "Kim",
    "Kowalski",
    "Kruger",
    "Larsen",
    "Lindqvist",
    "Lopez",
    "Mensah",
    "Meyer",
    "Moreau",
    "Nakamura",
    "Novak",
    "Okafor",
    "Olsen",
    "Osei",
    "Park",
    "Patel",
    "Petrov",
    "Quist",
    "Rahman",
    "Ricci",
    "Rossi",
    "Sato",
    "Schmidt",
    "Silva",
    "Singh",
    "Sorensen",
    "Tanaka",
    "Toth",
    "Vargas",
    "Virtanen",
    "Weber",
    "Yilmaz",
    "Zhang",
];

/// What somebody is called.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Name {
    /// Made up: numbers of a given and a family name.
    Made(u8, u8),
    /// Given by whoever described the person.
    Given(String),
}

impl Name {
    /// The made-up name of a person of a project. It is drawn apart from everything else that is
    /// random, so that giving somebody a name changes nothing but the name.
    pub fn made(shard: ShardId, person: u32) -> Name {
        let hash = Hasher::new("zeromesh/name").fixed(&shard.0.0).number(person.into()).finish().0;
        Name::Made(hash[0], hash[1])
    }

    /// The name as it is written.
    pub fn full(&self) -> String {
        match self {
            Name::Made(given, family) => {
                let given = GIVEN[usize::from(*given) % GIVEN.len()];
                format!("{given} {}", FAMILY[usize::from(*family) % FAMILY.len()])
            }
            Name::Given(name) => name.clone(),
        }
    }

    /// Bytes it takes.
    pub fn bytes(&self) -> usize {
        match self {
            Name::Made(..) => 2,
            Name::Given(name) => name.len(),
        }
    }

    /// What colleagues say.
    pub fn short(&self) -> String {
        match self {
            Name::Made(given, _) => GIVEN[usize::from(*given) % GIVEN.len()].to_string(),
            Name::Given(name) => name.split_whitespace().next().unwrap_or("somebody").to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Hash;

    #[test]
    fn the_name_of_a_person_is_the_same_everywhere_and_total() {
        let shard = ShardId(Hash([3; 32]));
        assert_eq!(Name::made(shard, 4), Name::made(shard, 4));
        assert!(Name::Made(255, 255).full().contains(' '));
        assert_eq!(Name::Given("  ".into()).short(), "somebody");
    }
}
