//! Figures, and what the kernel knows of a process.

use std::{fs, path::Path, time::Duration};

/// The value that `share` of all are at or below (nearest rank). `sorted` is not empty.
pub(crate) fn percentile<T: Copy>(sorted: &[T], share: f64) -> T {
    let rank = (sorted.len() as f64 * share).ceil() as usize;
    sorted[rank.clamp(1, sorted.len()) - 1]
}

/// Milliseconds, to hundredths.
pub(crate) fn ms(time: Duration) -> f64 {
    rounded(time.as_secs_f64() * 1e3)
}

/// To hundredths.
pub(crate) fn rounded(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

/// Resident memory of a process, in MiB.
pub(crate) fn rss_mib(pid: u32) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: f64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(rounded(kib / 1024.0))
}

/// Processor time that a process has used.
pub(crate) fn cpu(pid: u32) -> Option<Duration> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // Its name may hold anything, a parenthesis too.
    let mut fields = stat[stat.rfind(')')? + 1..].split_whitespace().skip(11);
    let (user, system): (u64, u64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    // Linux counts in hundredths of a second there, whatever its own clock does.
    Some(Duration::from_millis((user + system) * 10))
}

/// The size of a file, in MiB.
pub(crate) fn size_mib(path: &Path) -> Option<f64> {
    Some(rounded(fs::metadata(path).ok()?.len() as f64 / (1024.0 * 1024.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_one_of_the_values() {
        let sorted: Vec<u32> = (1..=100).collect();
        assert_eq!((percentile(&sorted, 0.5), percentile(&sorted, 0.99), percentile(&sorted, 1.0)), (50, 99, 100));
        assert_eq!(percentile(&[7], 0.99), 7);
    }

    #[test]
    fn this_process_takes_memory_and_time() {
        let pid = std::process::id();
        assert!(rss_mib(pid).unwrap() > 0.1);
        assert!(cpu(pid).is_some());
    }
}
