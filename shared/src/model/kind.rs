//! The fixed kinds of the model: roles, departments, seniorities, skills, kinds of work and of
//! activity, with the numbers that belong to each. Used all over the model.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// An enum of words: encoded as a number, written and read as a word.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$item_doc:meta])* $item:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$item_doc])* $item),+ }

        impl $name {
            /// All of them, in order.
            pub const ALL: &'static [$name] = &[$($name::$item),+];

            /// The word people read and write.
            pub fn word(self) -> &'static str {
                match self { $($name::$item => $word),+ }
            }
        }
    };
}

words!(
    /// What somebody is employed for.
    Role {
        Founder = "founder",
        Manager = "manager",
        Product = "product",
        Researcher = "researcher",
        Designer = "designer",
        Engineer = "engineer",
        Tester = "tester",
        Operations = "operations",
        Data = "data",
        Marketing = "marketing",
        Sales = "sales",
        Support = "support",
        Finance = "finance",
    }
);

words!(
    /// A part of a company.
    Department {
        Leadership = "leadership",
        Product = "product",
        Engineering = "engineering",
        Quality = "quality",
        Commercial = "commercial",
        Finance = "finance",
    }
);

words!(
    /// How far somebody has come in a role.
    Seniority {
        Junior = "junior",
        Mid = "mid",
        Senior = "senior",
        Lead = "lead",
        Principal = "principal",
    }
);

words!(
    /// What somebody can be good at. The last four are the soft ones.
    Skill {
        Programming = "programming",
        Architecture = "architecture",
        Testing = "testing",
        Operations = "operations",
        Design = "design",
        Research = "research",
        Commerce = "commerce",
        Finance = "finance",
        Communication = "communication",
        Leadership = "leadership",
        Teamwork = "teamwork",
        Planning = "planning",
    }
);

/// How many skills there are.
pub const SKILLS: usize = Skill::ALL.len();

impl Skill {
    /// Whether it is about people rather than about a craft.
    pub fn soft(self) -> bool {
        self >= Skill::Communication
    }
}

words!(
    /// A kind of work.
    TaskKind {
        Feature = "feature",
        Bug = "bug",
        Research = "research",
        Design = "design",
        Ops = "ops",
        Test = "test",
        Docs = "docs",
        Chore = "chore",
        Marketing = "marketing",
        Sales = "sales",
        Support = "support",
        Finance = "finance",
    }
);

words!(
    /// What somebody is doing.
    Activity {
        Idle = "idle",
        Working = "working",
        Review = "review",
        Refining = "refining",
        StandUp = "stand_up",
        Meeting = "meeting",
        Helping = "helping",
        Chat = "chat",
        Coffee = "coffee",
        Learning = "learning",
        Break = "break",
        Away = "away",
        /// Eats, alone or with others.
        Lunch = "lunch",
        /// Asks somebody, at their desk or by text.
        Asking = "asking",
        /// Two at one task.
        Pairing = "pairing",
    }
);

impl Role {
    /// Where people of this role belong.
    pub fn department(self) -> Department {
        match self {
            Role::Founder | Role::Manager => Department::Leadership,
            Role::Product | Role::Researcher | Role::Designer => Department::Product,
            Role::Engineer | Role::Operations | Role::Data => Department::Engineering,
            Role::Tester => Department::Quality,
            Role::Marketing | Role::Sales | Role::Support => Department::Commercial,
            Role::Finance => Department::Finance,
        }
    }

    /// The skill the role lives by, and a second one.
    pub fn skills(self) -> (Skill, Skill) {
        match self {
            Role::Founder => (Skill::Leadership, Skill::Commerce),
            Role::Manager => (Skill::Planning, Skill::Leadership),
            Role::Product => (Skill::Research, Skill::Planning),
            Role::Researcher => (Skill::Research, Skill::Communication),
            Role::Designer => (Skill::Design, Skill::Research),
            Role::Engineer => (Skill::Programming, Skill::Architecture),
            Role::Tester => (Skill::Testing, Skill::Programming),
            Role::Operations => (Skill::Operations, Skill::Programming),
            Role::Data => (Skill::Research, Skill::Programming),
            Role::Marketing => (Skill::Commerce, Skill::Communication),
            Role::Sales => (Skill::Commerce, Skill::Communication),
            Role::Support => (Skill::Communication, Skill::Testing),
            Role::Finance => (Skill::Finance, Skill::Planning),
        }
    }

    /// Pay of somebody at mid level, in cents a year. Our assumption, in the range of what
    /// software companies in western Europe pay.
    pub fn salary_cents(self) -> i64 {
        let thousands = match self {
            Role::Founder => 60,
            Role::Manager => 82,
            Role::Product => 76,
            Role::Researcher => 64,
            Role::Designer => 62,
            Role::Engineer => 74,
            Role::Tester => 58,
            Role::Operations => 72,
            Role::Data => 74,
            Role::Marketing => 56,
            Role::Sales => 60,
            Role::Support => 44,
            Role::Finance => 62,
        };
        thousands * 100_000
    }
}

impl Seniority {
    /// Mean skill in the own craft, in basis points. Our assumption.
    pub fn skill(self) -> i64 {
        match self {
            Seniority::Junior => 3_800,
            Seniority::Mid => 5_400,
            Seniority::Senior => 6_900,
            Seniority::Lead => 7_500,
            Seniority::Principal => 8_200,
        }
    }

    /// Pay against mid level, in basis points. Our assumption.
    pub fn pay(self) -> i64 {
        match self {
            Seniority::Junior => 7_200,
            Seniority::Mid => 10_000,
            Seniority::Senior => 13_000,
            Seniority::Lead => 15_000,
            Seniority::Principal => 17_500,
        }
    }

    /// Years in the trade, from and to. Our assumption.
    pub fn years(self) -> (i64, i64) {
        match self {
            Seniority::Junior => (0, 2),
            Seniority::Mid => (3, 6),
            Seniority::Senior => (7, 13),
            Seniority::Lead => (8, 16),
            Seniority::Principal => (12, 24),
        }
    }
}

impl TaskKind {
    /// The skill this work takes.
    pub fn skill(self) -> Skill {
        match self {
            TaskKind::Feature | TaskKind::Bug | TaskKind::Chore => Skill::Programming,
            TaskKind::Research => Skill::Research,
            TaskKind::Design => Skill::Design,
            TaskKind::Ops => Skill::Operations,
            TaskKind::Test => Skill::Testing,
            TaskKind::Docs | TaskKind::Support => Skill::Communication,
            TaskKind::Marketing | TaskKind::Sales => Skill::Commerce,
            TaskKind::Finance => Skill::Finance,
        }
    }

    /// Whether it changes the product, and so can put defects into it.
    pub fn changes_product(self) -> bool {
        matches!(self, TaskKind::Feature | TaskKind::Bug | TaskKind::Chore | TaskKind::Ops)
    }
}

impl Activity {
    /// Whether it fills the person up rather than wears them out.
    pub fn restful(self) -> bool {
        matches!(
            self,
            Activity::Coffee | Activity::Chat | Activity::Break | Activity::Away | Activity::Lunch
        )
    }
}
