//! Long lists, a page at a time.
//!
//! A cursor names the last item that was seen, by what the list is sorted by and its id. So what
//! comes and goes between two pages neither repeats nor skips anything else.

use serde::{Deserialize, Serialize};

use super::problem::Failure;
use super::types::Page;

/// Items on a page when nobody says.
const LIMIT_DEFAULT: u32 = 100;
/// Items on a page at most: with a summary each about 300 kB.
pub const LIMIT_MAX: u32 = 500;
/// A sort key is cut to this for the cursor, which lives in a URL.
const TEXT_KEY_CHARS_MAX: usize = 80;

/// `?limit=…&cursor=…&sort=…`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageQuery {
    pub limit: Option<u32>,
    pub cursor: Option<String>,
    /// What to sort by; `-` before it turns the order around.
    pub sort: Option<String>,
}

/// What an item is sorted by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Key {
    Number(i64),
    Text(String),
}

impl Key {
    /// Sorts without regard to case.
    pub fn text(text: &str) -> Self {
        Key::Text(text.to_lowercase().chars().take(TEXT_KEY_CHARS_MAX).collect())
    }
}

#[derive(Serialize, Deserialize)]
struct Cursor {
    sort: String,
    key: Key,
    id: String,
}

impl PageQuery {
    /// How many items to give.
    pub fn limit(&self) -> Result<usize, Failure> {
        let limit = self.limit.unwrap_or(LIMIT_DEFAULT);
        if limit == 0 || limit > LIMIT_MAX {
            return Err(Failure::bad_request(
                "bad-limit",
                format!("`limit` must be from 1 to {LIMIT_MAX}, not {limit}."),
            ));
        }
        Ok(limit as usize)
    }

    /// The page of `items` this asks for. `key` gives the sort key and the id of an item; `sorts`
    /// are the names that can be sorted by, the first of which is the default.
    pub fn cut<T>(
        &self,
        mut items: Vec<T>,
        sorts: &[&str],
        key: impl Fn(&T, &str) -> (Key, String),
    ) -> Result<Page<T>, Failure> {
        let sort = self.sort.as_deref().unwrap_or(sorts[0]);
        let (name, down) = match sort.strip_prefix('-') {
            Some(name) => (name, true),
            None => (sort, false),
        };
        if !sorts.contains(&name) {
            return Err(Failure::bad_request(
                "bad-sort",
                format!(
                    "`sort` must be one of {} (with `-` before it: downwards).",
                    sorts.join(", ")
                ),
            ));
        }
        let limit = self.limit()?;
        let total = items.len() as u64;
        items.sort_by_cached_key(|item| key(item, name));
        if down {
            items.reverse();
        }
        if let Some(cursor) = &self.cursor {
            let cursor = decode::<Cursor>(cursor).filter(|cursor| cursor.sort == sort);
            let seen = cursor.map(|cursor| (cursor.key, cursor.id)).ok_or_else(bad_cursor)?;
            let rest = items.partition_point(|item| match key(item, name).cmp(&seen) {
                std::cmp::Ordering::Equal => true,
                order => order.is_gt() == down,
            });
            items.drain(..rest);
        }
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(|item| {
            let (key, id) = key(item, name);
            encode(&Cursor { sort: sort.to_owned(), key, id })
        });
        Ok(Page { items, total, next })
    }
}

/// A cursor that cannot be read.
pub fn bad_cursor() -> Failure {
    Failure::bad_request(
        "bad-cursor",
        "This `cursor` is not one for this list. Take `next` of the page before, with the same \
         `sort`, or leave it out to start over.",
    )
}

/// Cursors are opaque: nobody should build one, so they do not read like anything.
pub fn encode(cursor: &impl Serialize) -> String {
    hex::encode(serde_json::to_vec(cursor).unwrap_or_default())
}

/// None if it is not a cursor of this kind.
pub fn decode<T: for<'de> Deserialize<'de>>(cursor: &str) -> Option<T> {
    serde_json::from_slice(&hex::decode(cursor).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(sort: &str, limit: u32) -> Vec<(i64, String)> {
        let all = || (0..23).map(|n| (n % 5, format!("{n:02}"))).collect::<Vec<(i64, String)>>();
        let (mut seen, mut cursor) = (Vec::new(), None);
        loop {
            let query = PageQuery { limit: Some(limit), cursor, sort: Some(sort.into()) };
            let key = |item: &(i64, String), name: &str| match name {
                "n" => (Key::Number(item.0), item.1.clone()),
                _ => (Key::text(&item.1), item.1.clone()),
            };
            let page = query.cut(all(), &["id", "n"], key).unwrap();
            assert_eq!(page.total, 23);
            seen.extend(page.items);
            cursor = page.next;
            if cursor.is_none() {
                return seen;
            }
        }
    }

    #[test]
    fn pages_walk_the_whole_list_once_in_order() {
        for limit in [1, 4, 23, 500] {
            let mut up = walk("n", limit);
            assert_eq!(up.len(), 23);
            assert!(up.is_sorted());
            up.reverse();
            assert_eq!(walk("-n", limit), up);
            assert!(walk("id", limit).is_sorted_by_key(|item| item.1.clone()));
        }
    }

    #[test]
    fn a_foreign_cursor_a_wild_limit_and_an_unknown_sort_are_refused() {
        let cut = |query: PageQuery| {
            query.cut(vec![1], &["id"], |n, _| (Key::Number(*n), n.to_string())).unwrap_err().0.kind
        };
        let cursor = Some("00ff".to_owned());
        assert_eq!(cut(PageQuery { cursor, ..Default::default() }), "bad-cursor");
        assert_eq!(cut(PageQuery { limit: Some(0), ..Default::default() }), "bad-limit");
        assert_eq!(cut(PageQuery { limit: Some(501), ..Default::default() }), "bad-limit");
        assert_eq!(cut(PageQuery { sort: Some("x".into()), ..Default::default() }), "bad-sort");
    }
}
