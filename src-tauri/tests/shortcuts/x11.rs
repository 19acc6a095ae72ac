//! A real X server, keys that xdotool presses, and a game that has the focus and has grabbed the keyboard.

use crate::common::{App, Program, Told, folder, nowhere};
use snug_desktop::shortcuts::Surroundings;
use snug_ipc::shortcuts::{ChooseKeys, ShortcutAction, ShortcutCommand, ShortcutToggle, ShortcutUpdate, ShortcutWay};
use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    time::{Duration, Instant},
};
use x11rb::{
    COPY_DEPTH_FROM_PARENT,
    connection::Connection,
    protocol::{
        Event,
        xproto::{ConnectionExt, CreateWindowAux, EventMask, GrabMode, GrabStatus, InputFocus, WindowClass},
    },
    rust_connection::RustConnection,
    wrapper::ConnectionExt as _,
};

const PATIENCE: Duration = Duration::from_secs(30);

/// An X server.
struct Server {
    program: Program,
    display: String,
}

impl Server {
    fn start() -> Self {
        let mut command = Command::new("Xvfb");
        // Without -noreset it begins anew, and is away for a moment, when the last program has gone.
        command.args(["-displayfd", "1", "-screen", "0", "640x480x24", "-nolisten", "tcp", "-noreset"]).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut program = Program(command.spawn().expect("Xvfb is installed"));
        let mut number = String::new();
        BufReader::new(program.0.stdout.take().unwrap()).read_line(&mut number).unwrap();
        Self { program, display: format!(":{}", number.trim()) }
    }

    fn xdotool(&self, words: &[&str]) {
        let status = Command::new("xdotool").args(words).env("DISPLAY", &self.display).status().expect("xdotool is installed");
        assert!(status.success(), "{words:?}");
    }
}

/// Has the focus, and wants every key for itself.
struct Game(RustConnection);

impl Game {
    fn start(server: &Server) -> Self {
        let (connection, screen) = RustConnection::connect(Some(&server.display)).unwrap();
        let root = connection.setup().roots[screen].root;
        let window = connection.generate_id().unwrap();
        let wants = CreateWindowAux::new().event_mask(EventMask::KEY_PRESS | EventMask::KEY_RELEASE).override_redirect(1);
        connection.create_window(COPY_DEPTH_FROM_PARENT, window, root, 0, 0, 640, 480, 0, WindowClass::INPUT_OUTPUT, 0, &wants).unwrap();
        connection.map_window(window).unwrap();
        connection.set_input_focus(InputFocus::PARENT, window, x11rb::CURRENT_TIME).unwrap();
        connection.sync().unwrap();
        let grab = connection.grab_keyboard(true, window, x11rb::CURRENT_TIME, GrabMode::ASYNC, GrabMode::ASYNC).unwrap().reply().unwrap();
        assert_eq!(grab.status, GrabStatus::SUCCESS);
        Self(connection)
    }

    /// Waits until it has been told of so many presses of a key, repeats among them.
    fn sees(&self, code: u16, times: usize) {
        let begun = Instant::now();
        let mut seen = 0;
        while seen < times {
            match self.0.poll_for_event().unwrap() {
                Some(Event::KeyPress(event)) if u16::from(event.detail) == code + 8 => seen += 1,
                Some(_) => {}
                None => std::thread::sleep(Duration::from_millis(5)),
            }
            assert!(begun.elapsed() < PATIENCE, "the game has seen {seen} presses");
        }
    }
}

const F9: u16 = 67;

async fn app(server: &Server) -> App {
    let folder = folder();
    let surroundings = Surroundings { display: Some(server.display.clone()), ..nowhere(folder.path()) };
    let mut app = App::start_on(folder, surroundings).await;
    app.until_active(ShortcutWay::X11).await;
    assert_eq!(app.state.choose, ChooseKeys::Here);
    app
}

async fn choose(app: &mut App, server: &Server, action: ShortcutAction, keys: &[&str], label: &str) {
    app.command(ShortcutCommand::Record { action: Some(action) }).await;
    app.until("it waits for a key", |state| state.recording == Some(action)).await;
    server.xdotool(keys);
    app.until("the key is chosen", |state| state.recording.is_none()).await;
    assert_eq!(app.label(action), Some(label));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_talks_while_a_game_has_grabbed_the_keyboard_and_the_game_has_it_too() {
    let server = Server::start();
    let mut app = app(&server).await;
    choose(&mut app, &server, ShortcutAction::Talk, &["key", "F9"], "F9").await;
    let game = Game::start(&server);
    server.xdotool(&["keydown", "F9"]);
    app.talks(true).await;
    game.sees(F9, 1);
    server.xdotool(&["keyup", "F9"]);
    app.talks(false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_repeats_itself_is_held_all_the_time() {
    let server = Server::start();
    let mut app = app(&server).await;
    choose(&mut app, &server, ShortcutAction::Talk, &["key", "F9"], "F9").await;
    let game = Game::start(&server);
    server.xdotool(&["keydown", "F9"]);
    app.talks(true).await;
    // What the game sees, the server has told: there is nothing between.
    game.sees(F9, 4);
    server.xdotool(&["keyup", "F9"]);
    app.talks(false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_works_while_other_modifiers_are_down() {
    let server = Server::start();
    let mut app = app(&server).await;
    choose(&mut app, &server, ShortcutAction::Talk, &["key", "F9"], "F9").await;
    choose(&mut app, &server, ShortcutAction::Mute, &["key", "ctrl+alt+m"], "Ctrl+Alt+M").await;
    let _game = Game::start(&server);
    for modifiers in [&["shift"][..], &["ctrl", "alt"], &["super"], &["Caps_Lock"], &["Num_Lock"]] {
        for modifier in modifiers {
            server.xdotool(&["keydown", modifier]);
        }
        server.xdotool(&["keydown", "F9"]);
        app.talks(true).await;
        for modifier in modifiers {
            server.xdotool(&["keyup", modifier]);
        }
        server.xdotool(&["keyup", "F9"]);
        app.talks(false).await;
    }
    // Neither without its modifiers, nor with one of them.
    server.xdotool(&["key", "m"]);
    server.xdotool(&["key", "ctrl+m"]);
    server.xdotool(&["key", "ctrl+shift+alt+m"]);
    assert_eq!(app.next().await, Told::Window(ShortcutUpdate::Toggle { what: ShortcutToggle::Mute }));
    server.xdotool(&["keydown", "F9"]);
    app.talks(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_button_of_the_mouse_talks() {
    let server = Server::start();
    let mut app = app(&server).await;
    choose(&mut app, &server, ShortcutAction::Talk, &["click", "8"], "Mouse button 4").await;
    let _game = Game::start(&server);
    server.xdotool(&["mousedown", "8"]);
    app.talks(true).await;
    // It is looked whether it is still down.
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    server.xdotool(&["mouseup", "8"]);
    app.talks(false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn escape_leaves_the_key_as_it_was() {
    let server = Server::start();
    let mut app = app(&server).await;
    choose(&mut app, &server, ShortcutAction::Talk, &["key", "F9"], "F9").await;
    choose(&mut app, &server, ShortcutAction::Talk, &["key", "Escape"], "F9").await;
    app.command(ShortcutCommand::Forget { action: ShortcutAction::Talk }).await;
    app.until("there is no key", |state| state.keys.iter().all(|key| key.label.is_none())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_chosen_works_after_a_restart() {
    let server = Server::start();
    let mut first = app(&server).await;
    choose(&mut first, &server, ShortcutAction::Talk, &["key", "F9"], "F9").await;
    let folder = first.quit().await;
    let surroundings = Surroundings { display: Some(server.display.clone()), ..nowhere(folder.path()) };
    let mut app = App::start(folder, surroundings).await;
    app.until_active(ShortcutWay::X11).await;
    server.xdotool(&["keydown", "F9"]);
    app.talks(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_x_server_that_ends_does_not_keep_one_talking() {
    let server = Server::start();
    let mut app = app(&server).await;
    choose(&mut app, &server, ShortcutAction::Talk, &["key", "F9"], "F9").await;
    server.xdotool(&["keydown", "F9"]);
    app.talks(true).await;
    drop(server.program);
    app.talks(false).await;
    assert!(app.until_failed(ShortcutWay::X11).await.contains("X server"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_x_server_of_a_wayland_session_is_not_used() {
    let server = Server::start();
    let folder = folder();
    let surroundings = Surroundings { display: Some(server.display.clone()), wayland: true, ..nowhere(folder.path()) };
    let mut app = App::start_on(folder, surroundings).await;
    assert!(app.until_failed(ShortcutWay::X11).await.contains("Wayland"));
    assert_eq!(app.state.choose, ChooseKeys::Nowhere);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_x_server_is_told_so() {
    let folder = folder();
    let surroundings = nowhere(folder.path());
    let mut app = App::start_on(folder, surroundings).await;
    assert_eq!(app.until_failed(ShortcutWay::X11).await, "There is no X server here.");
    let folder = crate::common::folder();
    let surroundings = Surroundings { display: Some(":4095".to_owned()), ..nowhere(folder.path()) };
    let mut app = App::start_on(folder, surroundings).await;
    assert_eq!(app.until_failed(ShortcutWay::X11).await, "The X server cannot be reached.");
}
