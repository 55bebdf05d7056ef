//! The desktop's portal, `org.freedesktop.portal.Screenshot`: the desktop asks the person what may be seen.

use std::{collections::HashMap, fs, io::Read, path::PathBuf, sync::mpsc, thread, time::Duration};

use zbus::{
    blocking::{Proxy, connection::Builder},
    zvariant::{OwnedObjectPath, OwnedValue, Value},
};
use zeroize::Zeroizing;

use super::error::NoScreen;

/// Asks the portal.
///
/// # Errors
/// [`NoScreen::NoPortal`] where another way may help.
pub(super) fn screen() -> Result<Zeroizing<Vec<u8>>, NoScreen> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(ask()));
    let answer = receiver.recv_timeout(LONGEST).map_err(|_| NoScreen::Cancelled)?;
    match answer {
        Ok((DONE, Some(uri))) => take(&uri).ok_or(NoScreen::NoPortal),
        Ok((CANCELLED, _)) => Err(NoScreen::Cancelled),
        _ => Err(NoScreen::NoPortal),
    }
}

/// How it ended, and the address of the picture.
fn ask() -> zbus::Result<(u32, Option<String>)> {
    let connection = Builder::session()?.method_timeout(CALL).build()?;
    let own = connection.unique_name().map(ToString::to_string).unwrap_or_default();
    let token = format!("sesam{}", std::process::id());
    let handle = format!("{DESKTOP}/request/{}/{token}", own.trim_start_matches(':').replace('.', "_"));
    let request = Proxy::new(&connection, PORTAL, handle, "org.freedesktop.portal.Request")?;
    let mut answers = request.receive_signal("Response")?;
    let portal = Proxy::new(&connection, PORTAL, DESKTOP, "org.freedesktop.portal.Screenshot")?;
    let options = HashMap::from([("handle_token", Value::from(token)), ("interactive", Value::from(true))]);
    let _: OwnedObjectPath = portal.call("Screenshot", &("", options))?;
    let answer = answers.next().ok_or(zbus::Error::InvalidReply)?;
    let (ended, mut results): (u32, HashMap<String, OwnedValue>) = answer.body().deserialize()?;
    let uri = results.remove("uri").and_then(|uri| String::try_from(uri).ok());
    Ok((ended, uri))
}

/// Reads the picture and removes it: it may show a secret, and nobody asked for a file.
fn take(uri: &str) -> Option<Zeroizing<Vec<u8>>> {
    let path = path_of(uri)?;
    let mut picture = Zeroizing::new(Vec::new());
    let file = fs::File::open(&path).ok()?;
    file.take(MAX_BYTES + 1).read_to_end(&mut picture).ok()?;
    // A portal may keep it out of our reach.
    let _ = fs::remove_file(&path);
    Some(picture)
}

fn path_of(uri: &str) -> Option<PathBuf> {
    let mut rest = uri.strip_prefix("file://")?.as_bytes();
    let mut path = Vec::new();
    while let [first, after @ ..] = rest {
        let escaped = after.get(..2).filter(|_| *first == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = escaped.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        path.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    let path = PathBuf::from(String::from_utf8(path).ok()?);
    path.is_absolute().then_some(path)
}

const PORTAL: &str = "org.freedesktop.portal.Desktop";
const DESKTOP: &str = "/org/freedesktop/portal/desktop";
/// The ways in which the portal says that a request ended.
const DONE: u32 = 0;
const CANCELLED: u32 = 1;
/// For a call.
const CALL: Duration = Duration::from_secs(5);
/// For the person.
const LONGEST: Duration = Duration::from_mins(2);
const MAX_BYTES: u64 = 32 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_picture_is_a_path() {
        let path = |uri: &str| path_of(uri).map(|path| path.display().to_string());
        assert_eq!(path("file:///tmp/a%20b%c3%A9.png").as_deref(), Some("/tmp/a bé.png"));
        assert_eq!(path("file:///tmp/100%").as_deref(), Some("/tmp/100%"));
        for other in ["https://example.com/a.png", "file://a.png", "/tmp/a.png", "file:///%ff"] {
            assert_eq!(path(other), None, "{other}");
        }
    }
}
