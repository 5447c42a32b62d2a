//! Reads a TypeScript declaration as `ts-rs` writes it into a JSON Schema. It knows no more of
//! TypeScript than that: objects, arrays, tuples, unions, literals, names and comments.

use serde_json::{Map, Value, json};

/// The schema of `type Name = …;`.
pub fn to_schema(declaration: &str) -> Result<Value, String> {
    let (_, right) = declaration.split_once('=').ok_or("a declaration without `=`")?;
    let mut parser = Parser { rest: right.trim_end().trim_end_matches(';') };
    let schema = parser.union()?;
    match parser.peek() {
        "" => Ok(schema),
        rest => Err(format!("`{}` is left over", rest.chars().take(40).collect::<String>())),
    }
}

/// The text of a comment without its stars.
pub fn plain(comment: &str) -> String {
    let lines = comment.lines().map(|line| line.trim().trim_matches(['/', '*']).trim());
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

struct Parser<'a> {
    rest: &'a str,
}

impl<'a> Parser<'a> {
    fn peek(&mut self) -> &'a str {
        self.rest = self.rest.trim_start();
        self.rest
    }

    fn take(&mut self, token: &str) -> bool {
        match self.peek().strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, token: &str) -> Result<(), String> {
        if self.take(token) {
            return Ok(());
        }
        Err(format!(
            "`{token}` expected before `{}`",
            self.rest.chars().take(40).collect::<String>()
        ))
    }

    fn word(&mut self) -> Result<&'a str, String> {
        let rest = self.peek();
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        if end == 0 {
            return Err(format!(
                "a word expected before `{}`",
                rest.chars().take(40).collect::<String>()
            ));
        }
        self.rest = &rest[end..];
        Ok(&rest[..end])
    }

    fn quoted(&mut self) -> Result<&'a str, String> {
        self.expect("\"")?;
        let end = self.rest.find('"').ok_or("a text without an end")?;
        let text = &self.rest[..end];
        self.rest = &self.rest[end + 1..];
        Ok(text)
    }

    fn comment(&mut self) -> Result<Option<String>, String> {
        if !self.take("/**") {
            return Ok(None);
        }
        let end = self.rest.find("*/").ok_or("a comment without an end")?;
        let text = plain(&self.rest[..end]);
        self.rest = &self.rest[end + 2..];
        Ok(Some(text))
    }

    fn union(&mut self) -> Result<Value, String> {
        let mut members = vec![self.item()?];
        while self.take("|") {
            members.push(self.item()?);
        }
        if members.len() == 1 {
            return Ok(members.remove(0));
        }
        // Words only: an enumeration.
        let words: Vec<Value> = members.iter().filter_map(|it| it.get("const").cloned()).collect();
        if words.len() == members.len() {
            return Ok(json!({ "type": "string", "enum": words }));
        }
        Ok(json!({ "oneOf": members }))
    }

    fn item(&mut self) -> Result<Value, String> {
        let rest = self.peek();
        if rest.starts_with('{') {
            return self.object();
        }
        if rest.starts_with('"') {
            return Ok(json!({ "const": self.quoted()? }));
        }
        if self.take("[") {
            return self.tuple();
        }
        if self.take("(") {
            let inner = self.union()?;
            self.expect(")")?;
            return Ok(inner);
        }
        Ok(match self.word()? {
            "string" => json!({ "type": "string" }),
            "number" => json!({ "type": "number" }),
            "boolean" => json!({ "type": "boolean" }),
            "null" => json!({ "type": "null" }),
            "Array" => {
                self.expect("<")?;
                let items = self.union()?;
                self.expect(">")?;
                json!({ "type": "array", "items": items })
            }
            name => json!({ "$ref": format!("#/components/schemas/{name}") }),
        })
    }

    fn tuple(&mut self) -> Result<Value, String> {
        let mut items = Vec::new();
        while !self.take("]") {
            items.push(self.union()?);
            self.take(",");
        }
        let count = items.len();
        Ok(json!({
            "type": "array",
            "items": items.first().cloned().unwrap_or(json!({})),
            "minItems": count,
            "maxItems": count,
        }))
    }

    fn object(&mut self) -> Result<Value, String> {
        self.expect("{")?;
        let (mut properties, mut required) = (Map::new(), Vec::new());
        while !self.take("}") {
            let comment = self.comment()?;
            let name = match self.peek().starts_with('"') {
                true => self.quoted()?,
                false => self.word()?,
            };
            if !self.take("?") {
                required.push(name);
            }
            self.expect(":")?;
            let mut schema = self.union()?;
            if let (Some(comment), Some(object)) = (comment, schema.as_object_mut()) {
                object.insert("description".into(), comment.into());
            }
            properties.insert(name.to_owned(), schema);
            self.take(",");
        }
        Ok(json!({ "type": "object", "required": required, "properties": properties }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_become_schemas() {
        let read = |text| to_schema(text).unwrap();
        assert_eq!(
            read("type A = \"x\" | \"y\";"),
            json!({ "type": "string", "enum": ["x", "y"] })
        );
        let object =
            read("type B = { \n/**\n * In cents.\n */\na: number | null, b?: Array<C>, };");
        assert_eq!(object["required"], json!(["a"]));
        assert_eq!(object["properties"]["a"]["description"], "In cents.");
        assert_eq!(object["properties"]["a"]["oneOf"][1]["type"], "null");
        assert_eq!(object["properties"]["b"]["items"]["$ref"], "#/components/schemas/C");
        let tagged = read("type D = { \"is\": \"x\" } | { \"is\": \"y\", n: [number, number], };");
        assert_eq!(tagged["oneOf"][0]["properties"]["is"]["const"], "x");
        assert_eq!(tagged["oneOf"][1]["properties"]["n"]["maxItems"], 2);
    }

    #[test]
    fn what_is_not_a_declaration_is_an_error() {
        for text in ["type A", "type A = {", "type A = { a }", "type A = b c", "type A = \"x"] {
            assert!(to_schema(text).is_err(), "{text}");
        }
    }
}
