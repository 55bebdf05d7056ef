//! A picture of the screen: from the desktop's portal, or from a program that takes one.
//!
//! | file | what lives there |
//! |---|---|
//! | `portal` | the desktop's own way, over D-Bus: it asks the person first |
//! | `program` | the user's program, and those that are known |
//! | [`error`] | why there is no picture |
//!
//! The picture comes as a file in memory; whatever lay on the disk is gone by then. What is on it is not known here.

pub mod error;
#[cfg(all(unix, not(target_os = "macos")))]
mod portal;
mod program;

use zeroize::Zeroizing;

pub use error::NoScreen;

/// Takes a picture of the screen with `command`, the setting `capture.command`; where that is empty, with the portal
/// and then with the programs that are known, until one gives a picture.
///
/// # Errors
/// [`NoScreen`].
pub fn screen(command: &[String]) -> Result<Zeroizing<Vec<u8>>, NoScreen> {
    if !command.is_empty() {
        return program::run(command);
    }
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let (wayland, x11) = (set("WAYLAND_DISPLAY"), set("DISPLAY"));
    if !(wayland || x11 || cfg!(any(target_os = "macos", windows))) {
        return Err(NoScreen::NoDisplay);
    }
    #[cfg(all(unix, not(target_os = "macos")))]
    match portal::screen() {
        Err(NoScreen::NoPortal) => {}
        answer => return answer,
    }
    program::known(wayland)
}
