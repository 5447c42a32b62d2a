//! Who is let in, over real sockets.

use node::api::{Limits, types::NodeStatus};

use crate::core::Core;

#[tokio::test]
async fn a_page_of_another_site_gets_nothing() {
    let core = Core::start().await;
    let evil = [("origin", "https://evil.example")];
    assert_eq!(core.get_with("/api/v1/status", &evil).await.problem().kind, "forbidden-origin");
    let rebound = [("host", "evil.example")];
    assert_eq!(core.get_with("/api/v1/status", &rebound).await.problem().kind, "forbidden-host");
    let own = core.url();
    let own = core.get_with("/api/v1/status", &[("origin", own.as_str())]).await;
    assert_eq!(own.json::<NodeStatus>().name, "oak");
}

#[tokio::test]
async fn with_a_token_nobody_gets_in_without() {
    let core = Core::start_with(Some("a-long-secret-token"), Limits::default()).await;
    let reply = core.get("/api/v1/status").await;
    assert_eq!(reply.problem().status, 401);
    assert!(reply.header("www-authenticate").starts_with("Bearer"));
    assert_eq!(core.post("/api/v1/shutdown", "").await.problem().status, 401);
    assert_eq!(core.get("/metrics").await.problem().status, 401);
    for path in ["/healthz", "/readyz", "/"] {
        assert_eq!(core.get(path).await.status.as_u16(), 200, "{path}");
    }
    let token = [("authorization", "Bearer a-long-secret-token")];
    assert_eq!(core.get_with("/api/v1/status", &token).await.json::<NodeStatus>().name, "oak");
}
