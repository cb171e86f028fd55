//! SIGINT, SIGTERM and SIGHUP: the running job is ended cleanly (poison, no file under its final name), then the
//! process ends with 128+n. A second signal ends it at once.

use std::sync::{Arc, Mutex, PoisonError};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::exit::Exit;
use super::outputs::Pending;
use super::say;
use crate::error::{Error, Result};
use crate::message;
use crate::pipeline::Stop;

/// Watches for signals in a thread of its own.
///
/// # Errors
/// The system's.
pub(super) fn watch(stop: &Arc<Stop>, pending: &Arc<Mutex<Pending>>) -> Result<()> {
    let (stop, pending) = (Arc::clone(stop), Arc::clone(pending));
    listen(move |signal| {
        let (stop, pending) = (Arc::clone(&stop), Arc::clone(&pending));
        // Cleaning up can wait for a reader that does not read; a second signal must still be heard.
        let _ = std::thread::Builder::new().spawn(move || {
            stop.raise(signal);
            pending.lock().unwrap_or_else(PoisonError::into_inner).clear();
            say::note(&message!("stopped by signal {}; the output is not complete", signal));
            end(Exit::Signal(signal));
        });
    })
}

/// Watches for signals of a verb that looks at `stop` itself and ends cleanly; a second signal ends the process.
///
/// # Errors
/// The system's.
pub(super) fn note(stop: &Arc<Stop>) -> Result<()> {
    let stop = Arc::clone(stop);
    listen(move |signal| stop.raise(signal))
}

/// Tells of the first signal; the second ends the process.
fn listen(first: impl Fn(i32) + Send + 'static) -> Result<()> {
    let mut signals =
        Signals::new([SIGINT, SIGTERM, SIGHUP]).map_err(|e| Error::io("set the signal handlers", &e))?;
    std::thread::Builder::new()
        .name("standin-signals".to_owned())
        .spawn(move || {
            let mut seen = false;
            for signal in signals.forever() {
                if std::mem::replace(&mut seen, true) {
                    end(Exit::Signal(signal));
                }
                first(signal);
            }
        })
        .map(|_| ())
        .map_err(|e| Error::io("start the signal thread", &e))
}

#[expect(clippy::disallowed_methods, reason = "a signal ends the process from cli, after clean-up")]
fn end(exit: Exit) {
    std::process::exit(i32::from(exit.code()));
}
