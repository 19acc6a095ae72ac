//! Keyboards that are pipes, in folders like the kernel's.

use crate::common::{App, folder, nowhere};
use rustix::fs::{CWD, FileType, Mode, mknodat};
use snug_desktop::shortcuts::{Folders, Surroundings};
use snug_ipc::shortcuts::{ChooseKeys, ReadKeyboards, ShortcutAction, ShortcutCommand, ShortcutWay};
use std::{
    fs::{self, File, OpenOptions},
    io::Write,
    os::unix::fs::symlink,
    path::Path,
};
use tempfile::TempDir;

const F9: u16 = 67;
const F10: u16 = 68;
const SIDE: u16 = 0x113;

const KEYBOARD: &str = "402000000 3803078f800d001 feffffdfffefffff fffffffffffffffe";
const MOUSE: &str = "1f0000 0 0 0 0";

/// A device that somebody presses keys of.
struct Device(File);

impl Device {
    fn plug(folder: &Path, name: &str, keys: &str) -> Self {
        let about = folder.join("about").join(name).join("device/capabilities");
        fs::create_dir_all(&about).unwrap();
        fs::create_dir_all(folder.join("input")).unwrap();
        fs::write(about.join("key"), keys).unwrap();
        // Under another name first: the app may look at any time, and a pipe without an end at the other side is over.
        let (early, path) = (folder.join(name), folder.join("input").join(name));
        mknodat(CWD, &early, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
        let device = OpenOptions::new().read(true).write(true).open(&early).unwrap();
        fs::rename(&early, &path).unwrap();
        // What tells the app of a new name that was moved there is a change of its rights, as udev makes it.
        fs::set_permissions(&path, fs::metadata(&path).unwrap().permissions()).unwrap();
        Self(device)
    }

    fn unplug(self, folder: &Path, name: &str) {
        fs::remove_file(folder.join("input").join(name)).unwrap();
    }

    fn says(&mut self, kind: u16, code: u16, value: i32) {
        let time = vec![0; 2 * size_of::<usize>()];
        self.0.write_all(&[time, kind.to_ne_bytes().into(), code.to_ne_bytes().into(), value.to_ne_bytes().into()].concat()).unwrap();
    }

    fn key(&mut self, code: u16, value: i32) {
        self.says(1, code, value);
        self.says(0, 0, 0);
    }
}

fn input(folder: &Path) -> Surroundings {
    Surroundings { input: Folders { devices: folder.join("input"), about: folder.join("about") }, ..nowhere(folder) }
}

async fn app(folder: TempDir) -> App {
    let surroundings = input(folder.path());
    let app = App::start_on(folder, surroundings).await;
    app.command(ShortcutCommand::Read { keyboards: ReadKeyboards::Otherwise }).await;
    app
}

async fn app_with_a_key(folder: TempDir, device: &mut Device) -> App {
    let mut app = app(folder).await;
    app.until_active(ShortcutWay::Evdev).await;
    assert_eq!(app.state.choose, ChooseKeys::Here);
    app.command(ShortcutCommand::Record { action: Some(ShortcutAction::Talk) }).await;
    app.until("it waits for a key", |state| state.recording == Some(ShortcutAction::Talk)).await;
    device.key(F9, 1);
    device.key(F9, 0);
    app.until("the key is chosen", |state| state.recording.is_none()).await;
    assert_eq!(app.label(ShortcutAction::Talk), Some("F9"));
    app
}

#[tokio::test(flavor = "multi_thread")]
async fn keyboards_are_read_only_where_that_is_wanted() {
    let folder = folder();
    let mut device = Device::plug(folder.path(), "event0", KEYBOARD);
    let surroundings = input(folder.path());
    let mut app = App::start_on(folder, surroundings).await;
    app.until_failed(ShortcutWay::Portal).await;
    app.until_failed(ShortcutWay::X11).await;
    assert_eq!(crate::common::at(&app.state, ShortcutWay::Evdev), &snug_ipc::shortcuts::WayStanding::Idle);
    app.command(ShortcutCommand::Read { keyboards: ReadKeyboards::First }).await;
    app.until_active(ShortcutWay::Evdev).await;
    assert_eq!(app.state.ways[0].way, ShortcutWay::Evdev);
    device.key(F9, 1);
    app.command(ShortcutCommand::Read { keyboards: ReadKeyboards::Never }).await;
    app.until("it is off", |state| state.keyboards == ReadKeyboards::Never).await;
    app.until_failed(ShortcutWay::X11).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_any_keyboard_talks() {
    let folder = folder();
    let path = folder.path().to_owned();
    let mut one = Device::plug(&path, "event0", KEYBOARD);
    let mut other = Device::plug(&path, "event1", KEYBOARD);
    let mut app = app_with_a_key(folder, &mut one).await;
    one.key(F10, 1);
    one.key(F9, 1);
    one.key(F9, 2);
    app.talks(true).await;
    // Both hold it: it is up when both have let go.
    other.key(F9, 1);
    one.key(F9, 0);
    other.key(F9, 0);
    app.talks(false).await;
    other.key(F9, 1);
    app.talks(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keyboard_that_is_pulled_out_does_not_keep_one_talking() {
    let folder = folder();
    let path = folder.path().to_owned();
    let mut one = Device::plug(&path, "event0", KEYBOARD);
    let mut app = app_with_a_key(folder, &mut one).await;
    one.key(F9, 1);
    app.talks(true).await;
    one.unplug(&path, "event0");
    app.talks(false).await;
    // And is there again by the same name.
    let mut again = Device::plug(&path, "event0", KEYBOARD);
    again.key(F9, 1);
    app.talks(true).await;
    app.until_active(ShortcutWay::Evdev).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_that_the_kernel_lost_do_not_keep_one_talking() {
    let folder = folder();
    let mut one = Device::plug(folder.path(), "event0", KEYBOARD);
    let mut app = app_with_a_key(folder, &mut one).await;
    one.key(F9, 1);
    app.talks(true).await;
    one.says(0, 3, 0);
    app.talks(false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_button_of_a_mouse_that_came_later_can_be_chosen() {
    let folder = folder();
    let path = folder.path().to_owned();
    let mut keyboard = Device::plug(&path, "event0", KEYBOARD);
    let mut app = app_with_a_key(folder, &mut keyboard).await;
    let mut mouse = Device::plug(&path, "event7", MOUSE);
    app.command(ShortcutCommand::Record { action: Some(ShortcutAction::Talk) }).await;
    app.until("it waits for a key", |state| state.recording.is_some()).await;
    mouse.key(0x110, 1);
    mouse.key(0x110, 0);
    mouse.key(SIDE, 1);
    app.until("the button is chosen", |state| state.recording.is_none()).await;
    assert_eq!(app.label(ShortcutAction::Talk), Some("Mouse button 4"));
    mouse.key(SIDE, 0);
    mouse.key(SIDE, 1);
    app.talks(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_who_may_not_read_keyboards_is_told_the_rule() {
    let folder = folder();
    drop(Device::plug(folder.path(), "event0", KEYBOARD));
    // Nobody may read this, not even root.
    fs::remove_file(folder.path().join("input/event0")).unwrap();
    symlink("/sys/bus/cpu/drivers_probe", folder.path().join("input/event0")).unwrap();
    let mut app = app(folder).await;
    assert_eq!(app.until_failed(ShortcutWay::Evdev).await, "Snug may not read keyboards.");
    assert!(app.state.rule.text.contains(r#"TAG+="uaccess""#));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_without_keyboards_is_told_so() {
    let mut app = app(folder()).await;
    assert_eq!(app.until_failed(ShortcutWay::Evdev).await, "There is no keyboard and no mouse here.");
}
