//! What the window is told, and what waits for it until it listens.

use snug_ipc::shell::ShellUpdate;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// So many links and clicks wait.
const WAITING: usize = 8;

type Listener = Box<dyn Fn(ShellUpdate) + Send>;

/// The window, as long as it listens.
#[derive(Default)]
pub(super) struct Told(Mutex<State>);

#[derive(Default)]
struct State {
    listener: Option<Listener>,
    waiting: Vec<ShellUpdate>,
}

impl Told {
    /// Tells it; what leads somewhere waits for a window that does not listen yet.
    pub(super) fn tell(&self, update: ShellUpdate) {
        let mut state = self.state();
        match (&state.listener, &update) {
            (Some(tell), _) => tell(update),
            (None, ShellUpdate::Open { .. } | ShellUpdate::Channel { .. }) if state.waiting.len() < WAITING => state.waiting.push(update),
            (None, _) => {}
        }
    }

    /// From now on this is told, what waits first.
    pub(super) fn attach(&self, told: impl Fn(ShellUpdate) + Send + 'static) {
        let mut state = self.state();
        state.waiting.drain(..).for_each(&told);
        state.listener = Some(Box::new(told));
    }

    /// Whoever listened is gone.
    pub(super) fn detach(&self) {
        self.state().listener = None;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use snug_ipc::shell::ServerLink;
    use std::sync::mpsc;

    #[test]
    fn a_link_waits_for_the_window_and_a_click_on_mute_does_not() {
        let told = Told::default();
        let link = |name: &str| ShellUpdate::Open { link: ServerLink { address: format!("https://{name}.example"), invite: None } };
        told.tell(link("a"));
        told.tell(ShellUpdate::Mute { on: true });
        let (sends, receives) = mpsc::channel();
        told.attach(move |update| sends.send(update).unwrap());
        told.tell(ShellUpdate::Leave);
        assert_eq!(receives.try_iter().collect::<Vec<_>>(), [link("a"), ShellUpdate::Leave]);
        told.detach();
        (0..2 * WAITING).for_each(|_| told.tell(link("b")));
        let (sends, receives) = mpsc::channel();
        told.attach(move |update| sends.send(update).unwrap());
        assert_eq!(receives.try_iter().count(), WAITING);
    }
}
