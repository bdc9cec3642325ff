//! The memory of a process, seen from outside.

use std::{
    fs,
    process::Child,
    time::{Duration, Instant},
};

/// Resident memory in MiB; nothing for a process that is gone.
pub(crate) fn resident(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let kib: u64 = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?.trim().trim_end_matches(" kB").trim().parse().ok()?;
    Some(kib / 1024)
}

/// How a process' memory ran.
#[derive(Debug, Clone, Default)]
pub(crate) struct Curve(Vec<u64>);

impl Curve {
    /// Watches a process every 200 ms until it ends; gives how long that took.
    pub(crate) fn watch(child: &mut Child) -> (Self, Duration) {
        let began = Instant::now();
        let mut curve = Self::default();
        loop {
            if child.try_wait().expect("it is ours").is_some() {
                return (curve, began.elapsed());
            }
            curve.0.extend(resident(child.id()));
            for _ in 0..20 {
                std::thread::sleep(Duration::from_millis(10));
                if child.try_wait().expect("it is ours").is_some() {
                    return (curve, began.elapsed());
                }
            }
        }
    }

    /// The most, and the mean of each tenth of the time.
    pub(crate) fn told(&self) -> String {
        let most = self.0.iter().max().copied().unwrap_or(0);
        let step = self.0.len().div_ceil(10).max(1);
        let tenths: Vec<String> = self.0.chunks(step).map(|part| (part.iter().sum::<u64>() / part.len() as u64).to_string()).collect();
        format!("{most} (by tenths: {})", tenths.join(" "))
    }
}
