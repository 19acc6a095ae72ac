use super::*;
use crate::shortcuts::Folders;
use tempfile::TempDir;

/// A desk on which a way is tried.
fn desk(folder: &TempDir, way: ShortcutWay, up: Option<Instant>) -> Desk {
    let surroundings = Surroundings {
        bus: Some(String::new()),
        app_id: "app.snug.Snug".to_owned(),
        display: None,
        wayland: false,
        runtime_dir: None,
        input: Folders { devices: folder.path().join("none"), about: folder.path().join("none") },
        command: "snug-ptt".to_owned(),
        answer: Duration::ZERO,
    };
    let mut desk = Desk::new(&folder.path().join("shortcuts.json"), surroundings, Box::new(|_| {}), mpsc::channel(1).1);
    tries(&mut desk, way, up);
    desk
}

fn tries(desk: &mut Desk, way: ShortcutWay, up: Option<Instant>) {
    let origin = desk.line(way).origin;
    desk.global = Global::Running(Running { origin, task: tokio::spawn(std::future::pending()), up });
}

fn is_trying(desk: &Desk, way: ShortcutWay) -> bool {
    matches!(&desk.global, Global::Running(running) if running.origin.way == way)
}

#[tokio::test]
async fn what_is_refused_after_a_loss_is_not_asked_for_again_by_itself() {
    for refusal in [|| portal::Trouble::Refused, || portal::Trouble::Unanswered] {
        let folder = TempDir::new().unwrap();
        let mut desk = desk(&folder, ShortcutWay::Portal, Some(Instant::now()));
        desk.lost(portal::Trouble::Closed.into());
        assert!(matches!(desk.global, Global::Later(0, _)), "it has worked, and is tried again");
        tries(&mut desk, ShortcutWay::Portal, None);
        desk.lost(refusal().into());
        assert!(is_trying(&desk, ShortcutWay::X11));
        desk.lost(x11::Trouble::NoDisplay.into());
        assert!(matches!(desk.global, Global::Off));
    }
}

#[tokio::test]
async fn other_keys_that_are_refused_are_not_asked_for_again_by_themselves() {
    let folder = TempDir::new().unwrap();
    let mut desk = desk(&folder, ShortcutWay::Portal, Some(Instant::now()));
    desk.lost(portal::Trouble::Refused.into());
    assert!(is_trying(&desk, ShortcutWay::X11));
}

#[tokio::test]
async fn what_has_worked_is_tried_again_later_when_nothing_works() {
    let folder = TempDir::new().unwrap();
    let mut desk = desk(&folder, ShortcutWay::Portal, Some(Instant::now()));
    desk.lost(portal::Trouble::Gone.into());
    tries(&mut desk, ShortcutWay::Portal, None);
    desk.lost(portal::Trouble::Absent.into());
    desk.lost(x11::Trouble::NoDisplay.into());
    assert!(matches!(desk.global, Global::Later(0, _)));
}
