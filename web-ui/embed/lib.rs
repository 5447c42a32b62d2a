//! The files of the dashboard, as they were built, with what an HTTP server needs to serve them.
//!
//! `build.rs` makes them; the node's API serves them. Names under `assets/` change when their content
//! does, so they may be kept for good; `index.html` must be asked for anew each time.

/// A file of the dashboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asset {
    /// As in the address, without the first slash.
    pub path: &'static str,
    /// The content type.
    pub mime: &'static str,
    /// With its quotes, as it stands in the header.
    pub etag: &'static str,
    /// As it is.
    pub raw: &'static [u8],
    /// Packed with brotli, if that saves anything.
    pub br: Option<&'static [u8]>,
    /// Packed with gzip, if that saves anything.
    pub gz: Option<&'static [u8]>,
}

// `BUILT` and `ASSETS`, in order of path.
include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// Belongs to every page served: files of our own only, no inline script or style, no frames.
pub const CONTENT_SECURITY_POLICY: &str = include_str!("content-security-policy.txt").trim_ascii();

/// The file at this path (without the first slash).
pub fn find(path: &str) -> Option<&'static Asset> {
    ASSETS.binary_search_by(|asset| asset.path.cmp(path)).ok().map(|at| &ASSETS[at])
}

/// The page for `/` and for every deep link. Where [`BUILT`] is false it says what is missing.
pub fn index() -> &'static Asset {
    find("index.html").expect("the build script refuses a table without an index page")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_found_by_its_path() {
        assert!(ASSETS.iter().all(|asset| find(asset.path) == Some(asset)));
        assert_eq!(find("assets/no-such-file.js"), None);
        assert_eq!(find(""), None);
    }

    #[test]
    fn the_index_is_a_page() {
        assert!(index().mime.starts_with("text/html"));
        assert!(index().raw.starts_with(b"<!doctype html>"));
    }

    #[test]
    fn headers_hold_no_line_breaks() {
        assert!(!CONTENT_SECURITY_POLICY.contains(['\n', '\r']));
        assert!(CONTENT_SECURITY_POLICY.contains("script-src 'self';"));
        assert!(
            ASSETS.iter().all(|asset| asset.etag.starts_with('"') && asset.etag.ends_with('"'))
        );
    }

    #[test]
    fn a_built_dashboard_names_only_files_it_has() {
        let page = std::str::from_utf8(index().raw).expect("the index is UTF-8");
        let named = page.split(['"', '\'']).filter(|part| part.starts_with("/assets/"));
        for path in named {
            assert!(find(&path[1..]).is_some(), "{path} is missing");
        }
    }
}
