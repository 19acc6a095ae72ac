//! A certificate from an authority: a real one for tests, [Pebble](https://github.com/letsencrypt/pebble), whose program
//! `SNUG_TEST_PEBBLE` names.

use super::{HEALTH, ask_in_the_open, exchange};
use crate::harness::{Backend, PATIENCE, TestServer, block_on, needed};
use rustls::pki_types::CertificateDer;
use serde_json::json;
use snug_server::{
    config::Tls,
    tls::{Acme, Domain},
};
use std::{
    fs, io,
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::time::sleep;

/// A port that was free a moment ago.
fn free() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port")
}

/// An authority that runs, and where the one server is that it gives certificates to. Ended when dropped.
struct Pebble {
    process: Child,
    folder: TempDir,
    directory: SocketAddr,
    management: SocketAddr,
    server: SocketAddr,
}

impl Pebble {
    /// One whose certificates are good for so long. Nothing where it is not there: it says so.
    fn start(test: &str, good_for: Duration) -> Option<Self> {
        let program = needed(test, "SNUG_TEST_PEBBLE")?;
        let folder = TempDir::new().expect("a folder");
        let (directory, management, server) = (free(), free(), free());
        let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
        let (certificate, key, settings) = (folder.path().join("cert.pem"), folder.path().join("key.pem"), folder.path().join("pebble.json"));
        fs::write(&certificate, own.cert.pem()).expect("it is written");
        fs::write(&key, own.signing_key.serialize_pem()).expect("it is written");
        let pebble = json!({
            "listenAddress": directory.to_string(),
            "managementListenAddress": management.to_string(),
            "certificate": certificate,
            "privateKey": key,
            "httpPort": 1,
            "tlsPort": server.port(),
            "certificateValidityPeriod": good_for.as_secs(),
        });
        fs::write(&settings, json!({ "pebble": pebble }).to_string()).expect("it is written");
        let mut command = Command::new(program);
        command.arg("-config").arg(settings).env("PEBBLE_VA_NOSLEEP", "1").stdout(Stdio::null()).stderr(Stdio::null());
        Some(Self { process: command.spawn().expect("Pebble runs"), folder, directory, management, server })
    }

    fn certificate(&self) -> PathBuf {
        self.folder.path().join("cert.pem")
    }

    /// What vouches for all that it gives: PEM.
    async fn root(&self) -> String {
        let request = "GET /roots/0 HTTP/1.0\r\nHost: localhost\r\n\r\n";
        let trusted = fs::read(self.certificate()).expect("it was written");
        let started = Instant::now();
        loop {
            match exchange(self.management, &trusted, request).await {
                Ok((answer, _)) => return answer.split_once("\r\n\r\n").expect("a body").1.to_owned(),
                Err(error) => assert!(started.elapsed() < PATIENCE, "Pebble does not answer: {error}"),
            }
            sleep(Duration::from_millis(20)).await;
        }
    }

    fn stop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }

    async fn serve(&self, redirect: Option<SocketAddr>) -> TestServer {
        let acme = Acme {
            domains: vec!["localhost".parse::<Domain>().expect("a domain")],
            contact: Some("ada@snug.example".into()),
            directory: Some(format!("https://localhost:{}/dir", self.directory.port())),
            root: Some(self.certificate()),
        };
        TestServer::start_with(Backend::Sqlite, |config| {
            (config.listen, config.tls, config.redirect) = (self.server, Tls::Acme(acme), redirect);
        })
        .await
    }
}

impl Drop for Pebble {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The certificate that is shown, as soon as there is one that `root` vouches for and that is not `but`.
async fn shown(server: &TestServer, root: &str, but: Option<&CertificateDer<'_>>) -> CertificateDer<'static> {
    let started = Instant::now();
    loop {
        match exchange(server.address(), root.as_bytes(), HEALTH).await {
            Ok((answer, certificate)) if Some(&certificate) != but => {
                assert!(answer.ends_with("ok\n"), "{answer}");
                return certificate;
            }
            other => assert!(started.elapsed() < PATIENCE, "no certificate came: {:?}", other.map(|_| "the same as before")),
        }
        sleep(Duration::from_millis(50)).await;
    }
}

#[test]
fn a_server_gets_a_certificate_for_its_domain_and_keeps_it() {
    let Some(mut pebble) = Pebble::start("a_server_gets_a_certificate_for_its_domain_and_keeps_it", Duration::from_secs(86_400)) else { return };
    block_on(async {
        let root = pebble.root().await;
        let http = free();
        let mut server = pebble.serve(Some(http)).await;
        let certificate = shown(&server, &root, None).await;
        assert_eq!(server.fingerprint(), None, "somebody else vouches for it");
        let answer = ask_in_the_open(http, "GET /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await;
        let leads_to = format!("\r\nlocation: https://localhost:{}/x\r\n", server.address().port());
        assert!(answer.to_lowercase().contains(&leads_to), "{answer}");
        // It is kept: nobody is asked again.
        pebble.stop();
        server.restart().await;
        assert_eq!(shown(&server, &root, None).await, certificate);
        #[cfg(unix)]
        assert_eq!(
            std::os::unix::fs::PermissionsExt::mode(&fs::metadata(server.data().join("acme")).unwrap().permissions()) & 0o077,
            0,
            "nobody else reads the keys"
        );
    });
}

#[test]
fn a_certificate_is_renewed_before_it_ends() {
    let Some(pebble) = Pebble::start("a_certificate_is_renewed_before_it_ends", Duration::from_secs(6)) else { return };
    block_on(async {
        let root = pebble.root().await;
        let server = pebble.serve(None).await;
        let first = shown(&server, &root, None).await;
        shown(&server, &root, Some(&first)).await;
    });
}

#[test]
fn an_authority_that_is_not_known_is_not_believed() {
    let Some(pebble) = Pebble::start("an_authority_that_is_not_known_is_not_believed", Duration::from_secs(86_400)) else { return };
    block_on(async {
        let root = pebble.root().await;
        // Another root than the one that Pebble's own certificate comes from.
        let other = pebble.folder.path().join("other.pem");
        fs::write(&other, rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("one").cert.pem()).expect("it is written");
        fs::rename(&other, pebble.certificate()).expect("it takes its place");
        let server = pebble.serve(None).await;
        // Longer than it takes where it is believed; the pages are there for whoever asks without TLS, and lead to it.
        for _ in 0..20 {
            let error = exchange(server.address(), root.as_bytes(), HEALTH).await.map(|_| ()).expect_err("nothing to show");
            assert_ne!(error.kind(), io::ErrorKind::ConnectionRefused, "it runs all the same");
            sleep(Duration::from_millis(50)).await;
        }
    });
}
