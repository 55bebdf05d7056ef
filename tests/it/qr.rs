//! Our QR pictures, read back by a program that is not ours. Skipped with a message where it is missing.

use std::fs::File;
use std::io::Write;
use std::process::Command;

use sesam::qr::Qr;

const LINK: &str =
    "otpauth://totp/ACME:hugo%40example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=ACME";

#[test]
fn zbarimg_reads_the_png() {
    for scale in [2, 8] {
        let file = Qr::encode(LINK).expect("it fits").png(scale);
        assert_reads("code.png", &file);
    }
}

#[test]
fn zbarimg_reads_the_half_blocks() {
    let text = Qr::encode(LINK).expect("it fits").terminal(false);
    assert_reads("code.pbm", &pbm(&half_blocks(&text, '█')));
}

#[test]
fn zbarimg_reads_the_inverted_half_blocks_on_a_light_terminal() {
    let text = Qr::encode(LINK).expect("it fits").terminal(true);
    assert_reads("code.pbm", &pbm(&half_blocks(&text, ' ')));
}

#[test]
fn zbarimg_reads_the_ascii() {
    let text = Qr::encode(LINK).expect("it fits").ascii(false);
    let rows = text.lines().map(|line| line.bytes().step_by(2).map(|byte| byte == b' ').collect());
    assert_reads("code.pbm", &pbm(&rows.collect::<Vec<_>>()));
}

fn assert_reads(name: &str, file: &[u8]) {
    if Command::new("zbarimg").arg("--version").output().is_err() {
        writeln!(std::io::stderr(), "skipped: zbarimg is not installed").expect("stderr is there");
        return;
    }
    let place = tempfile::tempdir().expect("a directory");
    let path = place.path().join(name);
    File::create(&path).and_then(|mut picture| picture.write_all(file)).expect("written");
    let output = Command::new("zbarimg").args(["--quiet", "--raw"]).arg(&path).output().expect("it runs");
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim_end(), LINK, "{name}");
}

/// Rows of modules, `true` is dark, as an eye sees the text; `light` is the character for two light modules.
fn half_blocks(text: &str, light: char) -> Vec<Vec<bool>> {
    let drawn_is_dark = light == ' ';
    let mut rows = Vec::new();
    for line in text.lines() {
        rows.push(line.chars().map(|c| matches!(c, '█' | '▀') == drawn_is_dark).collect());
        rows.push(line.chars().map(|c| matches!(c, '█' | '▄') == drawn_is_dark).collect());
    }
    rows
}

/// A portable bitmap with four pixels along the side of a module; 1 is black.
fn pbm(rows: &[Vec<bool>]) -> Vec<u8> {
    const SCALE: usize = 4;
    let mut file = format!("P1\n{} {}\n", rows[0].len() * SCALE, rows.len() * SCALE);
    for row in rows {
        let line: String =
            row.iter().map(|&dark| if dark { "1 " } else { "0 " }.repeat(SCALE) + "\n").collect();
        file.push_str(&line.repeat(SCALE));
    }
    file.into_bytes()
}
