//! https, with a certificate of the server's own, with one that is given, and with one from an authority.

mod acme;

use crate::harness::{Backend, PASSWORD, TestServer, block_on};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use serde_json::json;
use snug_server::config::Tls;
use std::{fs, net::SocketAddr, path::Path, sync::Arc, time::Duration};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::sleep,
};
use tokio_rustls::TlsConnector;

/// The answer to a raw request over TLS, where only the certificate in `trusted` counts.
async fn ask(server: &TestServer, trusted: &Path, request: &str) -> std::io::Result<String> {
    let trusted = fs::read(trusted).expect("a file");
    Ok(exchange(server.address(), &trusted, request).await?.0)
}

/// What is answered to a raw request over TLS, and the certificate that was shown. Only what is in `trusted` counts (PEM).
async fn exchange(address: SocketAddr, trusted: &[u8], request: &str) -> std::io::Result<(String, CertificateDer<'static>)> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(trusted).expect("a certificate")).expect("one to trust");
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions that it has")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let tcp = TcpStream::connect(address).await?;
    let name = ServerName::try_from("localhost").expect("a name");
    let mut stream = TlsConnector::from(Arc::new(config)).connect(name, tcp).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    let shown = stream.get_ref().1.peer_certificates().expect("it has one")[0].clone().into_owned();
    Ok((answer, shown))
}

const HEALTH: &str = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

fn post(path: &str, body: &serde_json::Value) -> String {
    let body = body.to_string();
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}

/// The answer to a raw request without TLS.
async fn ask_in_the_open(address: SocketAddr, request: &str) -> String {
    let mut tcp = TcpStream::connect(address).await.expect("the server listens");
    tcp.write_all(request.as_bytes()).await.expect("it reads");
    let mut answer = String::new();
    tcp.read_to_string(&mut answer).await.expect("it answers");
    answer
}

#[test]
fn a_server_makes_a_certificate_for_itself_once() {
    block_on(async {
        let mut server = TestServer::start_with(Backend::Sqlite, |config| config.tls = Tls::SelfSigned).await;
        let file = server.data().join("tls.pem");
        let made = fs::read(&file).expect("it is kept");
        let fingerprint = server.fingerprint().expect("visitors can compare");
        assert!(ask(&server, &file, HEALTH).await.expect("it is trusted").ends_with("ok\n"));
        server.restart().await;
        assert_eq!((fs::read(&file).unwrap(), server.fingerprint()), (made, Some(fingerprint)));
        #[cfg(unix)]
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&file).unwrap().permissions()) & 0o077, 0, "nobody else reads the key");
    });
}

#[test]
fn over_tls_cookies_are_for_tls_only() {
    block_on(async {
        let server = TestServer::start_with(Backend::Sqlite, |config| config.tls = Tls::SelfSigned).await;
        let register = post("/api/v1/auth/register", &json!({ "username": "ada", "password": PASSWORD, "cookie": true }));
        let answer = ask(&server, &server.data().join("tls.pem"), &register).await.expect("it is trusted");
        let cookie = answer.lines().find(|line| line.to_lowercase().starts_with("set-cookie:")).expect("a cookie");
        assert!(cookie.ends_with("; Secure"), "{cookie}");
    });
}

#[test]
fn whoever_comes_without_tls_is_led_to_it() {
    block_on(async {
        let server = TestServer::start_with(Backend::Sqlite, |config| config.tls = Tls::SelfSigned).await;
        let answer = ask_in_the_open(server.address(), "GET /spaces/1?x=2 HTTP/1.1\r\nHost: snug.example:7070\r\nConnection: close\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1.1 308"), "{answer}");
        let port = server.address().port();
        assert!(answer.to_lowercase().contains(&format!("\r\nlocation: https://snug.example:{port}/spaces/1?x=2\r\n")), "{answer}");
        let answer = ask_in_the_open(server.address(), "GET / HTTP/1.0\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1.0 400") && answer.contains("https only"), "{answer}");
    });
}

fn write_certificate(folder: &Path) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).expect("it is written");
    fs::write(folder.join("cert.pem"), made.cert.pem()).expect("it is written");
}

#[test]
fn a_given_certificate_is_read_again_when_it_changes() {
    block_on(async {
        let folder = TempDir::new().expect("a folder");
        let (certificate, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
        write_certificate(folder.path());
        let tls = Tls::Files { certificate: certificate.clone(), key: key.clone() };
        let server = TestServer::start_with(Backend::Sqlite, |config| config.tls = tls).await;
        assert_eq!(server.fingerprint(), None, "somebody else vouches for it");
        assert!(ask(&server, &certificate, HEALTH).await.expect("it is trusted").ends_with("ok\n"));
        let old = folder.path().join("old.pem");
        fs::copy(&certificate, &old).expect("it is copied");
        // One that makes no sense is not taken.
        fs::write(&certificate, "nonsense").expect("it is written");
        assert!(ask(&server, &old, HEALTH).await.is_ok());
        write_certificate(folder.path());
        while ask(&server, &certificate, HEALTH).await.is_err() {
            sleep(Duration::from_millis(50)).await;
        }
        assert!(ask(&server, &old, HEALTH).await.is_err());
    });
}
