//! Codes compared with two other programs: a second implementation in Python, and `oathtool`.
//!
//! The cases come from a fixed seed, so a difference shows again.

mod cases;

use std::{
    io::{BufRead, BufReader, ErrorKind, Write},
    process::{Child, Command, Stdio},
    thread,
};

use sesam::otp::Kind;

use cases::{Case, Random, hex};

#[test]
fn a_second_implementation_gives_the_same_codes() {
    let Some(mut python) = second_implementation() else {
        eprintln!("skipped: python3 is not installed");
        return;
    };
    let cases: Vec<Case> = Random::new(1).cases(100_000);
    let lines: Vec<String> = cases.iter().map(Case::line).collect();
    let mut stdin = python.stdin.take().expect("stdin was piped");
    let writer = thread::spawn(move || lines.iter().try_for_each(|line| writeln!(stdin, "{line}")));
    let answers = BufReader::new(python.stdout.take().expect("stdout was piped")).lines();

    let mut compared = 0;
    for (case, answer) in cases.iter().zip(answers) {
        assert_eq!(case.code(), answer.expect("Python answers in ASCII"), "{}", case.line());
        compared += 1;
    }
    writer.join().expect("the writer does not panic").expect("Python reads all cases");
    assert!(python.wait().expect("Python can be waited for").success());
    assert_eq!(compared, cases.len());
    eprintln!("compared {compared} codes with Python");
}

#[test]
fn oathtool_gives_the_same_codes() {
    let mut random = Random::new(2);
    let mut compared = 0;
    for _ in 0..OATHTOOL_CALLS {
        let case = random.oathtool_case(OATHTOOL_WINDOW);
        let Some(answers) = oathtool(&case) else {
            eprintln!("skipped: oathtool is not installed");
            return;
        };
        for (ahead, answer) in (0..).zip(&answers) {
            assert_eq!(&case.ahead(ahead).code(), answer, "{ahead} after {}", case.line());
        }
        assert_eq!(answers.len() as u64, OATHTOOL_WINDOW + 1, "{}", case.line());
        compared += answers.len();
    }
    eprintln!("compared {compared} codes with oathtool");
}

fn second_implementation() -> Option<Child> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/second/otp.py");
    started(Command::new("python3").arg(script).stdin(Stdio::piped()))
}

/// The codes of the window, or nothing without `oathtool`.
fn oathtool(case: &Case) -> Option<Vec<String>> {
    let mut command = Command::new("oathtool");
    match &case.otp.kind {
        Kind::Hotp { counter } => command.arg(format!("--counter={counter}")),
        Kind::Totp { period } => command
            .arg(format!("--totp={}", case.otp.algorithm))
            .arg(format!("--time-step-size={period}s"))
            .arg(format!("--now=@{}", case.time)),
        _ => unreachable!("oathtool knows no other kind"),
    };
    command.arg(format!("--digits={}", case.otp.digits)).arg(format!("--window={OATHTOOL_WINDOW}"));
    let output =
        started(command.arg(hex(&case.otp.secret)))?.wait_with_output().expect("it can be waited for");
    Some(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect())
}

/// The running program, or nothing if it is not installed.
fn started(command: &mut Command) -> Option<Child> {
    let child = command.stdout(Stdio::piped()).spawn();
    let missing = child.as_ref().is_err_and(|error| error.kind() == ErrorKind::NotFound);
    (!missing).then(|| child.expect("an installed program starts"))
}

const OATHTOOL_CALLS: usize = 1_000;
const OATHTOOL_WINDOW: u64 = 99;
