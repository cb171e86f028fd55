//! SARIF 2.1.0 (OASIS), in the part of it that code scanning reads: rules with help, results with region and fingerprint.
//! What has no place in the profile points at its first line, and names table and column as logical locations.
//!
//! A result's fingerprint is a hash of its id, table and column: names, never values; moving a line keeps an alert.

use std::collections::HashMap;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::json::{literals, objects, pretty};
use super::{Found, bare, failure, sentence, severity};
use crate::cli::exit::Exit;
use crate::error::{Error, Result};
use crate::profile::finding::{FINDINGS, Finding};
use crate::profile::model::Problem;

/// Returns the whole document.
///
/// # Errors
/// A fault of the program.
pub(super) fn document(found: &Found, error: Option<&Error>) -> Result<String> {
    // Only the rules that something was found by: a document of one alert is not fifty rules long.
    let used: Vec<Finding> =
        FINDINGS.iter().copied().filter(|f| found.problems.iter().any(|p| p.finding == *f)).collect();
    let mut seen = HashMap::new();
    let results: Vec<Value> =
        found.problems.iter().map(|problem| result(found, problem, &used, &mut seen)).collect();
    let notifications: Vec<Value> = error
        .iter()
        .map(|error| json!({ "level": "error", "message": { "text": failure(error) } }))
        .collect();
    let exit = match (error, found.counts()) {
        (Some(error), _) => Exit::from(error),
        (None, (0, _)) => Exit::Done,
        (None, _) => Exit::Finding,
    };
    pretty(&json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "standin",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": used.iter().map(rule).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": error.is_none(),
                "exitCode": exit.code(),
                "toolExecutionNotifications": notifications,
            }],
            "results": results,
            "properties": { "objects": objects(found), "literals": literals(found) },
        }],
    }))
}

fn rule(finding: &Finding) -> Value {
    json!({
        "id": finding.id(),
        "name": finding.word(),
        "shortDescription": { "text": finding.help() },
        "fullDescription": { "text": finding.help() },
        "help": { "text": finding.help() },
        "properties": { "tags": ["privacy"] },
    })
}

fn result(found: &Found, problem: &Problem, used: &[Finding], seen: &mut HashMap<String, u32>) -> Value {
    let spot = found.spot(problem.place);
    let file = spot.as_ref().map_or(found.profile.as_str(), |spot| spot.file.as_str());
    let region = match &spot {
        Some(spot) => {
            json!({ "startLine": spot.line, "startColumn": spot.column, "endColumn": spot.end_column })
        }
        None => json!({ "startLine": 1 }),
    };
    let mut location = json!({
        "physicalLocation": { "artifactLocation": { "uri": uri(file) }, "region": region },
    });
    if let (Some(logical), Some(location)) = (logical(problem), location.as_object_mut()) {
        location.insert("logicalLocations".to_owned(), json!([logical]));
    }
    json!({
        "ruleId": problem.finding.id(),
        "ruleIndex": used.iter().position(|finding| *finding == problem.finding),
        "level": severity(problem),
        "message": { "text": sentence(problem) },
        "locations": [location],
        "partialFingerprints": { "primaryLocationLineHash": fingerprint(file, problem, seen) },
    })
}

/// Returns table and column.
fn logical(problem: &Problem) -> Option<Value> {
    let table = problem.table.as_ref()?.as_str();
    Some(match &problem.column {
        Some(column) => {
            let name = bare(column);
            json!({ "name": name, "fullyQualifiedName": format!("{table}.{name}"), "kind": "member" })
        }
        None => json!({ "name": table, "fullyQualifiedName": table, "kind": "type" }),
    })
}

/// Returns what tells a result from others: two that are alike are counted.
fn fingerprint(file: &str, problem: &Problem, seen: &mut HashMap<String, u32>) -> String {
    let mut hash = Sha256::new();
    let table = problem.table.as_ref().map(ToString::to_string).unwrap_or_default();
    let column = problem.column.as_ref().map(ToString::to_string).unwrap_or_default();
    for part in [file, problem.finding.id(), &table, &column] {
        hash.update(u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let hash = data_encoding::HEXLOWER.encode(hash.finalize().get(..8).unwrap_or_default());
    let count = seen.entry(hash.clone()).and_modify(|n| *n += 1).or_insert(1);
    format!("{hash}:{count}")
}

/// Returns a path as a URI reference: relative ones stay relative, so that a viewer finds them in the repository.
fn uri(path: &str) -> String {
    let path = path.strip_prefix("./").unwrap_or(path);
    let mut uri = if path.starts_with('/') { "file://".to_owned() } else { String::new() };
    for byte in path.bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' | b'~' => uri.push(char::from(byte)),
            b if b.is_ascii_alphanumeric() => uri.push(char::from(b)),
            b => uri += &format!("%{b:02X}"),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn paths_become_references() {
        assert_eq!(uri("./profiles/shop 2.yaml"), "profiles/shop%202.yaml");
        assert_eq!(uri("/a/é.yaml"), "file:///a/%C3%A9.yaml");
        assert_eq!(uri("a:b#c?.yaml"), "a%3Ab%23c%3F.yaml");
    }
}
