//! How this process is: processor and memory, from the kernel's own accounting.

use std::time::Instant;

/// Clock ticks of `/proc/self/stat`: 100 a second on every Linux there is (`man 5 proc`, USER_HZ).
const TICKS_PER_SECOND: f64 = 100.0;
/// Bytes of a page, for `/proc/self/statm`. Where pages are larger the figure is too small.
const PAGE_BYTES: u64 = 4_096;

/// Processor and memory of this process.
pub struct Vitals {
    cores: u16,
    last: Option<(Instant, f64)>,
    /// Share of the cores in use, in basis points.
    pub load: u16,
    /// Resident memory.
    pub memory_bytes: u64,
}

impl Vitals {
    /// For a process that may use this many cores.
    pub fn new(cores: u16) -> Self {
        Vitals { cores: cores.max(1), last: None, load: 0, memory_bytes: 0 }
    }

    /// Looks again. Where there is no `/proc` all stays 0.
    pub fn look(&mut self) {
        let now = Instant::now();
        if let Some(used) = processor_seconds() {
            if let Some((then, before)) = self.last {
                let share = (used - before) / now.duration_since(then).as_secs_f64().max(0.001);
                self.load = (share / f64::from(self.cores) * 10_000.0).clamp(0.0, 10_000.0) as u16;
            }
            self.last = Some((now, used));
        }
        self.memory_bytes = resident_bytes().unwrap_or(0);
    }
}

fn processor_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The second field is the program's name in parentheses, which may hold anything.
    let rest = stat.rsplit_once(") ")?.1;
    let mut fields = rest.split(' ').skip(11);
    let user: f64 = fields.next()?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some((user + system) / TICKS_PER_SECOND)
}

fn resident_bytes() -> Option<u64> {
    let statm = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = statm.split(' ').nth(1)?.parse().ok()?;
    Some(pages * PAGE_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_sees_its_own_memory_and_work() {
        let mut vitals = Vitals::new(1);
        vitals.look();
        assert!(vitals.memory_bytes > 1 << 20);
        let started = Instant::now();
        let mut sum = 0u64;
        while started.elapsed().as_millis() < 60 {
            sum = sum.wrapping_mul(31).wrapping_add(7);
        }
        std::hint::black_box(sum);
        vitals.look();
        assert!(vitals.load > 0);
    }
}
