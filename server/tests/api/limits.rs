//! Rate limits, which hold in no other test.

use crate::harness::{Api, Backend, PASSWORD, TestServer, block_on};
use futures_util::future::join_all;
use reqwest::{Method, header::HeaderMap};
use serde_json::json;
use snug_protocol::{ErrorCode, rest::ServerInfo};

fn with_limits(trust_proxy: bool) -> impl Future<Output = TestServer> {
    TestServer::start_with(Backend::Sqlite, move |config| {
        config.rate_limits = true;
        config.trust_proxy = trust_proxy;
    })
}

fn number(headers: &HeaderMap, name: &str) -> u32 {
    headers[name].to_str().expect("text").parse().expect("a number")
}

#[test]
fn guessing_is_slowed_down_for_an_address() {
    block_on(async {
        let server = with_limits(false).await;
        let guess = || server.anyone();
        let body = json!({ "username": "ada", "password": "incorrect horse" });
        let first = guess().post("/auth/login", &body).await;
        assert_eq!((number(&first.headers, "x-ratelimit-limit"), number(&first.headers, "x-ratelimit-remaining")), (10, 9));
        assert!(number(&first.headers, "x-ratelimit-reset") > 0);
        for _ in 1..10 {
            guess().post("/auth/login", &body).await.refused(ErrorCode::WrongPassword);
        }
        let refused = guess().post("/auth/login", &body).await;
        assert_eq!(number(&refused.headers, "x-ratelimit-remaining"), 0);
        assert!((1..=6).contains(&number(&refused.headers, "retry-after")));
        refused.refused(ErrorCode::RateLimited);
        // Whatever costs as much is counted together; what does not is not.
        let register = json!({ "username": "ada", "password": PASSWORD });
        guess().post("/auth/register", register).await.refused(ErrorCode::RateLimited);
        guess().get("/server").await.is::<ServerInfo>();
    });
}

#[test]
fn each_person_has_a_limit_of_their_own() {
    block_on(async {
        let server = with_limits(false).await;
        let scene = server.scene().await;
        let bert = scene.join("bert").await;
        let say = || scene.ada.post(format!("/channels/{}/messages", scene.general), json!({ "content": "hello" }));
        let answers = join_all((0..20).map(|_| say())).await;
        let refused = answers.iter().filter(|answer| answer.status == 429).count();
        assert!((3..=5).contains(&refused), "15 at once, and perhaps one or two in the time it took: {refused}");
        assert!(answers.iter().all(|answer| answer.status == 201 || answer.refusal().unwrap().code == ErrorCode::RateLimited));
        bert.say(scene.general, "hello").await;
        // Another log-in of the same person is the same person.
        scene.ada.log_in_again().await.post(format!("/channels/{}/messages", scene.general), json!({ "content": "x" })).await;
        assert_eq!(number(&say().await.headers, "x-ratelimit-remaining"), 0);
    });
}

/// How often somebody behind an address may still read.
async fn allowed(server: &TestServer, forwarded: &str) -> u32 {
    let headers = HeaderMap::from_iter([("x-forwarded-for".parse().expect("a name"), forwarded.parse().expect("text"))]);
    let answer = Api::new(server.address(), None).ask(Method::GET, "/server", None, headers).await.expect("an answer");
    number(&answer.headers, "x-ratelimit-remaining")
}

#[test]
fn an_address_is_believed_to_a_proxy_only() {
    block_on(async {
        let server = with_limits(false).await;
        let first = allowed(&server, "192.0.2.1").await;
        assert!(allowed(&server, "192.0.2.2").await < first, "both come from here");

        let server = with_limits(true).await;
        let first = allowed(&server, "192.0.2.1").await;
        assert_eq!(allowed(&server, "192.0.2.2").await, first);
        assert_eq!(allowed(&server, "192.0.2.1, 192.0.2.3").await, first, "the last one is the proxy's own word");
        assert!(allowed(&server, "192.0.2.9, 192.0.2.1").await < first);
        // A household has a network of IPv6 addresses.
        let first = allowed(&server, "2001:db8::1").await;
        assert!(allowed(&server, "2001:db8::2").await < first);
        assert_eq!(allowed(&server, "2001:db8:0:1::1").await, first);
    });
}
