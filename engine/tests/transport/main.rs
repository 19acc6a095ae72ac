//! Both stacks of WebRTC, one set of tests: each against the real media server, over real sockets on this machine.

mod pictures;
mod stage;
mod voices;
mod wrong;

/// Runs each test with each stack.
macro_rules! with_each_stack {
    ($($test:ident)*) => {
        mod str0m { $(#[test] fn $test() { super::$test(snug_engine::transport::Stack::Str0m); })* }
        mod webrtc { $(#[test] fn $test() { super::$test(snug_engine::transport::Stack::WebRtc); })* }
    };
}
pub(crate) use with_each_stack;
