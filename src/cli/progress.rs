//! Progress on stderr when it is a terminal: what is done, how much, how fast, how long still.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// A bar that follows a counter until it is stopped. Shows nothing where nobody looks.
pub(super) struct Progress {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Progress {
    /// Starts showing; `size` in bytes where it is known.
    pub(super) fn start(doing: &'static str, size: Option<u64>, read: &Arc<AtomicU64>, quiet: bool) -> Self {
        let text = if size.is_some() {
            "{msg} {bar:30} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left"
        } else {
            "{msg} {spinner} {bytes}, {bytes_per_sec}"
        };
        Self::follow(doing, size, text, read, quiet)
    }

    /// Starts showing how many of so many rows are made.
    pub(super) fn rows(doing: &'static str, rows: u64, made: &Arc<AtomicU64>, quiet: bool) -> Self {
        let text = "{msg} {bar:30} {human_pos} of {human_len} rows, {per_sec}, {eta} left";
        Self::follow(doing, Some(rows), text, made, quiet)
    }

    fn follow(
        doing: &'static str,
        size: Option<u64>,
        text: &'static str,
        done: &Arc<AtomicU64>,
        quiet: bool,
    ) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        if quiet || !std::io::stderr().is_terminal() {
            return Self { stop, thread: None };
        }
        let (read, ended) = (Arc::clone(done), Arc::clone(&stop));
        let follow = move || {
            let bar = size.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
            bar.set_style(
                ProgressStyle::with_template(text).unwrap_or_else(|_| ProgressStyle::default_bar()),
            );
            bar.set_message(doing);
            while !ended.load(Ordering::Relaxed) {
                bar.set_position(read.load(Ordering::Relaxed));
                std::thread::park_timeout(Duration::from_millis(200));
            }
            bar.finish_and_clear();
        };
        let thread = std::thread::Builder::new().name("standin-progress".to_owned()).spawn(follow).ok();
        Self { stop, thread }
    }

    /// Clears the bar.
    pub(super) fn stop(self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread {
            thread.thread().unpark();
            let _ = thread.join();
        }
    }
}
