//! Pictures for commands: a file, stdin, the screen or the clipboard; and the one link that `add` takes from the QR codes on it.

use std::path::Path;

use zeroize::Zeroizing;

use super::{
    context::Context,
    exit::{Exit, Failure},
};
use crate::{
    capture,
    clipboard::picture::picture,
    formats::{self, Decoded, FormatError, Given},
    otp::Link,
    qr::MAX_PICTURE_BYTES,
};

impl Context {
    /// The picture that `--qr` names: `screen`, `clipboard`, stdin as `-`, or a file.
    pub(super) fn picture(&self, from: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
        if from == Path::new("screen") {
            let taken = capture::screen(&self.settings.config.capture.command);
            return taken.map_err(|error| Failure::failed(error.to_string()).hint(error.hint()));
        }
        if from == Path::new("clipboard") {
            return picture().map_err(|error| Failure::failed(error.to_string()).hint(error.hint()));
        }
        self.whole_text(from, "--qr -", MAX_PICTURE_BYTES as u64)
    }

    /// The account on a picture that holds one.
    ///
    /// # Errors
    /// A picture without an account is wrong usage; with several it is ambiguous, and the sentence names `import`.
    pub(super) fn link_on_picture(&self, from: &Path) -> Result<Link, Failure> {
        let bytes = self.picture(from)?;
        let format = formats::by_name("picture").expect("it is in the table");
        let mut decoded = formats::decode(&bytes, Some(format), &mut Given::default())
            .map_err(|error| unread(&from.display().to_string(), &error))?;
        formats::name_missing_parts(&mut [&mut decoded]);
        if decoded.entries.len() > 1 {
            let words =
                format!("there are {} accounts on the picture, and add takes one", decoded.entries.len());
            let failure = Failure::new(Exit::Ambiguous, "ambiguous", words);
            return Err(failure.hint(format!("sesam import --qr {}", from.display())));
        }
        let Some(entry) = decoded.entries.pop() else { return Err(no_account(&decoded)) };
        for bad in &decoded.bad {
            self.warn(&format!("{}: {}", bad.at, bad.reason));
        }
        Ok(entry.record.link)
    }
}

/// A failure of a picture, with what to do.
pub(super) fn unread(name: &str, error: &FormatError) -> Failure {
    let failure = Failure::new(Exit::Failed, "picture", format!("{name}: {error}"));
    match error.hint() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

fn no_account(decoded: &Decoded) -> Failure {
    let reason = decoded.bad.first().map_or("is empty", |bad| &bad.reason);
    let words = match reason.strip_prefix("is ") {
        Some(rest) => format!("the QR code is {rest}"),
        None => format!("the QR code holds no account: {reason}"),
    };
    Failure::usage(words).hint("take the picture where the service shows the code to set up an app")
}
