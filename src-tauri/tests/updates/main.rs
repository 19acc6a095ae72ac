//! Updates from a real server on the loopback, really signed, that replace a real file.

mod host;

use host::{Answer, Host, Maker};
use serde_json::{Value, json};
use snug_desktop::{
    Problem,
    updates::{MAX_MANIFEST, MAX_PACKAGE, UpdateError, Updates, Way},
};
use snug_ipc::update::{CheckedUpdate, NotItself, Package, UpdateProgress, UpdateWay};
use std::{
    fs,
    path::PathBuf,
    process::Command,
    sync::{Arc, Mutex},
};
use tauri::{
    AppHandle,
    test::{MockRuntime, mock_builder, mock_context, noop_assets},
};
use tauri_plugin_updater::Config;
use tempfile::TempDir;

const OLD: &[u8] = b"\x7fELF the app that is installed";
/// As long as the head of a program, at least.
const NEW: &[u8] = b"\x7fELF the app that is to come, with all that is better in it than in the one before";

/// An app of version 1.2.0 that was installed as an AppImage, a server, and the one whose key it knows.
struct World {
    host: Host,
    maker: Maker,
    folder: TempDir,
    updates: Updates,
    app: AppHandle<MockRuntime>,
    _app: tauri::App<MockRuntime>,
}

impl World {
    async fn new() -> Self {
        let maker = Maker::new();
        let key = maker.key();
        Self::with_key(maker, key).await
    }

    async fn with_key(maker: Maker, key: String) -> Self {
        let (host, folder) = (Host::start().await, TempDir::new().unwrap());
        let file = folder.path().join("Snug.AppImage");
        fs::write(&file, OLD).unwrap();
        let mut context = mock_context(noop_assets());
        context.package_info_mut().version = "1.2.0".parse().unwrap();
        let config = json!({ "pubkey": key, "requireSignedVersion": true });
        context.config_mut().plugins.0.insert("updater".to_owned(), config.clone());
        let app = mock_builder().plugin(tauri_plugin_updater::Builder::new().build()).build(context).unwrap();
        let way = Way::new(&serde_json::from_value(config).unwrap(), Some(&host.address("/latest.json")), Package::AppImage, file).unwrap();
        Self { host, maker, folder, updates: Updates::new(Ok(way)), app: app.handle().clone(), _app: app }
    }

    /// The server has this version of the app, with this signature.
    fn offer(&self, version: &str, file: Answer, signature: String) {
        self.host.put("/Snug.AppImage", file);
        self.tell(json!({
            "version": version,
            "notes": "Louder **bells**.",
            "pub_date": "2026-11-21T12:00:00Z",
            "platforms": { target(): { "url": self.host.address("/Snug.AppImage"), "signature": signature } },
        }));
    }

    fn tell(&self, manifest: Value) {
        self.host.put("/latest.json", Answer::ok(manifest.to_string()));
    }

    async fn check(&self) -> Result<CheckedUpdate, UpdateError> {
        self.updates.check(&self.app).await
    }

    /// Looks, finds something, installs it, and tells why that did not work.
    async fn refused(&self) -> UpdateError {
        assert!(matches!(self.check().await.unwrap(), CheckedUpdate::Newer { .. }));
        let error = self.updates.install(|_| {}).await.unwrap_err();
        assert_eq!(self.installed(), OLD);
        assert_eq!(self.updates.status(&self.app).installed, None);
        error
    }

    fn installed(&self) -> Vec<u8> {
        let files: Vec<PathBuf> = fs::read_dir(self.folder.path()).unwrap().map(|file| file.unwrap().path()).collect();
        assert_eq!(files.len(), 1, "something was left: {files:?}");
        fs::read(&files[0]).unwrap()
    }
}

fn target() -> String {
    format!("linux-{}-appimage", std::env::consts::ARCH)
}

/// What people read.
fn words(error: UpdateError) -> String {
    let Problem(told) = error.into();
    [Some(told.message), told.hint].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn a_newer_version_is_found_and_takes_the_place_of_the_file() {
    let world = World::new().await;
    world.offer("1.3.0", Answer::ok(NEW), world.maker.sign_version(NEW, "1.3.0"));
    let CheckedUpdate::Newer { update } = world.check().await.unwrap() else { panic!("no update") };
    assert_eq!((update.version.as_str(), update.notes.as_deref(), update.date), ("1.3.0", Some("Louder **bells**."), Some(1_795_262_400_000.0)));
    assert_eq!(world.installed(), OLD);
    let told = Arc::new(Mutex::new(Vec::new()));
    let hear = told.clone();
    world.updates.install(move |progress| hear.lock().unwrap().push(progress)).await.unwrap();
    assert_eq!(world.installed(), NEW);
    let told = told.lock().unwrap();
    assert_eq!(told.first(), Some(&UpdateProgress::Download { bytes: 0, of: Some(NEW.len() as u32) }));
    assert_eq!(told.last(), Some(&UpdateProgress::Install));
    let status = world.updates.status(&world.app);
    assert_eq!((status.version.as_str(), status.installed.as_deref()), ("1.2.0", Some("1.3.0")));
    let server = world.host.origin.strip_prefix("http://").unwrap().to_owned();
    assert_eq!(status.way, UpdateWay::Itself { server, package: Package::AppImage });
}

#[tokio::test]
async fn what_the_program_minisign_signs_is_believed() {
    let folder = TempDir::new().unwrap();
    let minisign = |arguments: &[&str]| {
        let done = Command::new("minisign").args(arguments).current_dir(&folder).output().expect("minisign, by which releases are signed");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    minisign(&["-G", "-W", "-s", "key", "-p", "key.pub"]);
    fs::write(folder.path().join("Snug.AppImage"), NEW).unwrap();
    minisign(&["-S", "-s", "key", "-m", "Snug.AppImage", "-x", "signature", "-t", "timestamp:1700000000\tfile:Snug.AppImage\tversion:1.3.0"]);
    let base64 = |name: &str| data_encoding::BASE64.encode(&fs::read(folder.path().join(name)).unwrap());
    let world = World::with_key(Maker::new(), base64("key.pub")).await;
    world.offer("1.3.0", Answer::ok(NEW), base64("signature"));
    world.check().await.unwrap();
    world.updates.install(|_| {}).await.unwrap();
    assert_eq!(world.installed(), NEW);
}

#[tokio::test]
async fn the_same_version_is_nothing_new() {
    let world = World::new().await;
    world.offer("1.2.0", Answer::ok(NEW), world.maker.sign_version(NEW, "1.2.0"));
    assert_eq!(world.check().await.unwrap(), CheckedUpdate::Newest);
    assert!(matches!(world.updates.install(|_| {}).await, Err(UpdateError::Nothing)));
}

#[tokio::test]
async fn an_older_version_is_named_and_never_installed() {
    let world = World::new().await;
    world.offer("1.1.9", Answer::ok(NEW), world.maker.sign_version(NEW, "1.1.9"));
    assert_eq!(world.check().await.unwrap(), CheckedUpdate::Older { version: "1.1.9".to_owned() });
    assert!(matches!(world.updates.install(|_| {}).await, Err(UpdateError::Nothing)));
    assert_eq!(world.installed(), OLD);
}

#[tokio::test]
async fn an_older_version_presented_as_a_newer_one_is_refused() {
    let world = World::new().await;
    world.offer("1.3.0", Answer::ok(NEW), world.maker.sign_version(NEW, "1.1.9"));
    assert_eq!(
        words(world.refused().await),
        "The package was signed as version 1.1.9, but is presented as 1.3.0. \
         Nothing was installed, and this version goes on working. If it stays so, tell those who made this package."
    );
}

#[tokio::test]
async fn a_signature_without_a_version_is_refused() {
    let world = World::new().await;
    world.offer("1.3.0", Answer::ok(NEW), world.maker.sign(NEW, "timestamp:1700000000\tfile:Snug.AppImage"));
    assert!(words(world.refused().await).starts_with("The package's signature does not say which version it is."));
}

#[tokio::test]
async fn a_package_that_was_changed_is_refused() {
    let world = World::new().await;
    world.offer("1.3.0", Answer::ok(b"\x7fELF something evil".as_slice()), world.maker.sign_version(NEW, "1.3.0"));
    assert!(words(world.refused().await).starts_with("The package is not the one that was signed: it is damaged, or somebody has changed it."));
}

#[tokio::test]
async fn a_version_written_into_a_signature_afterwards_is_refused() {
    let world = World::new().await;
    let signature = data_encoding::BASE64.decode(world.maker.sign_version(NEW, "1.1.9").as_bytes()).unwrap();
    let forged = String::from_utf8(signature).unwrap().replace("1.1.9", "1.3.0");
    world.offer("1.3.0", Answer::ok(NEW), data_encoding::BASE64.encode(forged.as_bytes()));
    assert!(words(world.refused().await).starts_with("The package is not the one that was signed"));
}

#[tokio::test]
async fn a_package_whose_end_is_missing_is_refused() {
    let world = World::new().await;
    // The server has only a part, and does not know.
    world.offer("1.3.0", Answer::ok(&NEW[..9]), world.maker.sign_version(NEW, "1.3.0"));
    assert!(words(world.refused().await).starts_with("The package is not the one that was signed: it is damaged"));
    // The connection ends before its time.
    world.offer("1.3.0", Answer { said: NEW.len(), ..Answer::ok(&NEW[..9]) }, world.maker.sign_version(NEW, "1.3.0"));
    assert!(words(world.refused().await).contains(" broke off after 9 bytes. Look whether this computer is online, and try again."));
}

#[tokio::test]
async fn somebody_elses_key_is_refused() {
    let world = World::new().await;
    world.offer("1.3.0", Answer::ok(NEW), Maker::new().sign_version(NEW, "1.3.0"));
    assert!(words(world.refused().await).starts_with("The package was signed with another key than the one that this app believes."));
}

#[tokio::test]
async fn what_is_no_signature_is_refused() {
    let world = World::new().await;
    for nonsense in ["", "none", "bm9uZQ=="] {
        world.offer("1.3.0", Answer::ok(NEW), nonsense.to_owned());
        assert!(words(world.refused().await).starts_with("What came with the package is no signature."), "{nonsense:?}");
    }
}

#[tokio::test]
async fn a_file_that_is_no_package_is_refused_even_if_it_is_signed() {
    let world = World::new().await;
    world.offer("1.3.0", Answer::ok("#!/bin/sh"), world.maker.sign_version(b"#!/bin/sh", "1.3.0"));
    assert!(words(world.refused().await).starts_with("The package is of a kind that cannot be installed here."));
}

#[tokio::test]
async fn a_refusal_is_forgotten_when_all_is_well() {
    let world = World::new().await;
    world.offer("1.3.0", Answer::ok("damaged"), world.maker.sign_version(NEW, "1.3.0"));
    world.refused().await;
    world.host.put("/Snug.AppImage", Answer::ok(NEW));
    world.updates.install(|_| {}).await.unwrap();
    assert_eq!(world.installed(), NEW);
}

#[tokio::test]
async fn what_a_server_says_must_make_sense() {
    let world = World::new().await;
    for nonsense in ["", "{", "[]", "<html>", r#"{"version":"new"}"#, r#"{"version":"1.3.0","platforms":7}"#] {
        world.host.put("/latest.json", Answer::ok(nonsense));
        let words = words(world.check().await.unwrap_err());
        assert!(words.contains("does not say in a way that is understood what is new. Try again later."), "{nonsense}: {words}");
    }
}

#[tokio::test]
async fn more_than_anybody_could_mean_is_not_read() {
    let world = World::new().await;
    world.host.put("/latest.json", Answer::ok(vec![b' '; MAX_MANIFEST + 1]));
    assert!(words(world.check().await.unwrap_err()).contains(" sends more than 262144 bytes, so it was not listened to."));
    let large = Answer { said: MAX_PACKAGE + 1, ..Answer::ok("") };
    world.offer("1.3.0", large, world.maker.sign_version(NEW, "1.3.0"));
    assert!(matches!(world.refused().await, UpdateError::Large { .. }));
}

#[tokio::test]
async fn a_server_without_a_release_is_named() {
    let world = World::new().await;
    let words_missing = words(world.check().await.unwrap_err());
    assert!(words_missing.contains(" answered with an error (404). Try again later."), "{words_missing}");
    world.tell(json!({ "version": "1.3.0", "platforms": { "linux-sparc-deb": { "url": "https://snug.example/x.deb", "signature": "" } } }));
    let kind = words(world.check().await.unwrap_err());
    assert_eq!(
        kind,
        format!(
            "There is an update, but no package of the kind that is installed here (`{}`). Get it in another way, from where you have this one.",
            target()
        )
    );
}

#[tokio::test]
async fn a_server_that_is_down_is_named() {
    let world = World::new().await;
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let config = Config { pubkey: world.maker.key(), ..Config::default() };
    let way = Way::new(&config, Some(&format!("http://{nobody}/latest.json")), Package::AppImage, PathBuf::new()).unwrap();
    let words = words(Updates::new(Ok(way)).check(&world.app).await.unwrap_err());
    assert!(words.starts_with(&format!("`{nobody}` could not be reached: ")), "{words}");
    assert!(words.ends_with(" Look whether this computer is online, and try again."), "{words}");
}

#[tokio::test]
async fn a_package_that_would_come_without_encryption_is_not_fetched() {
    let world = World::new().await;
    world.tell(json!({ "version": "1.3.0", "platforms": { target(): { "url": "http://192.0.2.1/Snug.AppImage", "signature": "" } } }));
    assert!(matches!(world.check().await, Err(UpdateError::Insecure { .. })));
    assert!(matches!(world.updates.install(|_| {}).await, Err(UpdateError::Nothing)));
}

#[tokio::test]
async fn a_file_may_be_elsewhere_but_not_for_ever() {
    let world = World::new().await;
    let elsewhere = |path: &str| Answer { status: 302, head: format!("Location: {path}\r\n"), ..Answer::ok("") };
    world.offer("1.3.0", elsewhere("/real"), world.maker.sign_version(NEW, "1.3.0"));
    world.host.put("/real", Answer::ok(NEW));
    world.check().await.unwrap();
    world.updates.install(|_| {}).await.unwrap();
    assert_eq!(world.installed(), NEW);
    let world = World::new().await;
    world.offer("1.3.0", elsewhere("/Snug.AppImage"), world.maker.sign_version(NEW, "1.3.0"));
    assert!(matches!(world.refused().await, UpdateError::Unreachable { .. }));
}

#[test]
fn a_copy_says_why_it_does_not_update_itself() {
    let way = |key: &str, endpoint: Option<&str>, told: Option<&str>| {
        let endpoints = endpoint.into_iter().map(|one| one.parse().unwrap()).collect();
        let config = Config { pubkey: key.to_owned(), endpoints, ..Config::default() };
        Way::new(&config, told, Package::Deb, PathBuf::new()).map(|_| ())
    };
    let usual = Some("https://snug.example/latest.json");
    assert_eq!(way("key", usual, None), Ok(()));
    assert_eq!(way("key", None, Some("https://snug.example/latest.json")), Ok(()));
    assert_eq!(way("", usual, None), Err(NotItself::NoKey));
    assert_eq!(way("key", None, None), Err(NotItself::NoServer));
    assert_eq!(way("key", None, Some("")), Err(NotItself::NoServer));
    assert_eq!(way("key", usual, Some("off")), Err(NotItself::Off));
    for wrong in ["http://snug.example/latest.json", "snug.example", "file:///tmp/latest.json", "http://localhost.snug.example/"] {
        assert_eq!(way("key", usual, Some(wrong)), Err(NotItself::Address), "{wrong}");
    }
}

#[tokio::test]
async fn a_copy_that_does_not_update_itself_asks_nobody() {
    let world = World::new().await;
    let updates = Updates::new(Err(NotItself::Built));
    assert_eq!(updates.status(&world.app).way, UpdateWay::Others { why: NotItself::Built });
    assert!(matches!(updates.check(&world.app).await, Err(UpdateError::NotItself(NotItself::Built))));
    assert!(matches!(updates.install(|_| {}).await, Err(UpdateError::Nothing)));
}
