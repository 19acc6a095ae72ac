//! The networks that voices are heard through.

use super::network::{Conditions, Loss};
use std::time::Duration;

/// One of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) conditions: Conditions,
    /// Whether it is tried when there is little time.
    pub(crate) quick: bool,
}

const fn case(name: &'static str, conditions: Conditions) -> Case {
    Case { name, conditions, quick: false }
}

const fn quick(case: Case) -> Case {
    Case { quick: true, ..case }
}

const fn bursts(share: f64) -> Loss {
    Loss::Bursts { share, length: 3.0 }
}

const fn jitter(mean_ms: u64, width_ms: u64) -> Conditions {
    Conditions { delay: Some((Duration::from_millis(mean_ms), Duration::from_millis(width_ms))), ..Conditions::GOOD }
}

/// All, by name.
pub(crate) const CASES: [Case; 12] = [
    quick(case("0", Conditions::GOOD)),
    case("5", Conditions::losing(Loss::Uniform(0.05))),
    quick(case("10", Conditions::losing(Loss::Uniform(0.10)))),
    case("20", Conditions::losing(Loss::Uniform(0.20))),
    case("30", Conditions::losing(Loss::Uniform(0.30))),
    quick(case("burst10", Conditions::losing(bursts(0.10)))),
    case("burst20", Conditions::losing(bursts(0.20))),
    quick(case("jitter100", jitter(100, 25))),
    case("jitter250", jitter(250, 100)),
    case("reorder", Conditions { reordered: 0.10, ..Conditions::GOOD }),
    case("duplicate", Conditions { doubled: 0.10, ..Conditions::GOOD }),
    case("profile", Conditions { loss: [Loss::None, bursts(0.30), Loss::None], ..Conditions::GOOD }),
];
