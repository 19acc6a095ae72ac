//! A server of releases on the loopback, and somebody who signs them.

use minisign::{KeyPair, PublicKey};
use std::{
    collections::HashMap,
    io::Cursor,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// What is answered: as many bytes as are said, or fewer.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    /// What its head says of its length.
    pub(crate) said: usize,
    /// Other lines of its head.
    pub(crate) head: String,
}

impl Answer {
    pub(crate) fn ok(body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        Self { status: 200, said: body.len(), body, head: String::new() }
    }
}

/// A server that answers what it was given. It ends with this.
pub(crate) struct Host {
    pub(crate) origin: String,
    files: Arc<Mutex<HashMap<String, Answer>>>,
    task: JoinHandle<()>,
}

impl Host {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let files: Arc<Mutex<HashMap<String, Answer>>> = Arc::default();
        let known = files.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, known.clone()));
            }
        });
        Self { origin, files, task }
    }

    pub(crate) fn put(&self, path: &str, answer: Answer) {
        self.files.lock().unwrap().insert(path.to_owned(), answer);
    }

    pub(crate) fn address(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(mut stream: TcpStream, files: Arc<Mutex<HashMap<String, Answer>>>) -> std::io::Result<()> {
    let mut lines = BufReader::new(&mut stream).lines();
    let asked = lines.next_line().await?.unwrap_or_default();
    while lines.next_line().await?.is_some_and(|line| !line.is_empty()) {}
    let path = asked.split(' ').nth(1).unwrap_or_default();
    let missing = Answer { status: 404, ..Answer::ok("") };
    let Answer { status, body, said, head } = files.lock().unwrap().get(path).cloned().unwrap_or(missing);
    let head = format!("HTTP/1.1 {status} Whatever\r\nContent-Length: {said}\r\nConnection: close\r\n{head}\r\n");
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(&body).await?;
    stream.shutdown().await
}

/// Who makes releases.
pub(crate) struct Maker(KeyPair);

impl Maker {
    pub(crate) fn new() -> Self {
        Self(KeyPair::generate_unencrypted_keypair().unwrap())
    }

    /// As the app is given it.
    pub(crate) fn key(&self) -> String {
        base64(&self.public().to_box().unwrap().into_string())
    }

    fn public(&self) -> &PublicKey {
        &self.0.pk
    }

    /// A signature, as `latest.json` has it, with what it says of the version.
    pub(crate) fn sign(&self, file: &[u8], comment: &str) -> String {
        let signature = minisign::sign(Some(self.public()), &self.0.sk, Cursor::new(file), Some(comment), None).unwrap();
        base64(&signature.into_string())
    }

    /// One that says what releases say.
    pub(crate) fn sign_version(&self, file: &[u8], version: &str) -> String {
        self.sign(file, &format!("timestamp:1700000000\tfile:Snug.AppImage\tversion:{version}"))
    }
}

fn base64(text: &str) -> String {
    data_encoding::BASE64.encode(text.as_bytes())
}
