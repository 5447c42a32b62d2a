//! The dashboard's types are the node's.

use std::path::Path;

/// `UPDATE_TYPES=1` writes the file instead.
#[test]
fn typescript_types_are_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web-ui/src/api/generated.ts");
    let wanted = node::api::schema::typescript();
    if std::env::var_os("UPDATE_TYPES").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &wanted).unwrap();
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        there == wanted,
        "web-ui/src/api/generated.ts does not match the Rust types. Run\n\
         UPDATE_TYPES=1 cargo test -p node typescript_types_are_up_to_date"
    );
}
