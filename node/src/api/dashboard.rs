//! Serves the dashboard's files, which are part of the program.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use web_ui::Asset;

use super::problem::Failure;
use super::render::matches_etag;

/// Files whose names change when they do: they may be kept for good.
const HASHED: &str = "assets/";

/// Every path that is no route: a file, or the index page for a deep link into the dashboard.
/// A missing file is 404 and never HTML: an old tab must not take a page for a script.
pub async fn serve(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    let page = !path.contains('.') && !path.starts_with(HASHED) && !path.starts_with("api/");
    let asset = web_ui::find(path).or_else(|| page.then(web_ui::index));
    match asset {
        Some(asset) if method == Method::GET || method == Method::HEAD => file(asset, &headers),
        Some(_) => super::routes::wrong_method(Some("GET, HEAD")),
        None => Failure::unknown(
            "not-found",
            "There is nothing at this address. GET /api/v1/openapi.json lists what there is.",
        )
        .into_response(),
    }
}

fn file(asset: &'static Asset, request: &HeaderMap) -> Response {
    let (body, encoding) = if accepts(request, "br") && asset.br.is_some() {
        (asset.br.unwrap_or(asset.raw), Some("br"))
    } else if accepts(request, "gzip") && asset.gz.is_some() {
        (asset.gz.unwrap_or(asset.raw), Some("gzip"))
    } else {
        (asset.raw, None)
    };
    let fresh = matches_etag(request, asset.etag.as_bytes());
    let mut response = Response::new(if fresh { Body::empty() } else { Body::from(body) });
    let headers = response.headers_mut();
    headers.insert(header::ETAG, HeaderValue::from_static(asset.etag));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    let keep = if asset.path.starts_with(HASHED) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    if asset.mime.starts_with("text/html") {
        let policy = HeaderValue::from_static(web_ui::CONTENT_SECURITY_POLICY);
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if fresh {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.mime));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// Whether the client takes this encoding: named, and not with a quality of zero.
fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let all =
        headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|value| value.split(',')).any(|item| {
        let mut parts = item.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        let quality = parts.find_map(|part| part.strip_prefix("q=")?.parse::<f32>().ok());
        named && quality.unwrap_or(1.0) > 0.0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_refused_by_the_client_is_not_sent() {
        let with = |value: &str| {
            [(header::ACCEPT_ENCODING, value.parse().unwrap())].into_iter().collect::<HeaderMap>()
        };
        assert!(accepts(&with("gzip, deflate, br"), "br"));
        assert!(accepts(&with("br;q=0.5"), "br"));
        assert!(!accepts(&with("gzip, br;q=0"), "br"));
        assert!(!accepts(&with("brotli"), "br"));
        assert!(!accepts(&HeaderMap::new(), "gzip"));
    }

    static ASSET: Asset = Asset {
        path: "assets/app-1234.js",
        mime: "text/javascript; charset=utf-8",
        etag: "\"1234\"",
        raw: b"raw",
        br: Some(b"br"),
        gz: Some(b"gz"),
    };

    #[test]
    fn files_are_packed_as_asked_and_kept_for_good() {
        let ask = |name, value: &str| {
            file(&ASSET, &[(name, value.parse().unwrap())].into_iter().collect::<HeaderMap>())
        };
        let response = ask(header::ACCEPT_ENCODING, "gzip, br");
        assert_eq!(response.headers()[header::CONTENT_ENCODING], "br");
        assert_eq!(response.headers()[header::VARY], "accept-encoding");
        assert!(response.headers()[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
        let response = ask(header::ACCEPT_ENCODING, "gzip");
        assert_eq!(response.headers()[header::CONTENT_ENCODING], "gzip");
        assert!(ask(header::ACCEPT_ENCODING, "").headers().get(header::CONTENT_ENCODING).is_none());
        assert_eq!(ask(header::IF_NONE_MATCH, "\"1234\"").status(), StatusCode::NOT_MODIFIED);
    }

    #[tokio::test]
    async fn a_missing_file_is_never_a_page() {
        let get = async |path: &str| {
            serve(Method::GET, path.parse().unwrap(), HeaderMap::new()).await.status()
        };
        assert_eq!(get("/").await, StatusCode::OK);
        assert_eq!(get("/projects/abc").await, StatusCode::OK, "a deep link");
        for path in ["/assets/old.js", "/assets/old", "/favicon.png", "/api/v1/nothing"] {
            assert_eq!(get(path).await, StatusCode::NOT_FOUND, "{path}");
        }
    }
}
