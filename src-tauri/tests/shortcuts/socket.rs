//! The real `snug-ptt` and the app's socket.

use crate::common::{App, Told, folder, nowhere};
use snug_ipc::shortcuts::{ShortcutCommand, ShortcutToggle, ShortcutUpdate, ShortcutWay};
use std::{
    fs,
    io::{Read, Write},
    os::unix::{
        fs::{FileTypeExt, PermissionsExt},
        net::{UnixListener, UnixStream},
    },
    path::Path,
    process::{Command, Output},
};

fn ptt(runtime: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_snug-ptt")).args(words).env("XDG_RUNTIME_DIR", runtime).output().unwrap()
}

fn says(runtime: &Path, word: &str) {
    let output = ptt(runtime, &[word]);
    assert!(output.status.success(), "{output:?}");
    assert!(output.stdout.is_empty() && output.stderr.is_empty(), "{output:?}");
}

async fn app() -> App {
    let folder = folder();
    let surroundings = nowhere(folder.path());
    let mut app = App::start(folder, surroundings).await;
    app.until_active(ShortcutWay::Socket).await;
    app
}

fn socket(app: &App) -> std::path::PathBuf {
    app.folder().join("snug/ptt.sock")
}

/// What is answered to a client of another make.
fn answer(app: &App, said: &[u8]) -> String {
    let mut stream = UnixStream::connect(socket(app)).unwrap();
    // It may have been closed before all of it was read.
    drop(stream.write_all(said));
    let mut answer = String::new();
    drop(stream.read_to_string(&mut answer));
    answer
}

const MUTE: Told = Told::Window(ShortcutUpdate::Toggle { what: ShortcutToggle::Mute });
const DEAFEN: Told = Told::Window(ShortcutUpdate::Toggle { what: ShortcutToggle::Deafen });

#[tokio::test(flavor = "multi_thread")]
async fn one_talks_from_press_to_release_though_shortcuts_are_off() {
    let mut app = app().await;
    assert!(!app.state.on);
    says(app.folder(), "press");
    // Keys that repeat themselves call again.
    says(app.folder(), "press");
    app.talks(true).await;
    says(app.folder(), "release");
    app.talks(false).await;
    says(app.folder(), "release");
    says(app.folder(), "toggle-mute");
    assert_eq!(app.next().await, MUTE);
    says(app.folder(), "toggle-deafen");
    assert_eq!(app.next().await, DEAFEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_and_the_socket_hold_one_key() {
    let mut app = app().await;
    app.shortcuts.hold(true).await;
    assert_eq!(app.next().await, Told::Engine(true));
    says(app.folder(), "press");
    assert_eq!(app.next().await, Told::Window(ShortcutUpdate::Talk { down: true }));
    // The window loses the focus: that is no end of talking.
    app.shortcuts.hold(false).await;
    app.command(ShortcutCommand::Use { on: true }).await;
    app.until("that is known", |state| state.on).await;
    assert!(app.state.talking);
    says(app.folder(), "release");
    assert_eq!([app.next().await, app.next().await], [Told::Engine(false), Told::Window(ShortcutUpdate::Talk { down: false })]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_that_is_gone_holds_nothing() {
    let mut app = app().await;
    app.shortcuts.hold(true).await;
    assert_eq!(app.next().await, Told::Engine(true));
    app.shortcuts.detach();
    assert_eq!(app.next().await, Told::Engine(false));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_who_talks_when_the_app_is_quit_does_no_more() {
    let mut app = app().await;
    says(app.folder(), "press");
    app.talks(true).await;
    let socket = socket(&app);
    assert!(fs::metadata(&socket).unwrap().file_type().is_socket());
    let folder = app.quit().await;
    assert!(!socket.exists());
    let output = ptt(folder.path(), &["release"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "snug-ptt: Snug does not run: start it first\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_socket_is_for_nobody_else() {
    let app = app().await;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&socket(&app)), mode(&app.folder().join("snug"))), (0o600, 0o700));
}

#[test]
fn the_command_says_what_is_wrong() {
    let folder = folder();
    let run = |words: &[&str]| {
        let output = ptt(folder.path(), words);
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    assert_eq!(run(&["press"]), (Some(1), "snug-ptt: Snug does not run: start it first\n".to_owned()));
    for words in [&[] as &[&str], &["shout"], &["press", "release"]] {
        let (code, said) = run(words);
        assert_eq!(code, Some(2), "{words:?}");
        assert!(said.starts_with("Usage: snug-ptt press|release|toggle-mute|toggle-deafen"), "{said}");
    }
    // A socket on which nobody listens, after a crash.
    fs::create_dir(folder.path().join("snug")).unwrap();
    drop(UnixListener::bind(folder.path().join("snug/ptt.sock")).unwrap());
    assert_eq!(run(&["press"]), (Some(1), "snug-ptt: Snug does not run: start it first\n".to_owned()));
    let output = Command::new(env!("CARGO_BIN_EXE_snug-ptt")).arg("press").env_remove("XDG_RUNTIME_DIR").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("XDG_RUNTIME_DIR"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_that_a_crash_left_is_replaced() {
    let folder = folder();
    fs::create_dir(folder.path().join("snug")).unwrap();
    drop(UnixListener::bind(folder.path().join("snug/ptt.sock")).unwrap());
    let surroundings = nowhere(folder.path());
    let mut app = App::start(folder, surroundings).await;
    app.until_active(ShortcutWay::Socket).await;
    says(app.folder(), "toggle-mute");
    assert_eq!(app.next().await, MUTE);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_app_leaves_the_socket_to_the_first() {
    let mut first = app().await;
    let mut second = App::start(folder(), nowhere(first.folder())).await;
    assert_eq!(second.until_failed(ShortcutWay::Socket).await, "Another Snug listens there already.");
    says(first.folder(), "toggle-mute");
    assert_eq!(first.next().await, MUTE);
    let runtime = first.quit().await;
    second.command(ShortcutCommand::Again).await;
    second.until_active(ShortcutWay::Socket).await;
    says(runtime.path(), "toggle-deafen");
    assert_eq!(second.next().await, DEAFEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_word_does_nothing() {
    let mut app = app().await;
    let no = "this is no word that it knows\n";
    for said in [&b"\n"[..], b"PRESS\n", b"press toggle-mute\n", b"\xff\xfe\0\n", b"press\r\n"] {
        assert_eq!(answer(&app, said), no, "{said:?}");
    }
    // More than a line: what is behind it is not looked at.
    assert_eq!(answer(&app, b"toggle-mute\ntoggle-deafen\n"), "ok\n");
    assert_eq!(app.next().await, MUTE);
    // Much too much is not read.
    let much = answer(&app, &vec![b'x'; 10_000_000]);
    assert!(much == no || much.is_empty(), "{much}");
    says(app.folder(), "toggle-deafen");
    assert_eq!(app.next().await, DEAFEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_say_nothing_do_not_keep_others_waiting_for_long() {
    let mut app = app().await;
    let silent: Vec<UnixStream> = (0..100).map(|_| UnixStream::connect(socket(&app)).unwrap()).collect();
    // One that is in the middle of a word, and one that is gone.
    let mut slow = UnixStream::connect(socket(&app)).unwrap();
    slow.write_all(b"toggle-").unwrap();
    drop(UnixStream::connect(socket(&app)).unwrap());
    drop(silent);
    let many: Vec<_> = (0..40)
        .map(|_| {
            let runtime = app.folder().to_owned();
            tokio::task::spawn_blocking(move || says(&runtime, "toggle-mute"))
        })
        .collect();
    for one in many {
        one.await.unwrap();
    }
    for _ in 0..40 {
        assert_eq!(app.next().await, MUTE);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_without_a_folder_for_sockets_is_told_so() {
    let folder = folder();
    let surroundings = snug_desktop::shortcuts::Surroundings { runtime_dir: None, ..nowhere(folder.path()) };
    let mut app = App::start(folder, surroundings).await;
    assert!(app.until_failed(ShortcutWay::Socket).await.contains("XDG_RUNTIME_DIR"));
}
