//! The text of the repository: made from units when somebody looks, the same on every node.
//!
//! [`rust`], [`python`] and [`typescript`] have the functions, [`prose`] the documents, [`skeleton`]
//! what follows from all others. Only the state goes in, so the text never has to be kept.

mod prose;
mod python;
mod rust;
mod skeleton;
mod template;
mod typescript;

use crate::model::project::Project;
use crate::model::workshop::repository::{Area, File, Repository, Unit, mix};
use crate::model::workshop::subject::{self, Names, camel, safe};
use template::{Template, Words, fill, lines};

/// What a project is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    Rust,
    Python,
    TypeScript,
}

/// Words in a profile that speak for a language. Our assumption.
const LEANINGS: [(&str, Language); 24] = [
    ("data", Language::Python),
    ("analytic", Language::Python),
    ("science", Language::Python),
    ("health", Language::Python),
    ("bio", Language::Python),
    ("research", Language::Python),
    ("education", Language::Python),
    ("learning", Language::Python),
    ("retail", Language::TypeScript),
    ("commerce", Language::TypeScript),
    ("media", Language::TypeScript),
    ("travel", Language::TypeScript),
    ("social", Language::TypeScript),
    ("marketing", Language::TypeScript),
    ("design", Language::TypeScript),
    ("web", Language::TypeScript),
    ("security", Language::Rust),
    ("infrastructure", Language::Rust),
    ("robot", Language::Rust),
    ("energy", Language::Rust),
    ("hardware", Language::Rust),
    ("logistic", Language::Rust),
    ("network", Language::Rust),
    ("developer tools", Language::Rust),
];

impl Language {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Language::Rust => "Rust",
            Language::Python => "Python",
            Language::TypeScript => "TypeScript",
        }
    }

    fn functions(self) -> &'static [Template; 14] {
        match self {
            Language::Rust => &rust::FUNCTIONS,
            Language::Python => &python::FUNCTIONS,
            Language::TypeScript => &typescript::FUNCTIONS,
        }
    }

    /// A name in code as people of this language write it.
    fn name(self, snake: &str) -> String {
        if self == Language::TypeScript { camel(snake) } else { snake.to_string() }
    }
}

/// Names of the functions, three for each kind, and what their three tests say.
const NAMES: [([&str; 3], [&str; 3]); 14] = [
    (
        ["find_{one}", "{one}_by_{key}", "lookup_{one}"],
        ["finds_the_right_one", "knows_nobody", "takes_an_empty_list"],
    ),
    (
        ["total_{num}_of_{many}", "sum_of_{many}", "{many}_total"],
        ["adds_all_up", "is_nothing_for_nothing", "stays_in_bounds"],
    ),
    (
        ["recent_{many}", "{many}_since", "newer_{many}"],
        ["leaves_out_older_ones", "gives_all_since_the_start", "may_find_none"],
    ),
    (
        ["page_of_{many}", "{many}_page", "slice_of_{many}"],
        ["begins_with_the_first", "is_empty_beyond_the_end", "may_be_shorter_at_the_end"],
    ),
    (
        ["parse_{one}", "{one}_from_line", "read_{one}"],
        ["reads_a_good_line", "refuses_what_is_no_number", "refuses_a_short_line"],
    ),
    (
        ["{one}_to_line", "write_{one}", "format_{one}"],
        ["writes_all_three", "has_three_fields", "drops_space_around"],
    ),
    (
        ["check_{one}", "validate_{one}", "problems_of_{one}"],
        ["is_silent_about_a_good_one", "tells_of_an_empty_one", "takes_any_flag"],
    ),
    (
        ["count_{many}_by_{key}", "group_{many}", "tally_{many}"],
        ["counts_each", "counts_equals_together", "takes_an_empty_list"],
    ),
    (
        ["drop_old_{many}", "expire_{many}", "purge_{many}"],
        ["drops_the_old_one", "keeps_what_is_to_come", "may_drop_all"],
    ),
    (
        ["merge_{many}", "combine_{many}", "sync_{many}"],
        ["has_each_once", "prefers_the_later_one", "takes_all_from_the_other"],
    ),
    (
        ["latest_{many}", "newest_{many}", "top_{many}"],
        ["begins_with_the_newest", "may_be_asked_for_none", "gives_no_more_than_there_are"],
    ),
    (
        ["retry_delay_for_{one}", "{one}_backoff", "wait_before_{one}"],
        ["begins_short", "doubles", "never_shrinks"],
    ),
    (
        ["changes_in_{one}", "compare_{many}", "{one}_changes"],
        ["names_the_number", "is_empty_for_equals", "names_the_text"],
    ),
    (
        ["may_add_{one}", "allow_{one}", "{one}_within_limit"],
        ["allows_a_few", "stops_at_the_limit", "allows_the_first"],
    ),
];

const ITEMS: [&str; 4] = ["item", "entry", "each", "candidate"];
const VALUES: [&str; 4] = ["amount", "value", "span", "chosen"];
const LIMITS: [u64; 8] = [10, 20, 25, 30, 40, 50, 60, 75];

/// All that the text of a repository follows from, beside its units.
pub struct Context<'a> {
    pub project: &'a Project,
    pub language: Language,
    pub package: String,
    /// Of each file, without folder and ending.
    modules: Vec<String>,
}

/// The language a project is written in: by its trade, else by its id.
pub fn language(project: &Project) -> Language {
    let profile = &project.profile;
    let says = format!("{} {}", profile.industry, profile.name).to_lowercase();
    let leaning = LEANINGS.iter().find(|(word, _)| says.contains(word));
    leaning.map_or(
        [Language::Rust, Language::Python, Language::TypeScript]
            [usize::from(project.shard.0.0[31]) % 3],
        |(_, language)| *language,
    )
}

impl<'a> Context<'a> {
    /// For a project as it stands.
    pub fn of(project: &'a Project) -> Context<'a> {
        let repository = &project.workshop.repository;
        let mut modules: Vec<String> = Vec::with_capacity(repository.files.len());
        for (at, file) in repository.files.iter().enumerate() {
            let slug = file.subject.slug(project);
            let mut name = if file.area == Area::Source { safe(&slug) } else { slug };
            let same =
                |other: usize| repository.files[other].area == file.area && modules[other] == name;
            if (0..at).any(same) {
                let joint = if file.area == Area::Source { '_' } else { '-' };
                name = format!("{name}{joint}{at}");
            }
            modules.push(name);
        }
        let package = safe(&subject::slug(&project.profile.name));
        Context { project, language: language(project), package, modules }
    }

    fn repository(&self) -> &'a Repository {
        &self.project.workshop.repository
    }

    fn salt(&self, at: usize) -> u64 {
        let bytes: [u8; 8] = std::array::from_fn(|nth| self.project.shard.0.0[nth]);
        mix(u64::from_le_bytes(bytes), at as u64)
    }

    /// Where a file is. Source files have a second path, that of their tests, where tests are apart.
    pub fn path(&self, at: usize) -> String {
        let (Some(file), Some(module)) = (self.repository().files.get(at), self.modules.get(at))
        else {
            return String::new();
        };
        match (file.area, self.language) {
            (Area::Source, Language::Rust) => format!("src/{module}.rs"),
            (Area::Source, Language::Python) => format!("{}/{module}.py", self.package),
            (Area::Source, Language::TypeScript) => format!("src/{module}.ts"),
            (Area::Guide, _) => format!("docs/{module}.md"),
            (Area::Research, _) => format!("docs/research/{module}.md"),
            (Area::Decision, _) => format!("docs/decisions/{:04}-{module}.md", at + 1),
            (Area::Operations, _) => format!("deploy/{module}.yaml"),
            (Area::Site, _) => format!("site/{module}.md"),
            (Area::Help, _) => format!("docs/help/{module}.md"),
            (Area::Plan, _) => format!("docs/plans/{module}.md"),
        }
    }

    fn test_path(&self, at: usize) -> Option<String> {
        let module = self.modules.get(at)?;
        match self.language {
            Language::Rust => None,
            Language::Python => Some(format!("tests/test_{module}.py")),
            Language::TypeScript => Some(format!("test/{module}.test.ts")),
        }
    }

    /// What a unit is called: a function, or the heading of a section.
    pub fn unit_name(&self, at: usize, id: u8, seed: u8) -> String {
        let Some(file) = self.repository().files.get(at) else { return "part".into() };
        if file.area != Area::Source {
            return prose::sections(file.area)[usize::from(id) % 8].0.to_string();
        }
        let names = Names::of(&file.subject.slug(self.project), self.salt(at));
        let mut out = String::new();
        let (choices, _) = NAMES[self.kind(at, id)];
        fill(choices[usize::from(seed) % 3], &file_words(self.language, &names, ""), &mut out);
        self.language.name(&snake(&out))
    }

    /// Units of a file take the kinds of functions in turn, beginning anywhere.
    fn kind(&self, at: usize, id: u8) -> usize {
        (self.salt(at) as usize % 14 + usize::from(id)) % 14
    }

    /// The files that one file of the repository stands for: itself, and its tests if they are apart.
    pub fn texts(&self, at: usize, units: &[Unit]) -> Vec<(String, String)> {
        let Some(file) = self.repository().files.get(at).filter(|_| !units.is_empty()) else {
            return Vec::new();
        };
        match file.area {
            Area::Source => self.source(at, file, units),
            Area::Operations => vec![(self.path(at), self.watch(at, file, units))],
            _ => vec![(self.path(at), self.document(at, file, units))],
        }
    }

    fn source(&self, at: usize, file: &File, units: &[Unit]) -> Vec<(String, String)> {
        let (language, subject) = (self.language, file.subject.words(self.project));
        let names = Names::of(&file.subject.slug(self.project), self.salt(at));
        let shared = file_words(language, &names, &subject);
        let (head, test_head) = match language {
            Language::Rust => (rust::HEAD, rust::TEST_HEAD),
            Language::Python => (python::HEAD, python::TEST_HEAD),
            Language::TypeScript => (typescript::HEAD, typescript::TEST_HEAD),
        };
        let mut code = String::new();
        fill(head, &shared, &mut code);
        let mut tests = String::new();
        fill(test_head, &shared, &mut tests);
        let mut called = Vec::new();
        for unit in units {
            let name = self.unit_name(at, unit.id, unit.seed);
            let kind = self.kind(at, unit.id);
            let words = unit_words(&shared, unit, &name);
            let template = &language.functions()[kind];
            code.push_str(if language == Language::Python { "\n\n" } else { "\n" });
            lines(template.code, unit.shape, &words, "", &mut code);
            for (nth, body) in template.tests.iter().enumerate().take(unit.shape.tests()) {
                let title = NAMES[kind].1[nth];
                self.test(&name, title, body, unit, &words, &mut tests);
            }
            called.push(name);
        }
        if language == Language::Rust {
            code.push_str(&tests);
            code.push_str("}\n");
            return vec![(self.path(at), code)];
        }
        let module = &self.modules[at];
        called.push(names.kind.clone());
        called.sort();
        let mut out = String::new();
        if language == Language::Python {
            out.push_str(&format!("from {}.{module} import (\n", self.package));
            for name in &called {
                out.push_str(&format!("    {name},\n"));
            }
            out.push_str(")\n");
        } else {
            out.push_str("import assert from \"node:assert/strict\";\nimport { test } from \"node:test\";\n\nimport {\n");
            for name in &called {
                let kind = if *name == names.kind { "type " } else { "" };
                out.push_str(&format!("  {kind}{name},\n"));
            }
            out.push_str(&format!("}} from \"../src/{module}.js\";\n"));
        }
        out.push_str(&tests);
        let test_path = self.test_path(at).unwrap_or_default();
        vec![(self.path(at), code), (test_path, out)]
    }

    fn test(
        &self,
        name: &str,
        title: &str,
        body: &str,
        unit: &Unit,
        words: &Words<'_>,
        out: &mut String,
    ) {
        match self.language {
            Language::Rust => {
                out.push_str(&format!("\n    #[test]\n    fn {name}_{title}() {{\n"));
                lines(body, unit.shape, words, "        ", out);
                out.push_str("    }\n");
            }
            Language::Python => {
                out.push_str(&format!("\n\ndef test_{name}_{title}() -> None:\n"));
                lines(body, unit.shape, words, "    ", out);
            }
            Language::TypeScript => {
                let title = title.replace('_', " ");
                out.push_str(&format!("\ntest(\"{name} {title}\", () => {{\n"));
                lines(body, unit.shape, words, "  ", out);
                out.push_str("});\n");
            }
        }
    }

    fn document(&self, at: usize, file: &File, units: &[Unit]) -> String {
        let subject = file.subject.words(self.project);
        let mut out = match file.area {
            Area::Decision => format!("# {}. {}\n\nStatus: accepted\n", at + 1, upper(&subject)),
            _ => format!("# {}\n", upper(&subject)),
        };
        for unit in units {
            let (heading, sentence) = prose::sections(file.area)[usize::from(unit.id) % 8];
            let [first, second, note] = prose::additions(file.area);
            let numbers = numbers(unit);
            let term = prose::TERMS[unit.shape.names() % 4];
            let mut words = vec![
                ("subject", subject.clone()),
                ("Subject", upper(&subject)),
                ("w1", term.to_string()),
                ("W1", upper(term)),
            ];
            words.extend(numbers);
            let filled: Vec<_> =
                [("sentence", sentence), ("first", first), ("second", second), ("note", note)]
                    .into_iter()
                    .map(|(name, text)| {
                        let mut out = String::new();
                        fill(text, &words, &mut out);
                        (name, out)
                    })
                    .collect();
            words.push(("heading", heading.to_string()));
            words.extend(filled);
            lines(prose::SECTION, unit.shape, &words, "", &mut out);
            out.push('\n');
            for point in prose::POINTS.iter().take(unit.shape.tests()) {
                lines(point, unit.shape, &words, "", &mut out);
            }
            lines(prose::NOTE, unit.shape, &words, "", &mut out);
        }
        out
    }

    fn watch(&self, at: usize, file: &File, units: &[Unit]) -> String {
        let subject = file.subject.words(self.project);
        let slug = &self.modules[at];
        let mut out = format!(
            "# How {subject} is watched at work.\nservice: {}\npart: {slug}\nalerts:\n",
            self.package.replace('_', "-")
        );
        for unit in units {
            let (heading, metric) = prose::sections(Area::Operations)[usize::from(unit.id) % 8];
            let mut words = vec![
                ("slug", slug.clone()),
                ("heading", heading.to_string()),
                ("sentence", metric.to_string()),
                ("team", prose::TEAMS[unit.shape.names() % 4].to_string()),
            ];
            words.extend(numbers(unit));
            lines(prose::ALERT, unit.shape, &words, "", &mut out);
            for step in prose::STEPS.iter().take(unit.shape.tests()) {
                lines(step, unit.shape, &words, "", &mut out);
            }
        }
        out
    }

    /// The files that follow from which others there are.
    pub fn skeleton(&self, there: impl Fn(usize) -> bool) -> Vec<(String, String)> {
        let files = &self.repository().files;
        let places: Vec<usize> = (0..files.len()).filter(|&at| there(at)).collect();
        let source = |at: &&usize| files[**at].area == Area::Source;
        let mut modules: Vec<&str> =
            places.iter().filter(source).map(|&at| self.modules[at].as_str()).collect();
        modules.sort();
        let documents = places
            .iter()
            .filter(|at| !matches!(files[**at].area, Area::Source | Area::Operations))
            .map(|&at| (self.path(at), upper(&files[at].subject.words(self.project))))
            .collect();
        skeleton::files(&skeleton::Parts {
            language: self.language,
            name: &self.project.profile.name,
            about: &self.project.profile.description,
            package: &self.package,
            modules,
            documents,
        })
    }
}

/// Without doubled or trailing joints.
fn snake(name: &str) -> String {
    name.split('_').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_")
}

/// With a capital letter first.
fn upper(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn file_words(language: Language, names: &Names, subject: &str) -> Vec<(&'static str, String)> {
    let field = |name: &str| language.name(name);
    // Names of functions are put together before they are written as the language has it.
    let naming = subject.is_empty();
    let field = |name: &'static str| if naming { name.to_string() } else { field(name) };
    vec![
        ("one", names.one.clone()),
        ("many", names.many.clone()),
        ("noun", names.noun.trim().to_string()),
        ("Subject", upper(subject)),
        ("Rec", names.kind.clone()),
        ("key", field(names.key)),
        ("num", field(names.number)),
        ("time", field(names.time)),
        ("flag", field(names.flag)),
    ]
}

/// Numbers of a unit: a limit, a larger one, one in minutes and a small count.
fn numbers(unit: &Unit) -> [(&'static str, String); 4] {
    let tune = u64::from(unit.shape.tune());
    let limit = LIMITS[usize::from(unit.seed / 3) % LIMITS.len()] + tune;
    [
        ("L", limit.to_string()),
        ("M", (limit + 100).to_string()),
        ("W", (limit * 60).to_string()),
        ("n", (3 + u64::from(unit.seed) % 4 + tune).to_string()),
    ]
}

fn unit_words(
    shared: &[(&'static str, String)],
    unit: &Unit,
    name: &str,
) -> Vec<(&'static str, String)> {
    let mut words = shared.to_vec();
    words.push(("f", name.to_string()));
    words.push(("v", ITEMS[unit.shape.names() % 4].to_string()));
    words.push(("w", VALUES[unit.shape.names() % 4].to_string()));
    words.extend(numbers(unit));
    words
}
