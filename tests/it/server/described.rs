//! The description at `/openapi.json` against what the server really answers, by schemathesis where it is installed:
//! `pip install schemathesis` into `target/schemathesis`, as `.ci/run` does, or anywhere on the `PATH`.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use super::{people::settle, process::Site};
use crate::cli::sesam::{full, skipped};

/// What is looked for: faults of the server, and answers that the description does not know.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_schema_conformance,response_headers_conformance,unsupported_method";

#[test]
fn no_request_is_answered_otherwise_than_described() {
    let Some(program) = program() else { return skipped("no schemathesis was found") };
    let site = Site::new(None, "");
    let application = settle(&site, 3);
    let owner = site.api_key("schemathesis", "owner");
    let server = site.serve(0);
    let many = if full() { "200" } else { "15" };
    for (who, token) in [("nobody", ""), ("an owner", &owner), ("an application", &application)] {
        let mut command = Command::new(&program);
        command.arg("run").arg(format!("http://{}/openapi.json", server.address));
        command.args(["--checks", CHECKS, "--max-examples", many, "--seed", "7", "--no-color"]);
        command.args([
            "--mode",
            "all",
            "--phases",
            "examples,coverage,fuzzing",
            "--generation-database",
            "none",
        ]);
        // A stream has no end that could be waited for.
        command.args(["--exclude-path-regex", "/stream$", "--request-timeout", "30"]);
        if !token.is_empty() {
            command.args(["-H", &format!("Authorization: Bearer {token}")]);
        }
        let ran = command.current_dir(site.dir.path()).output().unwrap();
        let (said, faults) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
        assert!(ran.status.success(), "{who}:\n{said}\n{faults}");
        println!("{who}: {}", said.lines().rev().take(12).collect::<Vec<_>>().join("\n"));
    }
    assert!(!server.log().contains("panic"), "{}", server.log());
    assert!(site.verified());
}

fn program() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let ours = root.join("target/schemathesis/bin");
    std::iter::once(ours)
        .chain(std::env::split_paths(&path))
        .map(|dir| dir.join("schemathesis"))
        .find(|one| one.exists())
}
