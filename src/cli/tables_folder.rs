//! A folder with a file a table, for formats whose files hold rows of one table: it appears when all of them are whole.
//!
//! Refuses a folder that holds something already, and standard output.

use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::say;
use crate::error::{Error, Name, Result};
use crate::format::Out;
use crate::message;
use crate::pipeline::{Destination, FolderDestination};
use crate::row::shape::TableName;
use crate::synth::run::{self, Report, Run};

/// Writes a file a table into a folder.
///
/// # Errors
/// No folder is named, or it holds something; as `synth::run`.
pub(super) fn write(mut run: Run<'_>, extension: &'static str, output: Option<&Path>) -> Result<Report> {
    let Some(path) = output else {
        return Err(Error::usage(message!(
            "{} has a file a table: name a folder for them",
            Name::new(run.emit.name())
        ))
        .hint("`-o demo`, or one table alone: `--only customers`"));
    };
    let failed = |e: std::io::Error| {
        let error = Error::io("make the folder", &e).at(|at| at.source = Some(say::path(path)));
        match e.kind() {
            std::io::ErrorKind::AlreadyExists => error.hint("name a folder that is not there, or is empty"),
            _ => error,
        }
    };
    let folder = FolderDestination::create(path).map_err(failed)?;
    let folder = Arc::new(Mutex::new(folder));
    let mut whole = Report::default();
    for at in 0..run.model.tables.len() {
        let Some(table) = run.model.tables.get(at) else { continue };
        let name = file_name(&table.name, extension);
        lock(&folder).member(&name).map_err(failed)?;
        run.only = Some((at, None));
        let report = run::run(&run, Box::new(Member(Arc::clone(&folder))))?;
        whole.rows.extend(report.rows);
        whole.again.extend(report.again);
        whole.bytes += report.bytes;
    }
    if let Some(folder) = Arc::into_inner(folder) {
        let folder = folder.into_inner().unwrap_or_else(PoisonError::into_inner);
        Box::new(folder).finish().map_err(failed)?;
    }
    Ok(whole)
}

/// Returns the name of a table's file: that of the table, its schema in front where it is not the default one. What
/// cannot stand in a file's name is written as `%` and its digits.
fn file_name(table: &TableName, extension: &str) -> String {
    let whole = match table.own_schema() {
        Some(schema) => format!("{schema}.{}", table.table),
        None => table.table.clone(),
    };
    let mut name = String::new();
    for (at, c) in whole.chars().enumerate() {
        if c == '/' || c == '%' || c == '\\' || c.is_control() || (at == 0 && c == '.') {
            name.push_str(&format!("%{:02X}", u32::from(c)));
        } else {
            name.push(c);
        }
    }
    format!("{name}.{extension}")
}

fn lock(folder: &Mutex<FolderDestination>) -> MutexGuard<'_, FolderDestination> {
    folder.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A file of the folder: it is whole when the folder is.
struct Member(Arc<Mutex<FolderDestination>>);

impl Write for Member {
    #[expect(clippy::disallowed_methods, reason = "implements Write itself; callers use write_all")]
    fn write(&mut self, buf: &[u8]) -> std::io::Result<usize> {
        lock(&self.0).write(buf)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        lock(&self.0).flush()
    }
}

impl Out for Member {}

impl Destination for Member {
    fn finish(self: Box<Self>) -> std::io::Result<()> {
        Ok(())
    }
}
