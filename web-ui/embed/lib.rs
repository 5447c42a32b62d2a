//! The built dashboard.

/// A file of the dashboard.
pub struct Asset {
    /// Without a leading slash.
    pub path: &'static str,
    /// Its content type.
    pub mime: &'static str,
    /// In quotes, as HTTP has it.
    pub etag: &'static str,
    /// As it is.
    pub raw: &'static [u8],
    /// Packed with brotli.
    pub br: Option<&'static [u8]>,
    /// Packed with gzip.
    pub gz: Option<&'static [u8]>,
}

/// False if this build has no dashboard but a page that says so.
pub const BUILT: bool = false;
/// What the pages may load and talk to.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

static INDEX: Asset = Asset {
    path: "index.html",
    mime: "text/html; charset=utf-8",
    etag: "\"stub\"",
    raw: b"<!doctype html><title>Zeromesh</title><p>This build has no dashboard.",
    br: None,
    gz: None,
};

/// The file at this path.
pub fn find(path: &str) -> Option<&'static Asset> {
    (path == INDEX.path).then_some(&INDEX)
}

/// The page every deep link opens.
pub fn index() -> &'static Asset {
    &INDEX
}
