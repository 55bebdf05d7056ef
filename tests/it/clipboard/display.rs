//! An X server of a test's own, with xclip as the other program.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Stdio},
};

use crate::cli::sesam::{Home, Ran, installed, run, skipped, until};

/// A display that nobody else knows.
pub(super) struct Display {
    server: Child,
    name: String,
}

impl Display {
    /// A display; says that the test is skipped where there can be none.
    pub(super) fn open() -> Option<Self> {
        if let Some(missing) = ["Xvfb", "xclip"].into_iter().find(|program| !installed(program)) {
            skipped(&format!("{missing} is not installed"));
            return None;
        }
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", "64x64x8", "-nolisten", "tcp"]);
        let mut server = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("Xvfb starts");
        let mut number = String::new();
        let pipe = server.stdout.take().expect("stdout was piped");
        BufReader::new(pipe).read_line(&mut number).expect("Xvfb names its display");
        Some(Self { server, name: format!(":{}", number.trim()) })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// sesam on this display, with the passphrase at hand.
    pub(super) fn run(&self, home: &Home, arguments: &[&str]) -> Ran {
        let mut command = home.command(arguments);
        run(command.env("DISPLAY", &self.name).arg("--passphrase-file").arg(home.passphrase_file()), "")
    }

    /// What lies on the clipboard, as text or as another target.
    pub(super) fn content(&self, target: Option<&str>) -> Option<String> {
        let mut xclip = self.xclip(&["-o"]);
        if let Some(target) = target {
            xclip.args(["-t", target]);
        }
        let output = xclip.stderr(Stdio::null()).output().expect("xclip starts");
        output.status.success().then(|| String::from_utf8(output.stdout).expect("text"))
    }

    /// Another program copies. xclip goes to the background once it holds the clipboard.
    pub(super) fn somebody_copies(&self, text: &str) {
        let mut xclip = self.xclip(&["-i"]);
        xclip.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = xclip.spawn().expect("xclip starts");
        child.stdin.take().expect("stdin was piped").write_all(text.as_bytes()).expect("xclip reads");
        assert!(child.wait().expect("xclip ends").success());
        until("the other program to hold the clipboard", || self.content(None).as_deref() == Some(text));
    }

    /// Another program copies a PNG.
    pub(super) fn somebody_copies_a_picture(&self, file: &Path) {
        let mut xclip = self.xclip(&["-i", "-t", "image/png"]);
        xclip.arg(file).stdout(Stdio::null()).stderr(Stdio::null());
        assert!(xclip.status().expect("xclip starts").success());
        let targets = || self.content(Some("TARGETS")).unwrap_or_default();
        until("the other program to hold the picture", || targets().contains("image/png"));
    }

    fn xclip(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("xclip");
        command.args(["-selection", "clipboard"]).args(arguments).env("DISPLAY", &self.name);
        command
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
