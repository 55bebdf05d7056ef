//! Programs that take a picture of the screen: it comes on stdout, or in a private file where an argument is `{}`.

use std::{
    fs::{self, DirBuilder, File},
    io::{self, Read},
    path::PathBuf,
    process::{Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use zeroize::Zeroizing;

use super::error::NoScreen;

/// Asks the known programs until one gives a picture.
pub(super) fn known(wayland: bool) -> Result<Zeroizing<Vec<u8>>, NoScreen> {
    let mut last = NoScreen::NoProgram;
    for program in if wayland { ON_WAYLAND } else { ON_X11 } {
        let words: Vec<String> = program.split(' ').map(str::to_owned).collect();
        if !is_installed(&words[0]) {
            continue;
        }
        match run(&words) {
            Ok(picture) => return Ok(picture),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// Runs a program and its arguments.
pub(super) fn run(command: &[String]) -> Result<Zeroizing<Vec<u8>>, NoScreen> {
    let (program, arguments) = command.split_first().ok_or(NoScreen::NoProgram)?;
    let failed = |how: String| NoScreen::Failed { program: program.clone(), how };
    let unready = |error: io::Error| failed(format!("could not be run: {error}"));
    let place = if arguments.iter().any(|word| word.contains(PLACE)) {
        Some(PrivateDir::new().map_err(unready)?)
    } else {
        None
    };
    let mut process = Command::new(program);
    for word in arguments {
        match &place {
            Some(place) => process.arg(word.replace(PLACE, &place.file().to_string_lossy())),
            None => process.arg(word),
        };
    }
    let printed = printed(&mut process).map_err(failed)?;
    let picture = match &place {
        Some(place) => File::open(place.file()).and_then(bounded).unwrap_or_default(),
        None => printed,
    };
    if picture.is_empty() { Err(failed("gave no picture".to_owned())) } else { Ok(picture) }
}

/// What a program prints until it ends; it is ended when it takes too long.
fn printed(process: &mut Command) -> Result<Zeroizing<Vec<u8>>, String> {
    process.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = process.spawn().map_err(|error| format!("could not be run: {error}"))?;
    let pipe = child.stdout.take().ok_or("has no output")?;
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(bounded(pipe)));
    let Ok(printed) = receiver.recv_timeout(LONGEST) else {
        let _ = child.kill();
        let _ = child.wait();
        return Err(format!("did not end within {} s", LONGEST.as_secs()));
    };
    let status = child.wait().map_err(|error| error.to_string())?;
    if !status.success() {
        return Err(format!("ended with {status}"));
    }
    printed.map_err(|error| error.to_string())
}

/// One byte more than is read of a picture: whoever reads it says what is too large.
fn bounded(from: impl Read) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::new());
    from.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn is_installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|dir| dir.join(program).is_file())
}

/// A directory that nobody else can look into, and that is gone afterwards with all that is in it.
struct PrivateDir(PathBuf);

impl PrivateDir {
    fn new() -> io::Result<Self> {
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        let name = format!("sesam-{:016x}", u64::from_ne_bytes(random));
        let dir = std::env::temp_dir().join(name);
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&dir)?;
        Ok(Self(dir))
    }

    fn file(&self) -> PathBuf {
        self.0.join("screen.png")
    }
}

impl Drop for PrivateDir {
    fn drop(&mut self) {
        // What cannot be removed is in a directory of our own all the same.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Where the path of the picture goes in a command.
const PLACE: &str = "{}";
/// For one picture of the screen; a person may have to choose a part of it.
const LONGEST: Duration = Duration::from_mins(1);
const MAX_BYTES: u64 = 32 << 20;
const ON_WAYLAND: &[&str] = &["grim -", "spectacle -b -n -o {}", "gnome-screenshot -f {}"];
#[cfg(not(target_os = "macos"))]
const ON_X11: &[&str] =
    &["maim", "spectacle -b -n -o {}", "gnome-screenshot -f {}", "import -silent -window root png:-"];
#[cfg(target_os = "macos")]
const ON_X11: &[&str] = &["screencapture -x {}"];
