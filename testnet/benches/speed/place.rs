//! One core, one thread: where work runs, and how much processor time it took.

use std::time::Duration;

/// Cores this process may use, by number.
pub fn cores() -> Vec<usize> {
    #[cfg(target_os = "linux")]
    if let Ok(set) = rustix::thread::sched_getaffinity(None) {
        return (0..rustix::thread::CpuSet::MAX_CPU).filter(|core| set.is_set(*core)).collect();
    }
    vec![0]
}

/// Runs this with the calling thread, and the threads and processes it starts meanwhile, on one of
/// the cores (counted from 0, around). Elsewhere than on Linux it just runs.
pub fn on_core<T>(number: usize, run: impl FnOnce() -> T) -> T {
    #[cfg(target_os = "linux")]
    if let Ok(before) = rustix::thread::sched_getaffinity(None) {
        let cores = cores();
        let mut set = rustix::thread::CpuSet::new();
        set.set(cores[number % cores.len().max(1)]);
        // Without the right to it the figures are noisier, and that is all
        let _ = rustix::thread::sched_setaffinity(None, &set);
        let result = run();
        let _ = rustix::thread::sched_setaffinity(None, &before);
        return result;
    }
    let _ = number;
    run()
}

/// Processor time of the calling thread: what others do on a busy machine is not in it.
pub fn thread_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// Runs this and answers with the processor seconds it took.
pub fn timed<T>(run: impl FnOnce() -> T) -> (T, f64) {
    let before = thread_time();
    let result = run();
    (result, (thread_time() - before).as_secs_f64())
}
