//! Files that follow from the others: the README, the manifest, the pipeline, the list of modules.

use super::Language;

/// A product and what is in its repository.
pub struct Parts<'a> {
    pub language: Language,
    /// As people write it.
    pub name: &'a str,
    pub about: &'a str,
    /// The name of the package in code.
    pub package: &'a str,
    /// Names of the source modules, in order.
    pub modules: Vec<&'a str>,
    /// Path and subject of each document.
    pub documents: Vec<(String, String)>,
}

/// One line of text that a file of any format can hold.
fn plain(text: &str, bytes: usize) -> String {
    let mut out = String::new();
    for c in text.chars() {
        let c = if c.is_control() || matches!(c, '"' | '\\' | '`') { ' ' } else { c };
        if out.len() + c.len_utf8() > bytes {
            break;
        }
        out.push(c);
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// All of them, with their paths.
pub fn files(parts: &Parts<'_>) -> Vec<(String, String)> {
    let name = plain(parts.name, 80);
    let about = plain(parts.about, 400);
    let dash = parts.package.replace('_', "-");
    let package = parts.package;
    let mut out = vec![
        ("README.md".to_string(), readme(parts, &name, &about)),
        (".github/workflows/ci.yml".to_string(), pipeline(parts.language)),
    ];
    let mut add = |path: String, text: String| out.push((path, text));
    match parts.language {
        Language::Rust => {
            add(".gitignore".into(), "/target\n".into());
            add(
                "Cargo.toml".into(),
                format!(
                    "[package]\nname = \"{dash}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
                     description = \"{about}\"\n\n[lib]\nname = \"{package}\"\n"
                ),
            );
            let mut lib = format!("//! {name}.\n\n");
            for module in &parts.modules {
                lib.push_str(&format!("pub mod {module};\n"));
            }
            add("src/lib.rs".into(), lib);
        }
        Language::Python => {
            add(".gitignore".into(), "__pycache__/\n.venv/\n".into());
            add(
                "pyproject.toml".into(),
                format!(
                    "[project]\nname = \"{dash}\"\nversion = \"0.1.0\"\ndescription = \"{about}\"\n\
                     requires-python = \">=3.10\"\n\n[tool.pytest.ini_options]\npythonpath = [\".\"]\n"
                ),
            );
            let mut init = format!("\"\"\"{name}.\"\"\"\n");
            if !parts.modules.is_empty() {
                init.push_str("\n__all__ = [\n");
                for module in &parts.modules {
                    init.push_str(&format!("    \"{module}\",\n"));
                }
                init.push_str("]\n");
            }
            add(format!("{package}/__init__.py"), init);
        }
        Language::TypeScript => {
            add(".gitignore".into(), "node_modules/\ndist/\n".into());
            add(
                "package.json".into(),
                format!(
                    "{{\n  \"name\": \"{dash}\",\n  \"version\": \"0.1.0\",\n  \"description\": \
                     \"{about}\",\n  \"type\": \"module\",\n  \"scripts\": {{\n    \"build\": \"tsc\",\n    \
                     \"test\": \"tsc && node --test dist/test/\"\n  }}\n}}\n"
                ),
            );
            add(
                "tsconfig.json".into(),
                "{\n  \"compilerOptions\": {\n    \"target\": \"es2022\",\n    \"module\": \"nodenext\",\n    \
                 \"strict\": true,\n    \"outDir\": \"dist\"\n  },\n  \"include\": [\"src\", \"test\"]\n}\n"
                    .into(),
            );
            let mut index = format!("// {name}.\n\n");
            for module in &parts.modules {
                let alias = super::subject::camel(module);
                index.push_str(&format!("export * as {alias} from \"./{module}.js\";\n"));
            }
            if parts.modules.is_empty() {
                index.push_str("export {};\n");
            }
            add("src/index.ts".into(), index);
        }
    }
    out
}

fn readme(parts: &Parts<'_>, name: &str, about: &str) -> String {
    let mut text = format!("# {name}\n");
    if !about.is_empty() {
        text.push_str(&format!("\n{about}\n"));
    }
    let (build, test) = match parts.language {
        Language::Rust => ("cargo build", "cargo test"),
        Language::Python => ("pip install -e .", "pytest"),
        Language::TypeScript => ("npm install && npm run build", "npm test"),
    };
    text.push_str(&format!("\n## Working on it\n\n```sh\n{build}\n{test}\n```\n"));
    if !parts.documents.is_empty() {
        text.push_str("\n## Documents\n\n");
        for (path, subject) in &parts.documents {
            text.push_str(&format!("- [{}]({path})\n", plain(subject, 80)));
        }
    }
    text
}

fn pipeline(language: Language) -> String {
    let (image, steps): (&str, [(&str, &str); 4]) = match language {
        Language::Rust => (
            "rust:1",
            [
                ("lint", "cargo fmt --check && cargo clippy"),
                ("build", "cargo build"),
                ("test", "cargo test"),
                ("scan", "cargo audit"),
            ],
        ),
        Language::Python => (
            "python:3.12",
            [
                ("lint", "ruff check ."),
                ("build", "pip install -e ."),
                ("test", "pytest"),
                ("scan", "pip-audit"),
            ],
        ),
        Language::TypeScript => (
            "node:22",
            [
                ("lint", "npm ci && npx prettier --check ."),
                ("build", "npm run build"),
                ("test", "npm test"),
                ("scan", "npm audit"),
            ],
        ),
    };
    let mut text = format!(
        "name: ci\non: [push, pull_request]\njobs:\n  check:\n    runs-on: ubuntu-latest\n    \
         container: {image}\n    steps:\n      - uses: actions/checkout@v4\n"
    );
    for (name, run) in steps {
        text.push_str(&format!("      - name: {name}\n        run: {run}\n"));
    }
    text
}
