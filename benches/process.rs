//! Whole processes against an empty one, in turns, medians of CPU time: run with `cargo bench --bench process`.
//!
//! The empty one is `fn main() {}`, built like sesam. Nothing here passes or fails: it prints the ratios of the goals
//! P1 to P5. Needs the kernel's keyring, since the vaults are unlocked beforehand.

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a bench prints, and writes its own files"
)]

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use nix::sys::resource::{UsageWho, getrusage};

const PROGRAM: &str = env!("CARGO_BIN_EXE_sesam");
const ROUNDS: usize = 31;
const SIZES: [usize; 4] = [10, 100, 1_000, 10_000];
const PASSPHRASE: &str = "correct horse battery staple";

/// One thing to measure: its name and how it is run.
struct Case {
    name: String,
    command: Box<dyn Fn() -> Command>,
    stdin: &'static str,
}

fn main() {
    let home = std::env::temp_dir().join(format!("sesam-bench-{}", std::process::id()));
    fs::create_dir_all(&home).expect("a temporary directory");
    let mut cases = vec![bare(&home)];
    for size in SIZES {
        let vault = vault(&home, size);
        cases.push(case(
            &home,
            format!("P1 P2  code, {size} accounts"),
            &["--vault", &vault, "code", "zztarget"],
            "",
        ));
        cases.push(case(
            &home,
            format!("P5     add, {size} accounts"),
            &["--vault", &vault, "-q", "add", "Bench:one", "--generate"],
            "",
        ));
    }
    let locked = vault(&home, 11);
    run(&mut sesam(&home, &["--vault", &locked, "-q", "lock"]), "");
    cases.push(case(
        &home,
        "P3     code with the passphrase".into(),
        &["--vault", &locked, "--passphrase-file", "-", "code", "zztarget"],
        PASSPHRASE,
    ));
    measure(&cases);
    for size in SIZES {
        run(&mut sesam(&home, &["--vault", &place(&home, size), "-q", "lock"]), "");
    }
    let _ = fs::remove_dir_all(home);
}

/// `fn main() {}` with the optimiser on.
fn bare(home: &Path) -> Case {
    let (source, program) = (home.join("bare.rs"), home.join("bare"));
    fs::write(&source, "fn main() {}\n").expect("room on the disk");
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let built =
        Command::new(rustc).args(["-O", "-C", "strip=symbols", "-o"]).arg(&program).arg(&source).status();
    assert!(built.is_ok_and(|status| status.success()), "rustc builds an empty program");
    Case { name: "an empty program".into(), command: Box::new(move || Command::new(&program)), stdin: "" }
}

fn place(home: &Path, size: usize) -> String {
    home.join(format!("vault{size}")).display().to_string()
}

/// An unlocked vault of `size` accounts, the one that is looked for in the middle.
fn vault(home: &Path, size: usize) -> String {
    let place = place(home, size);
    let link = |number: usize| {
        let name = if number == size / 2 { "ZZTarget".to_owned() } else { format!("Issuer{number}") };
        format!(
            "otpauth://totp/{name}:user.{number}@example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer={name}\n"
        )
    };
    let links: String = (0..size).map(link).collect();
    run(
        &mut sesam(home, &["--vault", &place, "-q", "vault", "create", "--passphrase-file", "-"]),
        PASSPHRASE,
    );
    run(
        &mut sesam(home, &["--vault", &place, "-q", "unlock", "--for", "1h", "--passphrase-file", "-"]),
        PASSPHRASE,
    );
    run(&mut sesam(home, &["--vault", &place, "-q", "import", "-"]), &links);
    place
}

fn case(home: &Path, name: String, arguments: &[&str], stdin: &'static str) -> Case {
    let (home, arguments) =
        (home.to_owned(), arguments.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
    let command = move || sesam(&home, &arguments.iter().map(String::as_str).collect::<Vec<_>>());
    Case { name, command: Box::new(command), stdin }
}

fn sesam(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.args(arguments).env_clear().env("HOME", home);
    command
}

fn run(command: &mut Command, stdin: &str) {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("the program starts");
    let mut pipe = child.stdin.take().expect("stdin was piped");
    let _ = pipe.write_all(stdin.as_bytes());
    drop(pipe);
    child.wait().expect("the program ends");
}

/// CPU time of one run in microseconds.
fn cpu(case: &Case) -> i64 {
    let spent = || {
        let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("the kernel counts");
        let micros = |time: nix::sys::time::TimeVal| time.tv_sec() * 1_000_000 + time.tv_usec();
        micros(usage.user_time()) + micros(usage.system_time())
    };
    let before = spent();
    run(&mut (case.command)(), case.stdin);
    spent() - before
}

fn measure(cases: &[Case]) {
    let mut spent = vec![Vec::with_capacity(ROUNDS); cases.len()];
    for _ in 0..ROUNDS {
        for (case, spent) in cases.iter().zip(&mut spent) {
            spent.push(cpu(case));
        }
    }
    let medians: Vec<i64> = spent.into_iter().map(median).collect();
    println!("{:<40}{:>12}{:>10}", "CPU of a whole process", "median µs", "ratio");
    for (case, median) in cases.iter().zip(&medians) {
        let hundredths = median * 100 / medians[0].max(1);
        println!("{:<40}{median:>12}{:>7}.{:02}", case.name, hundredths / 100, hundredths % 100);
    }
}

fn median(mut values: Vec<i64>) -> i64 {
    values.sort_unstable();
    values[values.len() / 2]
}
