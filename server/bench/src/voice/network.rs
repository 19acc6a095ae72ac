//! What a bad network does to a stream, decided by a seed, a direction and the place of a packet in the stream: the same for
//! every run and for whoever talks. No clock, no socket: [`super::relay`] is the shell around it.

use crate::random::Random;
use std::time::Duration;

/// Packets between one client and the server: to it, or from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Up,
    Down,
}

/// Which packets are lost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Loss {
    /// None.
    None,
    /// Each by itself, with this probability.
    Uniform(f64),
    /// By two states, good and bad, where all is lost in the bad one (Gilbert, 1960): this share of all, so many in a row on average.
    Bursts { share: f64, length: f64 },
}

/// How bad a network is. All of it is drawn for each packet by itself, but bursts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Conditions {
    /// Until the first place, from there to the second, and after: see [`Conditions::WORSE_FROM`].
    pub(crate) loss: [Loss; 3],
    /// How long a packet takes: evenly distributed, this far around the mean. Late packets are overtaken.
    pub(crate) delay: Option<(Duration, Duration)>,
    /// The share that is held back by [`Conditions::HELD_BACK`].
    pub(crate) reordered: f64,
    /// The share that comes twice, the second time [`Conditions::SECOND`] later.
    pub(crate) doubled: f64,
}

impl Conditions {
    /// Where the middle of [`Conditions::loss`] begins and ends, in packets of 20 ms: after 10 and 20 s.
    const WORSE_FROM: [u64; 2] = [500, 1_000];
    /// Two others overtake it.
    const HELD_BACK: Duration = Duration::from_millis(50);
    /// After how long a packet comes again.
    const SECOND: Duration = Duration::from_millis(5);
    /// Nothing happens.
    pub(crate) const GOOD: Self = Self { loss: [Loss::None; 3], delay: None, reordered: 0.0, doubled: 0.0 };

    pub(crate) const fn losing(loss: Loss) -> Self {
        Self { loss: [loss; 3], ..Self::GOOD }
    }

    fn loss_at(&self, place: u64) -> Loss {
        self.loss[Self::WORSE_FROM.iter().filter(|from| place >= **from).count()]
    }
}

/// What becomes of one packet: when it goes on, once, twice, or never.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fate {
    pub(crate) after: [Option<Duration>; 2],
}

impl Fate {
    /// It goes on at once.
    pub(crate) const GOOD: Self = Self { after: [Some(Duration::ZERO), None] };
}

/// The fate of each packet of a stream.
#[derive(Debug)]
pub(crate) struct Plan(Vec<Fate>);

/// How many packets have a fate of their own: 80 s. After that it begins anew.
const PLANNED: u64 = 4_000;

impl Plan {
    pub(crate) fn new(conditions: &Conditions, seed: u64, direction: Direction) -> Self {
        let mut random = Random::new(seed.wrapping_mul(2).wrapping_add(match direction {
            Direction::Up => 0,
            Direction::Down => 1,
        }));
        // Neighbouring seeds begin alike.
        let mut random = random.fork();
        let mut bad = false;
        let fate = |place| {
            // As many draws for each packet, whatever the conditions: those of one seed are alike.
            let [lose, late, reorder, double] = std::array::from_fn(|_| part(&mut random));
            bad = match conditions.loss_at(place) {
                Loss::None => false,
                Loss::Uniform(share) => lose < share,
                Loss::Bursts { length, .. } if bad => lose >= 1.0 / length,
                Loss::Bursts { share, length } => lose < share / length / (1.0 - share),
            };
            if bad {
                return Fate::default();
            }
            let mut after = conditions.delay.map_or(Duration::ZERO, |(mean, width)| (mean + width.mul_f64(2.0 * late)).saturating_sub(width));
            if reorder < conditions.reordered {
                after += Conditions::HELD_BACK;
            }
            Fate { after: [Some(after), (double < conditions.doubled).then_some(after + Conditions::SECOND)] }
        };
        Self((0..PLANNED).map(fate).collect())
    }

    /// What becomes of a packet.
    pub(crate) fn fate(&self, place: u64) -> Fate {
        self.0[(place % PLANNED) as usize]
    }
}

/// From 0 up to 1.
fn part(random: &mut Random) -> f64 {
    (random.next() >> 11) as f64 / (1u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const BURSTS: Conditions = Conditions::losing(Loss::Bursts { share: 0.2, length: 3.0 });

    fn lost(conditions: &Conditions, seed: u64) -> Vec<bool> {
        let plan = Plan::new(conditions, seed, Direction::Down);
        (0..PLANNED).map(|place| plan.fate(place).after[0].is_none()).collect()
    }

    fn share(lost: &[bool]) -> f64 {
        lost.iter().filter(|lost| **lost).count() as f64 / lost.len() as f64
    }

    #[test]
    fn the_same_seed_gives_the_same_fates() {
        assert_eq!(lost(&BURSTS, 7), lost(&BURSTS, 7));
    }

    #[test]
    fn seeds_and_directions_differ() {
        assert_ne!(lost(&BURSTS, 7), lost(&BURSTS, 8));
        let up = Plan::new(&BURSTS, 7, Direction::Up);
        assert_ne!(lost(&BURSTS, 7), (0..PLANNED).map(|place| up.fate(place).after[0].is_none()).collect::<Vec<_>>());
    }

    #[test]
    fn uniform_loss_is_as_much_as_is_said_and_comes_alone() {
        let all: Vec<bool> = (1..=20).flat_map(|seed| lost(&Conditions::losing(Loss::Uniform(0.1)), seed)).collect();
        assert!((share(&all) - 0.1).abs() < 0.005, "{}", share(&all));
        let after_a_loss: Vec<bool> = all.windows(2).filter(|pair| pair[0]).map(|pair| pair[1]).collect();
        assert!((share(&after_a_loss) - 0.1).abs() < 0.01, "{}", share(&after_a_loss));
    }

    #[test]
    fn bursts_have_their_share_and_their_length() {
        for wanted in [0.1, 0.2, 0.3] {
            let conditions = Conditions::losing(Loss::Bursts { share: wanted, length: 3.0 });
            let all: Vec<bool> = (1..=50).flat_map(|seed| lost(&conditions, seed)).collect();
            assert!((share(&all) - wanted).abs() < 0.01, "{} instead of {wanted}", share(&all));
            let runs: Vec<usize> = all.chunk_by(|a, b| a == b).filter(|run| run[0]).map(<[bool]>::len).collect();
            let mean = runs.iter().sum::<usize>() as f64 / runs.len() as f64;
            assert!((mean - 3.0).abs() < 0.1, "{mean} in a row");
        }
    }

    #[test]
    fn what_is_bad_in_the_middle_is_good_before_and_after() {
        let worse = Conditions { loss: [Loss::None, Loss::Bursts { share: 0.3, length: 3.0 }, Loss::None], ..Conditions::GOOD };
        let all = lost(&worse, 3);
        assert_eq!((share(&all[..500]), share(&all[1_000..])), (0.0, 0.0));
        assert!(share(&all[500..1_000]) > 0.15);
    }

    #[test]
    fn delay_stays_within_its_width_and_fills_it() {
        let (mean, width) = (Duration::from_millis(100), Duration::from_millis(25));
        let plan = Plan::new(&Conditions { delay: Some((mean, width)), ..Conditions::GOOD }, 1, Direction::Up);
        let after: Vec<Duration> = (0..PLANNED).filter_map(|place| plan.fate(place).after[0]).collect();
        assert_eq!(after.len(), PLANNED as usize);
        assert!(after.iter().all(|after| (mean - width..=mean + width).contains(after)));
        assert!(after.iter().min() < Some(&Duration::from_millis(76)) && after.iter().max() > Some(&Duration::from_millis(124)));
    }

    #[test]
    fn some_are_held_back_and_some_come_twice() {
        let plan = Plan::new(&Conditions { reordered: 0.1, doubled: 0.2, ..Conditions::GOOD }, 5, Direction::Down);
        let fates: Vec<Fate> = (0..PLANNED).map(|place| plan.fate(place)).collect();
        let held = fates.iter().filter(|fate| fate.after[0] == Some(Conditions::HELD_BACK)).count();
        let twice = fates.iter().filter(|fate| fate.after[1].is_some()).count();
        assert!((300..500).contains(&held) && (650..950).contains(&twice), "{held} held back, {twice} twice");
    }
}
