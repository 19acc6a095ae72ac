//! The devices that PipeWire knows.
//!
//! `cpal` leaves out microphones of the class `Audio/Source/Virtual`: what EasyEffects and virtual cables offer.

use super::{Device, Direction};
use pipewire::{context::ContextRc, keys, main_loop::MainLoopRc, types::ObjectType};
use std::{cell::RefCell, rc::Rc, time::Duration};

/// How long the sound server may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// Asks PipeWire. Nothing if it does not run or does not answer.
pub fn list() -> Option<Vec<Device>> {
    pipewire::init();
    let main_loop = MainLoopRc::new(None).ok()?;
    let context = ContextRc::new(&main_loop, None).ok()?;
    let core = context.connect_rc(None).ok()?;
    let registry = core.get_registry_rc().ok()?;

    let found = Rc::new(RefCell::new(Vec::new()));
    let _globals = registry
        .add_listener_local()
        .global({
            let found = found.clone();
            move |global| {
                if global.type_ != ObjectType::Node {
                    return;
                }
                let Some(props) = global.props else {
                    return;
                };
                let property = |key| props.get(key);
                let Some(direction) = property(*keys::MEDIA_CLASS).and_then(direction) else {
                    return;
                };
                let Some(id) = property(*keys::NODE_NAME) else {
                    return;
                };
                let name = property(*keys::NODE_DESCRIPTION).or(property(*keys::NODE_NICK)).unwrap_or(id);
                for direction in direction {
                    found.borrow_mut().push(Device { id: id.to_owned(), name: name.to_owned(), direction: *direction });
                }
            }
        })
        .register();
    let answered = Rc::new(RefCell::new(false));
    // All that is there was told when the answer to this is.
    let asked = core.sync(0).ok()?;
    let _core = core
        .add_listener_local()
        .done({
            let (main_loop, answered) = (main_loop.clone(), answered.clone());
            move |_, sequence| {
                if sequence == asked {
                    *answered.borrow_mut() = true;
                    main_loop.quit();
                }
            }
        })
        .register();
    let timer = main_loop.loop_().add_timer({
        let main_loop = main_loop.clone();
        move |_| main_loop.quit()
    });
    timer.update_timer(Some(PATIENCE), None).into_result().ok()?;
    main_loop.run();
    let answered = *answered.borrow();
    answered.then(|| found.take())
}

fn direction(class: &str) -> Option<&'static [Direction]> {
    match class.strip_suffix("/Virtual").unwrap_or(class) {
        "Audio/Source" => Some(&[Direction::Input]),
        "Audio/Sink" => Some(&[Direction::Output]),
        "Audio/Duplex" => Some(&[Direction::Input, Direction::Output]),
        _ => None,
    }
}
