//! Before anything secret is read: no core dump, no debugger of the same user, no panic message with data in it.

/// Closes the ways by which memory leaves a process on its own. A refusal is no reason to stop.
pub(super) fn harden() {
    quiet_panics();
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

/// A panic says where it happened and never what the values were. One over a foreign picture is caught, and told as a
/// damaged picture.
fn quiet_panics() {
    std::panic::set_hook(Box::new(|panic| {
        if std::thread::current().name() == Some(crate::qr::READER_THREAD) {
            return;
        }
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        crate::output::say(&format!(
            "sesam: this is a defect of sesam, at {place}; nothing was lost. Please report it."
        ));
    }));
}
